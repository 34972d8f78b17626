"""Turns the fields that come with a text (front matter, a JSON object) into a checked Document.

Every complaint is a DocumentError that names the field, its value and what would be accepted.
Fields that Document does not know are ignored.
"""

import datetime as dt
import re
import reprlib
from collections.abc import Mapping

from index.documents.decoding import clean_line, clean_text
from index.documents.language import identify_language
from index.errors import DocumentError
from index.types import Document, Source

LONGEST_ID = 200
_ID = re.compile(r"[\w.-]+")
_NOT_ID = re.compile(r"[^\w.-]+")
_LONGEST_SHOWN = 120  # characters of a value in a message
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)


def document_from_fields(fields: Mapping[object, object], text: str) -> Document:
    """The document with these fields and this text; `id` and `title` must be among them."""
    body = clean_text(text)
    if not body:
        raise DocumentError("it has no text; add some below its title, or remove it")
    language = _string(fields, "language") or _string(fields, "lang")
    return Document(
        id=_document_id(fields.get("id")),
        title=_title(fields),
        date=parse_date(fields.get("date"), "date"),
        kind=_string(fields, "kind") or "document",
        language=_language_code(language) if language else identify_language(body),
        people=_strings(fields, "people"),
        places=_strings(fields, "places"),
        topics=_strings(fields, "topics"),
        sources=_sources(fields),
        text=body,
    )


def slug(name: str) -> str:
    """An id made of a file name: what an id may not hold becomes `-`. A name of signs alone gives ""."""
    return _NOT_ID.sub("-", clean_line(name)).strip("-._").lower()[:LONGEST_ID]


def parse_date(value: object, field: str) -> dt.date | None:
    """The day that an ISO date or date and time names; None for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        # A time is taken as it is written: the day in the place of publication.
        day = re.fullmatch(r"\s*(\d{4}-\d{2}-\d{2})(?:[T\s]\s*\d{1,2}(?::?\d{2}){0,2}(?:[.,]\d+)?\s*\S*)?\s*", value)
        if day:
            try:
                return dt.date.fromisoformat(day.group(1))
            except ValueError:
                pass
    raise DocumentError(f"{field} {_shown(value)} is not a day; write it as YYYY-MM-DD, or leave it out")


def _document_id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        raise DocumentError("it has no id; add a field `id`")
    if not isinstance(value, str):
        raise DocumentError(f"id {_shown(value)} is not text; write it as one word")
    identifier = clean_line(value)
    if len(identifier) > LONGEST_ID:
        raise DocumentError(f"id {_shown(identifier)} has {len(identifier)} characters; use at most {LONGEST_ID}")
    if not _ID.fullmatch(identifier) or not any(letter.isalnum() for letter in identifier):
        raise DocumentError(f"id {_shown(identifier)} cannot be used; use letters, digits, `.`, `_` and `-` only")
    return identifier


def _title(fields: Mapping[object, object]) -> str:
    title = _string(fields, "title")
    if not title:
        raise DocumentError("it has no title; add a field `title`")
    return title


def _language_code(language: str) -> str:
    """The language alone of a code such as `en-GB`."""
    code = _LANGUAGE.fullmatch(language)
    if not code:
        raise DocumentError(f"language {_shown(language)} is not a code; write `en`, `uk`, `ru` or the like")
    return code.group(1).lower()


def _string(fields: Mapping[object, object], name: str, owner: str = "") -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise DocumentError(f"{owner}{name} {_shown(value)} is not text; write it as one line of text")
    return clean_line(value) or None


def _strings(fields: Mapping[object, object], name: str) -> tuple[str, ...]:
    value = fields.get(name)
    items = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise DocumentError(f"{name} {_shown(value)} is not a list of texts; write it as `[one, another]`")
    return tuple(line for item in items if (line := clean_line(item)))


def _sources(fields: Mapping[object, object]) -> tuple[Source, ...]:
    """The sources listed, or else the one that `url`, `publisher` and `author` beside the title describe."""
    value = fields.get("sources")
    if value is None or value == []:
        one = {name: fields.get(name) for name in ("publisher", "url", "author")}
        return (_source(one, ""),) if any(one.values()) else ()
    listed = [value] if isinstance(value, Mapping) else value
    if not isinstance(listed, list) or not all(isinstance(item, Mapping) for item in listed):
        raise DocumentError(
            f"sources {_shown(value)} is not a list of sources; "
            "write each as `{publisher: …, title: …, date: …, url: …}`, with what is known"
        )
    return tuple(_source(item, f"source {number}: ") for number, item in enumerate(listed, start=1))


def _source(fields: Mapping[object, object], owner: str) -> Source:
    url = _string(fields, "url", owner)
    if url and not _WEB_ADDRESS.fullmatch(url):
        raise DocumentError(f"{owner}url {_shown(url)} is not a web address; begin it with https:// or http://")
    return Source(
        publisher=_string(fields, "publisher", owner),
        title=_string(fields, "title", owner),
        date=parse_date(fields.get("date"), f"{owner}date"),
        url=url,
        author=_string(fields, "author", owner),
    )


def _shown(value: object) -> str:
    """The value for a message, shortened: it may be long, or nested without end."""
    shorten = reprlib.Repr()
    shorten.maxlevel = 3
    shown = shorten.repr(value)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"
