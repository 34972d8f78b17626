"""Markdown, with or without YAML front matter, and plain text."""

import hashlib
import re

from index.documents.dates import date_in_head, date_in_name
from index.documents.decoding import clean_line, clean_text, decode_text
from index.documents.front_matter import split_front_matter
from index.documents.metadata import document_from_fields, slug
from index.types import Document

_LINES_FOR_TITLE = 8  # a title is looked for in as many lines
_WORDS_OF_TITLE = 3
_LONGEST_TITLE = 120  # characters of a title that is taken from the first line
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)


def document_of_text(data: bytes, name: str) -> Document:
    """The document of a file called `name`, without its suffix. Raises DocumentError."""
    fields, body = split_front_matter(clean_text(decode_text(data)))
    if fields is None:
        day = date_in_head(body) or date_in_name(name)
        fields = {"title": title_of_markdown(body) or clean_line(name), "date": day and day.isoformat()}
    if fields.get("id") is None:
        fields = {**fields, "id": id_of_file(name, body)}
    return document_from_fields(fields, body)


def id_of_file(name: str, body: str) -> str:
    """An id made of the file's name, or of its text where the name has no letter or digit."""
    return slug(name) or f"document-{hashlib.sha256(body.encode()).hexdigest()[:12]}"


def title_of_markdown(body: str) -> str:
    """The first heading, or else the first line, cut between words where it is long."""
    heading = _HEADING.search(body)
    line = heading.group(1) if heading and heading.group(1) else body.partition("\n")[0]
    return _as_title(line)


def title_of_report(text: str) -> str:
    """The first line that is no mere label such as "CNN —"."""
    lines = text.lstrip().split("\n", _LINES_FOR_TITLE)[:_LINES_FOR_TITLE]
    return _as_title(next((line for line in lines if len(line.split()) >= _WORDS_OF_TITLE), lines[0]))


def _as_title(line: str) -> str:
    title = clean_line(line.replace("**", ""))
    if len(title) <= _LONGEST_TITLE:
        return title
    kept = title[:_LONGEST_TITLE].rpartition(" ")[0] or title[:_LONGEST_TITLE]
    return kept + "…"
