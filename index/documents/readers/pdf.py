"""PDF files: the text of their pages as running paragraphs, without the headers and footers that every page repeats."""

import io
import re
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from index.documents.readers.extract import MAX_CHARACTERS, Extract, UnreadableError

MAX_PAGES = 2_000
_EDGE_LINES = 2  # at the top and the bottom of a page, where running headers and page numbers stand
_REPEATED = 0.6  # of the pages
_FEWEST_PAGES = 3
_SHORT = 0.7  # of the usual length: such a line ends its paragraph if it ends a sentence
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-\u00ad]$")
_DIGITS = re.compile(r"\d+")


def read_pdf(data: bytes) -> list[Extract]:
    """The text and what the file says about itself.

    When the file was made is no date of publication (a page printed today would be news): no date is taken from there.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("it is encrypted; save a copy without a password")
        pages = len(reader.pages)
        if pages > MAX_PAGES:
            raise UnreadableError(f"it has {pages} pages; split it into files of at most {MAX_PAGES}")
        text = _running_text(_page_lines(reader))
        about = reader.metadata
        fields = {"title": _line(about and about.title), "author": _line(about and about.author)}
    except DependencyError as error:
        raise UnreadableError("it is encrypted; save a copy without a password") from error
    except PyPdfError as error:
        raise UnreadableError(f"it is not a PDF that can be read ({str(error)[:100]}); save it anew") from error
    if not text:
        raise UnreadableError("it holds pictures of pages and no text; run text recognition over it first")
    return [Extract(text, {name: value for name, value in fields.items() if value})]


def _page_lines(reader: PdfReader) -> list[list[str]]:
    pages = []
    characters = 0
    for page in reader.pages:
        lines = [" ".join(line.split()) for line in (page.extract_text() or "").split("\n")]
        characters += sum(map(len, lines))
        if characters > MAX_CHARACTERS:
            raise UnreadableError(
                f"it holds more than {MAX_CHARACTERS} characters of text; split it into several files"
            )
        pages.append(lines)
    return pages


def _running_text(pages: list[list[str]]) -> str:
    bare = _without_repeated_edges(pages)
    lengths = sorted(len(line) for lines in bare for line in lines if line)
    usual = lengths[int(len(lengths) * 0.9)] if lengths else 0
    paragraphs: list[str] = []
    open_paragraph = False
    for lines in bare:
        for line in lines:
            if not line:
                open_paragraph = False
                continue
            if open_paragraph:
                paragraphs[-1] = _joined(paragraphs[-1], line)
            else:
                paragraphs.append(line)
            ends = _SENTENCE_END.search(line) is not None
            open_paragraph = not (ends and len(line) < _SHORT * usual) and not _is_heading(line, usual, paragraphs[-1])
    return "\n\n".join(paragraphs)


def _is_heading(line: str, usual: int, paragraph: str) -> bool:
    """A short line on its own that ends no sentence."""
    return line == paragraph and len(line) < _SHORT * usual and not line.endswith((",", "-"))


def _joined(paragraph: str, line: str) -> str:
    if _BROKEN_WORD.search(paragraph) and line[:1].islower():
        return paragraph[:-1] + line
    return f"{paragraph} {line}"


def _without_repeated_edges(pages: list[list[str]]) -> list[list[str]]:
    if len(pages) < _FEWEST_PAGES:
        return pages
    seen = Counter(key for lines in pages for key in {_key(lines[at]) for at in _edges(lines)})
    repeated = {key for key, count in seen.items() if count >= _REPEATED * len(pages)}
    return [
        [line for at, line in enumerate(lines) if not (at in _edges(lines) and _key(line) in repeated)]
        for lines in pages
    ]


def _edges(lines: list[str]) -> set[int]:
    """Where the first and the last lines with text stand."""
    filled = [at for at, line in enumerate(lines) if line]
    return {*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]}


def _key(line: str) -> str:
    return _DIGITS.sub("#", line)


def _line(value: object) -> str:
    return " ".join(str(value).replace("\0", "").split())[:500] if value else ""
