"""RSS and Atom feeds: an Extract for each entry, with what the feed itself has of its text.

Reading the article behind each entry is the loader's work; nothing here touches the network.
"""

import email.utils
import io
from typing import Any

import feedparser

from index.documents.readers.extract import Extract, UnreadableError
from index.documents.readers.html import text_of_markup

MAX_ENTRIES = 500
_HEAD_BYTES = 65_536


def read_feed(data: bytes, *, url: str | None = None) -> list[Extract]:
    """Its entries, in the order of the feed; `id` is what the feed calls the entry."""
    if b"<!ENTITY" in data[:_HEAD_BYTES].replace(b"\0", b""):
        raise UnreadableError("it declares XML entities, which no feed needs; it is not read")
    parsed = feedparser.parse(
        io.BytesIO(data), response_headers={"content-location": url} if url else None, sanitize_html=False
    )
    if not parsed.version:
        raise UnreadableError("it is neither RSS nor Atom; correct the address, or save it as another format")
    if parsed.bozo and not parsed.entries:
        raise UnreadableError(f"it is a damaged feed ({str(parsed.bozo_exception)[:100]})")
    if len(parsed.entries) > MAX_ENTRIES:
        raise UnreadableError(f"it has {len(parsed.entries)} entries, at most {MAX_ENTRIES} are read; split it")
    return [_extract(entry, parsed.feed) for entry in parsed.entries]


def _extract(entry: Any, feed: Any) -> Extract:
    contents = [content.get("value", "") for content in entry.get("content", [])]
    text = max((text_of_markup(each) for each in [*contents, entry.get("summary", "")]), key=len)
    fields = {
        "id": entry.get("id") or entry.get("link"),
        "title": text_of_markup(entry.get("title", "")).replace("\n\n", " "),
        "author": entry.get("author"),
        "publisher": entry.get("source", {}).get("title") or feed.get("title"),
        "date": _day(entry),
        "page_language": (feed.get("language") or "")[:2].lower(),
        "url": entry.get("link"),
    }
    return Extract(text, {name: value for name, value in fields.items() if value})


def _day(entry: Any) -> str | None:
    """The day as the feed writes it, in the place of publication; the parsed time would be that in Greenwich."""
    for name in ("published", "updated"):
        written = entry.get(name, "")
        parts = email.utils.parsedate(written)
        if parts:
            return "{:04}-{:02}-{:02}".format(*parts[:3])
        parsed = entry.get(f"{name}_parsed")
        if parsed:
            return (
                written[:10] if written[:4].isdecimal() and written[4:5] == "-" else "{:04}-{:02}-{:02}".format(*parsed)
            )
    return None
