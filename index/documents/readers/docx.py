"""Word files (.docx): paragraphs and tables in the order of the text."""

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph

from index.documents.readers.extract import MAX_CHARACTERS, Extract, UnreadableError

MAX_PARTS = 5_000
MAX_UNPACKED_BYTES = 200_000_000
MOST_TIMES_SMALLER = 100  # of the text: real ones are packed ten times smaller, bombs a thousand
_MAIN_PART = "word/document.xml"
_HEAD_BYTES = 65_536


def read_docx(data: bytes) -> list[Extract]:
    """The text and what the file says about itself. When it was made or saved is no date of publication."""
    _check_package(data)
    try:
        document = docx.Document(io.BytesIO(data))
        text = "\n\n".join(_blocks(document.iter_inner_content()))
        about = document.core_properties
        fields = {"title": about.title or _heading(document.paragraphs), "author": about.author}
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise UnreadableError(f"it is not a Word file that can be read ({str(error)[:100]}); save it anew") from error
    if not text:
        raise UnreadableError("it holds no text; add some, or leave it out")
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"it holds more than {MAX_CHARACTERS} characters of text; split it into several files")
    # The author that python-docx, the library, writes into what it makes is no person.
    return [Extract(text, {name: value for name, value in fields.items() if value and value != "python-docx"})]


def _check_package(data: bytes) -> None:
    """Raises UnreadableError for what unpacks to far more than it is, and for XML that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS:
                raise UnreadableError(
                    f"it is packed from {len(parts)} parts, at most {MAX_PARTS} are read; save it anew"
                )
            if _MAIN_PART not in package.namelist():
                raise UnreadableError("it is a ZIP archive and no Word file; unpack it and add what is inside")
            for part in parts:
                if part.flag_bits & 1:
                    raise UnreadableError("it is encrypted; save a copy without a password")
                if part.file_size > MOST_TIMES_SMALLER * max(part.compress_size, 1_000):
                    raise UnreadableError("it unpacks to far more than a text is, like a bomb; save it anew")
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MAX_UNPACKED_BYTES:
                megabytes = MAX_UNPACKED_BYTES // 1_000_000
                raise UnreadableError(f"it unpacks to more than {megabytes} MB; take out pictures, or split it")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with package.open(part) as opened:
                        _check_declarations(opened.read(_HEAD_BYTES))
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableError(f"it is not a Word file that can be read ({str(error)[:100]}); save it anew") from error


def _check_declarations(head: bytes) -> None:
    plain = head.replace(b"\0", b"")  # UTF-16 as well
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnreadableError("it declares XML entities, which no Word file does; save it anew")


def _blocks(content: Iterator[Paragraph | Table]) -> Iterator[str]:
    for block in content:
        if isinstance(block, Paragraph):
            lines = [block.text]
        else:
            lines = [" | ".join(dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells)) for row in block.rows]
        yield from (line.strip() for line in lines if line.strip(" |\n"))


def _heading(paragraphs: list[Paragraph]) -> str:
    styled = (p.text.strip() for p in paragraphs if p.style and p.style.name.startswith(("Title", "Heading")))
    return next(filter(None, styled), "")
