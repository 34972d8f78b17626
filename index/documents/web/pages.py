"""The documents behind web addresses: a page, a PDF, a Word file or a text is one, a feed is one for each entry."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from index.documents.described import document_of_extract, id_of_url
from index.documents.folders import Refusal
from index.documents.formats import check_beginning, format_of_answer
from index.documents.readers.extract import Extract
from index.documents.readers.isolation import Parser
from index.documents.readers.text import document_of_text
from index.documents.web.addresses import check_url
from index.documents.web.fetching import Fetched, fetch
from index.errors import DocumentError
from index.types import Document

_AT_ONCE = 4
_MOST_FAILURES = 3  # of one host, one after the other; then its articles are left for the next time


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a document that was read all the same, which whoever added it should know."""

    path: str
    message: str


@dataclass(slots=True)
class WebReader:
    """Reads addresses. `remembered` maps an entry's id to what its feed said of it: such an entry is not read again."""

    parser: Parser
    allow_private: bool = False
    remembered: MutableMapping[str, str] = field(default_factory=dict)
    _failures: Counter[str] = field(default_factory=Counter)

    def read(self, url: str) -> Iterator[tuple[str, Document] | Refusal | Note]:
        """Each document with the address it is known by. Raises DocumentError where the address itself fails."""
        address = check_url(url)
        fetched = fetch(address, allow_private=self.allow_private)
        kind = format_of_answer(fetched.content_type, urlsplit(fetched.url).path, fetched.data)
        check_beginning(fetched.data, kind)
        if kind == "feed":
            entries = self.parser.parse("feed", fetched.data, url=fetched.url)
            yield from self.read_entries(entries, address)
        else:
            yield address, self._document(address, fetched, kind)

    def read_entries(self, entries: list[Extract], feed: str) -> Iterator[tuple[str, Document] | Refusal | Note]:
        """The article behind each entry of a feed; where it cannot be read, what the feed has of it."""
        named = [(entry, _entry_address(entry, feed)) for entry in entries]
        fresh = [(entry, place) for entry, place in named if self.remembered.get(place) != _fingerprint(entry)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            articles = pool.map(self._fetch_article, [entry.fields.get("url", "") for entry, _ in fresh])
            for (entry, place), article in zip(fresh, articles, strict=True):
                yield from self._of_entry(entry, place, article)

    def _of_entry(
        self, entry: Extract, place: str, article: Fetched | DocumentError
    ) -> Iterator[tuple[str, Document] | Refusal | Note]:
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
            self.remembered[place] = _fingerprint(entry)
        yield place, document

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
