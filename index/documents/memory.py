"""What was read before, so that a file, page or entry of a feed that has not changed is not read again.

Each place has a mark: the sha256 of a file's bytes, what a server calls this version of a page, or the hash of what a
feed says of an entry. Marks hold for one version of the readers; a better one reads everything once more.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from index.code_version import code_id

_CODE = ("documents/**/*.py", "text/*.py", "data/*", "types.py")
_LIBRARIES = ("pypdf", "python-docx", "trafilatura", "lxml", "feedparser", "PyYAML", "py3langid", "dateparser")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a place held. `documents` is the digest of what it gave; `feed` is the address of the feed that it is an
    entry of, its own if it is one, else empty."""

    place: str
    feed: str
    mark: str
    documents: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored document whose place has not changed; `path` and `content_hash` are as they are stored."""

    id: str
    path: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What was seen now, with the ids and content hashes that have to be stored before that counts."""

    seen: Seen
    documents: tuple[tuple[str, str], ...] = ()


class Memory:
    """What was seen earlier and what is stored of it; `noted` grows with what is seen now."""

    def __init__(self, seen: Iterable[Seen] = (), stored: Iterable[Kept] = ()) -> None:
        self._seen = {(each.place, each.feed): each for each in seen}
        self._kept: dict[str, list[Kept]] = defaultdict(list)
        for each in stored:
            self._kept[each.path].append(each)
        self.noted: list[Noted] = []

    def mark(self, place: str) -> str | None:
        """The mark of a file or page, if all that it gave is still there; None if it has to be read."""
        seen = self._seen.get((place, ""))
        return seen.mark if seen and self._kept.get(place) and seen.documents == _digest(self._kept[place]) else None

    def kept(self, place: str) -> list[Kept]:
        """What is stored of a place."""
        return self._kept.get(place, [])

    def feed_mark(self, feed: str) -> str | None:
        """The mark of a feed all of whose entries were read."""
        seen = self._seen.get((feed, feed))
        return seen.mark if seen else None

    def entries(self, feed: str) -> list[str]:
        """The places of the entries of a feed."""
        return [place for place, of in self._seen if of == feed and place != feed]

    def is_unchanged(self, entry: str, feed: str, mark: str) -> bool:
        """Whether the feed says the same of an entry as when its article was read, be that still stored or removed."""
        seen = self._seen.get((entry, feed))
        return seen is not None and seen.mark == mark

    def note(self, place: str, mark: str, documents: Iterable[tuple[str, str]], feed: str = "") -> None:
        """Remember a place as it is now; `documents` are the ids and content hashes that it gave."""
        given = tuple(documents)
        self.noted.append(Noted(Seen(place, feed, mark, _hash_of(given)), given))


def settled(noted: Iterable[Noted], stored: Iterable[Kept]) -> list[Seen]:
    """What may be remembered: that whose documents are stored as they were read; a feed, if that holds of all of it."""
    held = {(each.id, each.content_hash) for each in stored}
    lost = [each.seen for each in noted if not held.issuperset(each.documents)]
    feeds = {each.feed for each in lost}
    return [each.seen for each in noted if each.seen not in lost and each.seen.place not in feeds]


@cache
def reader_id() -> str:
    """Names this version of reading: Parley's own code and the libraries that it reads with."""
    versions = "\n".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    return f"{code_id(*_CODE)}-{hashlib.sha256(versions.encode()).hexdigest()[:8]}"


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"


def _digest(kept: Iterable[Kept]) -> str:
    return _hash_of([(each.id, each.content_hash) for each in kept])


def _hash_of(documents: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"{document_id}\0{content_hash}\n" for document_id, content_hash in sorted(documents))
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()
