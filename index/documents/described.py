"""From what a reader extracted to a Document: id, title, day, language and source, each by the best that is known."""

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from index.documents.dates import date_in_head, date_in_name
from index.documents.decoding import clean_line, clean_text
from index.documents.language import identify_language
from index.documents.metadata import document_from_fields, parse_date, slug
from index.documents.readers.extract import MAX_CHARACTERS, Extract
from index.documents.readers.text import id_of_file, title_of_report
from index.errors import DocumentError
from index.types import Document

_LONGEST_FIELD = 500  # characters; a page may claim anything
_HASH_DIGITS = 8
_ID_CHARACTERS = 80
_PAGE_SUFFIX = re.compile(r"\.(?:html?|php|aspx?|pdf|docx|txt|md)$", re.IGNORECASE)


def document_of_extract(extract: Extract, document_id: str | None, name: str) -> Document:
    """The document; `name` is the file's, without suffix, or the last part of an address. Raises DocumentError.

    The day is what the source says, else what the head of the text or the name says, else unknown; never that of today.
    """
    text = clean_text(extract.text)
    if not text:
        raise DocumentError("it has no text; add some, or leave it out")
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(f"it holds more than {MAX_CHARACTERS} characters of text; split it into several files")
    fields = {key: _field(value) for key, value in extract.fields.items()}
    title = fields.get("title") or title_of_report(text)
    body = text.removeprefix(title).lstrip() if text.startswith(f"{title}\n") else text
    return document_from_fields(
        {
            "id": document_id or id_of_file(name, body),
            "title": title or clean_line(name),
            "date": _day(fields, body, name),
            "language": identify_language(body, fields.get("page_language")),
            "sources": [_source(fields)] if any(fields.get(key) for key in ("publisher", "url", "author")) else [],
        },
        body,
    )


def id_of_url(url: str) -> str:
    """An id that the same address always gives and no other does, with words that can be recognised."""
    parts = urlsplit(url)
    last = _PAGE_SUFFIX.sub("", parts.path.rstrip("/").rpartition("/")[2])
    words = slug(f"{(parts.hostname or '').removeprefix('www.')}-{last}")[:_ID_CHARACTERS].rstrip("-._")
    return f"{words}-{hashlib.sha256(url.encode()).hexdigest()[:_HASH_DIGITS]}"


def _field(value: object) -> str:
    return clean_line(str(value).replace("\0", ""))[:_LONGEST_FIELD]


def _day(fields: Mapping[str, str], body: str, name: str) -> str | None:
    try:
        day = parse_date(fields.get("date"), "date")
    except DocumentError:  # a page that says nonsense has said nothing
        day = None
    day = day or date_in_head(body) or date_in_name(name)
    return day.isoformat() if day else None


def _source(fields: Mapping[str, str]) -> dict[str, str | None]:
    url = fields.get("url", "")
    return {
        "publisher": fields.get("publisher"),
        "author": fields.get("author"),
        "title": fields.get("title"),
        "date": fields.get("date") if re.fullmatch(r"\d{4}-\d\d-\d\d", fields.get("date", "")) else None,
        "url": url if url.startswith(("http://", "https://")) else None,
    }
