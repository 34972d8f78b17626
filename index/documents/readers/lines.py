"""JSON lines: one document as an object on each line."""

import codecs
import json
from collections.abc import Iterator
from pathlib import Path

from index.documents.decoding import decode_text
from index.documents.metadata import document_from_fields
from index.documents.readers.text import title_of_report
from index.errors import DocumentError
from index.types import Document


def documents_of_lines(path: Path, max_bytes: int) -> Iterator[tuple[int, Document | DocumentError]]:
    """Each line that is not blank, by number from 1: its document, or why there is none.

    At most `max_bytes` of a line are held. Raises DocumentError for a file without lines to tell apart.
    """
    with path.open("rb") as file:
        number = 0
        while line := file.readline(max_bytes + 1):
            number += 1
            if number == 1 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise DocumentError("it is UTF-16, which has no lines to read one by one; save it as UTF-8")
            try:
                if len(line) > max_bytes:
                    while line and not line.endswith(b"\n"):
                        line = file.readline(max_bytes)
                    raise DocumentError(f"it is longer than {max_bytes // 1_000_000} MB; split its document")
                if document := _document_of_line(line):
                    yield number, document
            except DocumentError as error:
                yield number, error


def _document_of_line(line: bytes) -> Document | None:
    """The document of one line of JSON lines; None for a blank line."""
    text = decode_text(line)
    if not text.strip():
        return None
    try:
        fields = json.loads(text)
    except RecursionError as error:
        raise DocumentError("it is nested too deeply; write a plain object with the fields of one document") from error
    except ValueError as error:
        raise DocumentError(f"it is not valid JSON ({error}); write one object with its braces on each line") from error
    if not isinstance(fields, dict):
        raise DocumentError('it is not a JSON object; write {"id": …, "title": …, "text": …}')
    text = fields.get("text")
    if not isinstance(text, str):
        raise DocumentError("it has no field `text` with the text of the document; add it")
    if fields.get("title") in (None, ""):  # feeds and archives often have none
        fields = {**fields, "title": title_of_report(text) or fields.get("id")}
    return document_from_fields(fields, text)
