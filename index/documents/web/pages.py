"""The documents behind web addresses: a page, a PDF, a Word file or a text is one, a feed is one for each entry."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from index.documents.described import document_of_extract, id_of_url
from index.documents.folders import Refusal
from index.documents.formats import check_beginning, format_of_answer
from index.documents.memory import Kept, Memory
from index.documents.readers.extract import Extract
from index.documents.readers.isolation import Parser
from index.documents.readers.text import document_of_text
from index.documents.web.addresses import check_url
from index.documents.web.fetching import Fetched, fetch, fetch_if_changed
from index.errors import DocumentError
from index.types import Document

_AT_ONCE = 4
_MOST_FAILURES = 3  # of one host, one after the other; then its articles are left for the next time


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a document that was read all the same, which whoever added it should know."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """A document with the address it is known by. `mark` and `feed` are as in `Memory`; without one it is not noted."""

    path: str
    document: Document
    mark: str | None = None
    feed: str = ""


Read = Found | Kept | Refusal | Note


@dataclass(slots=True)
class WebReader:
    """Reads addresses. What is in `memory` as it stands is not read again, and mostly not even sent."""

    parser: Parser
    memory: Memory
    allow_private: bool = False
    _failures: Counter[str] = field(default_factory=Counter)

    def read(self, url: str) -> Iterator[Read]:
        """Each document. Raises DocumentError where the address itself fails."""
        address = check_url(url)
        known = self.memory.mark(address) or self.memory.feed_mark(address)
        fetched = fetch_if_changed(address, _version_in(known), allow_private=self.allow_private)
        if fetched is None:
            for place in [address, *self.memory.entries(address)]:
                yield from self.memory.kept(place)
            return
        kind = format_of_answer(fetched.content_type, urlsplit(fetched.url).path, fetched.data)
        check_beginning(fetched.data, kind)
        if kind == "feed":
            entries = self.parser.parse("feed", fetched.data, url=fetched.url)
            yield from self.read_entries(entries, address, _version_mark(fetched))
        else:
            yield Found(address, self._document(address, fetched, kind), _version_mark(fetched))

    def read_entries(self, entries: list[Extract], feed: str, mark: str | None = None) -> Iterator[Read]:
        """The article behind each entry of a feed; where it cannot be read, what the feed has of it.

        With `mark` the feed is remembered, if every article could be read.
        """
        fresh = []
        for entry in entries:
            place = _entry_address(entry, feed)
            if self.memory.is_unchanged(place, feed, _fingerprint(entry)):
                self.memory.note(place, _fingerprint(entry), (), feed)
                yield from self.memory.kept(place)
            else:
                fresh.append((entry, place))
        complete = True
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            articles = pool.map(self._fetch_article, [entry.fields.get("url", "") for entry, _ in fresh])
            for (entry, place), article in zip(fresh, articles, strict=True):
                for found in self._of_entry(entry, place, feed, article):
                    complete = complete and isinstance(found, Found)
                    yield found
        if mark and complete:
            self.memory.note(feed, mark, (), feed)

    def _of_entry(self, entry: Extract, place: str, feed: str, article: Fetched | DocumentError) -> Iterator[Read]:
        mark = None
        try:
            if isinstance(article, DocumentError):
                raise article
            document = self._document(place, article, None, entry)
        except DocumentError as error:
            if not entry.text:
                yield Refusal(place, f"{error} (and its feed holds no text of it)")
                return
            yield Note(place, f"only what its feed says is kept, for the article cannot be read: {error}")
            try:
                document = document_of_extract(entry, id_of_url(place), _name_in(place))
            except DocumentError as second:
                yield Refusal(place, str(second))
                return
        else:
            mark = _fingerprint(entry)
        yield Found(place, document, mark, feed)

    def _fetch_article(self, url: str) -> Fetched | DocumentError:
        host = ""
        try:
            if not url:
                raise DocumentError("its entry names no address")
            address = check_url(url)
            host = urlsplit(address).hostname or ""
            if self._failures[host] >= _MOST_FAILURES:
                raise DocumentError(f"{host} failed {_MOST_FAILURES} times and is not asked again; try later")
            fetched = fetch(address, allow_private=self.allow_private)
        except DocumentError as error:
            self._failures[host] += 1
            return error
        self._failures[host] = 0
        return fetched

    def _document(self, address: str, fetched: Fetched, kind: str | None, entry: Extract | None = None) -> Document:
        if kind is None:
            kind = format_of_answer(fetched.content_type, urlsplit(fetched.url).path, fetched.data)
            check_beginning(fetched.data, kind)
            if kind == "feed":
                raise DocumentError("it is a feed within a feed; add it by itself")
        name = _name_in(fetched.url)
        if kind == "text":
            plain = document_of_text(_in_utf8(fetched), name)
            extract = Extract(plain.text, {"title": plain.title, "date": plain.date or ""})
        elif kind == "html":
            (extract,) = self.parser.parse("html", fetched.data, url=fetched.url, charset=fetched.charset)
        else:
            (extract,) = self.parser.parse(kind, fetched.data)
        known = {key: value for key, value in extract.fields.items() if value}
        known.setdefault("publisher", (urlsplit(fetched.url).hostname or "").removeprefix("www."))
        known["url"] = fetched.url
        from_feed = {key: value for key, value in (entry.fields if entry else {}).items() if key != "id"}
        return document_of_extract(replace(extract, fields={**from_feed, **known}), id_of_url(address), name)


def _version_mark(fetched: Fetched) -> str | None:
    """The version of a page as its server names it; None where it does not."""
    if not (fetched.etag or fetched.modified):
        return None
    return json.dumps([fetched.url, fetched.etag, fetched.modified])


def _version_in(mark: str | None) -> Fetched | None:
    if mark is None:
        return None
    url, etag, modified = json.loads(mark)
    return Fetched(url, "", None, b"", etag, modified)


def _entry_address(entry: Extract, feed: str) -> str:
    """What an entry is known by: the address of its article, else its id within the feed."""
    try:
        return check_url(entry.fields.get("url", ""))
    except DocumentError:
        own = entry.fields.get("id") or hashlib.sha256(entry.text.encode()).hexdigest()[:12]
        return f"{feed}#{own}"


def _fingerprint(entry: Extract) -> str:
    return hashlib.sha256(json.dumps([entry.fields, entry.text], sort_keys=True).encode()).hexdigest()


def _in_utf8(fetched: Fetched) -> bytes:
    try:
        return fetched.data.decode(fetched.charset).encode() if fetched.charset else fetched.data
    except (UnicodeError, LookupError):
        return fetched.data


def _name_in(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]
