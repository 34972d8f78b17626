"""What a file is: by its suffix, by what the server says, and by how it begins; where these disagree it is refused."""

import codecs
from typing import Literal

from index.errors import DocumentError

Format = Literal["text", "lines", "html", "pdf", "docx", "feed"]

SUFFIXES: dict[str, Format] = {
    ".md": "text",
    ".markdown": "text",
    ".txt": "text",
    ".jsonl": "lines",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
}
_CONTENT_TYPES: dict[str, Format] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "text",
    "text/x-markdown": "text",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/xml": "feed",
    "text/xml": "feed",
}
_UNSPECIFIC = {"", "application/octet-stream", "binary/octet-stream", "application/download"}
_NAMES: dict[Format, str] = {"pdf": "a PDF", "docx": "a Word file (.docx)"}
_PDF_MARK = b"%PDF-"
_MARK_WITHIN = 1_024  # bytes; readers forgive a PDF something in front of its mark
_BEGINNINGS = {
    b"PK\x03\x04": "a ZIP archive, as Word files are",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\xd0\xcf\x11\xe0": "an older or an encrypted Office file",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"SQLite format 3\x00": "a database",
    b"%!PS": "a PostScript file",
}


def format_of_suffix(suffix: str) -> Format:
    """Raises DocumentError for files that are not read, naming those that are."""
    known = SUFFIXES.get(suffix.lower())
    if known:
        return known
    kind = f"`{suffix.lower()}` files" if suffix else "files without an extension"
    raise DocumentError(f"{kind} cannot be read; save it as one of {', '.join(SUFFIXES)}, or move it elsewhere")


def format_of_answer(content_type: str, path: str, data: bytes) -> Format:
    """What a server gave. Only a server that does not say what it sends is believed by the address."""
    if content_type in _UNSPECIFIC:
        suffix = next((each for each in (".pdf", ".docx") if path.lower().endswith(each)), None)
        if suffix is None:
            raise DocumentError(
                f"the server does not say what it sends ({content_type or 'no type'}); save it as a file"
            )
        return SUFFIXES[suffix]
    known = _CONTENT_TYPES.get(content_type)
    if known is None:
        raise DocumentError(f"it is {content_type[:80]!r}, which is no text; give the address of a page, PDF or feed")
    if known in ("html", "text") and is_feed(data):
        return "feed"
    return known


def check_beginning(data: bytes, wanted: Format) -> None:
    """Raises DocumentError for data that is clearly something else than its name or its server says."""
    if wanted == "pdf":
        if _PDF_MARK not in data[:_MARK_WITHIN]:
            raise DocumentError(f"it is not {_NAMES[wanted]}, whatever its name says{_looks_like(data)}")
        return
    if wanted == "docx":
        if not data.startswith(b"PK\x03\x04"):
            raise DocumentError(f"it is not {_NAMES[wanted]}, whatever its name says{_looks_like(data)}")
        return
    found = "a PDF" if data.startswith(_PDF_MARK) else _beginning(data)
    if found:
        raise DocumentError(f"it is {found} and not the text that its name says; give it its right extension")
    if wanted in ("html", "feed") and b"\0" in data and not _is_wide(data):
        raise DocumentError(
            f"it holds a NUL character at position {data.index(0)}, so it is binary data; save it as plain text"
        )


def is_feed(data: bytes) -> bool:
    """Whether markup begins like a feed."""
    head = data[:_MARK_WITHIN].replace(b"\0", b"").lower()
    return any(mark in head for mark in (b"<rss", b"<feed", b"<rdf:rdf"))


def _is_wide(data: bytes) -> bool:
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _beginning(data: bytes) -> str | None:
    return next((name for mark, name in _BEGINNINGS.items() if data.startswith(mark)), None)


def _looks_like(data: bytes) -> str:
    found = _beginning(data)
    return f", but {found}; give it its right extension" if found else "; give it its right extension, or save it anew"
