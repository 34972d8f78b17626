"""Files made to break a reader, each with a pattern of the refusal that it should get."""

import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from inspect import signature
from pathlib import Path

from docx import Document as WordFile
from pypdf import PdfWriter

Made = bytes | Callable[[], bytes] | Callable[[Path], None]

_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
)
_LAUGHS = f"{_LAUGHS}]>"
_OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_file(text: str = "The envoys met in the palace.") -> bytes:
    document = WordFile()
    document.add_paragraph(text)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def repacked(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A Word file whose parts were changed."""
    with zipfile.ZipFile(io.BytesIO(word_file())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return held.getvalue()


def _with_main_part(xml: str) -> bytes:
    return repacked(lambda parts: parts.update({"word/document.xml": xml.encode()}))


def _document(body: str, prologue: str = "") -> str:
    return f'<?xml version="1.0"?>{prologue}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'


def _encrypted_parts() -> bytes:
    data = bytearray(word_file())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def _understated() -> bytes:
    """A part of 50 MB that says it has ten bytes."""
    data = bytearray(repacked(lambda parts: parts.update({"word/media.xml": b"<x>" + b" " * 50_000_000})))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/media.xml"))
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def pdf_file(pages: int = 1, password: str | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def pdf_of_objects(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    data = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n" % (count, table, count)
    return data + trailer + b"startxref\n%d\n%%%%EOF" % len(data)


_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R /Resources << >> >>"


def _pdf_with_content(stream: bytes, filters: bytes) -> bytes:
    return pdf_of_objects(
        _CATALOGUE,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(stream), filters, stream),
    )


def _bomb() -> bytes:
    return _pdf_with_content(zlib.compress(b"\0" * 120_000_000, 9), b"/FlateDecode")


def _double_bomb() -> bytes:
    return _pdf_with_content(zlib.compress(zlib.compress(b"\0" * 300_000_000, 9), 9), b"[/FlateDecode /FlateDecode]")


def _loop() -> bytes:
    return pdf_of_objects(_CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")


def _feed(prologue: str, title: str) -> bytes:
    items = f"<item><title>{title}</title><description>{title}</description></item>"
    return (
        f'<?xml version="1.0"?>{prologue}<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()
    )


def _sparse(size: int, begin: bytes = b"") -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(begin)
        os.truncate(path, size)

    return make


def _one_line(path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(20):
            file.write(b"word " * 2_000_000)


HOSTILE: dict[str, tuple[Made, str]] = {
    "bomb.docx": (
        lambda: repacked(lambda p: p.update({"word/media/a.bin": b"\0" * 60_000_000})),
        "unpacks to far more",
    ),
    "many-parts.docx": (
        lambda: repacked(lambda p: p.update({f"x/{n}": b"" for n in range(5_001)})),
        "packed from 50.. parts",
    ),
    "understated.docx": (_understated, "not a Word file that can be read|unpacks to far more|is damaged"),
    "laughs.docx": (
        _with_main_part(_document("<w:p><w:r><w:t>&m;</w:t></w:r></w:p>", _LAUGHS)),
        "declares XML entities",
    ),
    "outside.docx": (
        _with_main_part(_document("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>", _OUTSIDE)),
        "declares XML entities",
    ),
    "deep.docx": (
        _with_main_part(_document("<w:p>" * 3_000 + "</w:p>" * 3_000)),
        "not a Word file that can be|no text|damaged",
    ),
    "plain-zip.docx": (repacked(lambda parts: parts.pop("word/document.xml")), "ZIP archive and no Word file"),
    "half.docx": (word_file()[: len(word_file()) // 2], "not a Word file that can be read"),
    "encrypted-parts.docx": (_encrypted_parts, "encrypted; save a copy without a password"),
    "old-word.docx": (b"\xd0\xcf\x11\xe0" + b"\0" * 5_000, "an older or an encrypted Office file"),
    "blank.docx": (word_file(""), "holds no text"),
    "pdf-inside.docx": (pdf_file(), "not a Word file"),
    "no-main-xml.docx": (_with_main_part("<broken"), "not a Word file that can be read"),
    "ten-thousand.pdf": (lambda: pdf_file(10_000), "it has 10000 pages; split it"),
    "locked.pdf": (pdf_file(1, "secret"), "encrypted; save a copy without a password"),
    "half.pdf": (pdf_file(50)[:3_000], "not a PDF that can be read|is damaged|no text"),
    "page.pdf": (b"<html><p>Not a PDF at all.</p></html>", "not a PDF, whatever its name says"),
    "bomb.pdf": (_bomb, "not a PDF that can be read|is damaged|no text|memory|more than 60"),
    "double-bomb.pdf": (_double_bomb, "not a PDF that can be read|is damaged|no text|memory|more than 60"),
    "loop.pdf": (_loop(), "not a PDF that can be read|is damaged|no text|nested"),
    "pictures.pdf": (pdf_file(), "pictures of pages and no text"),
    "zeros.pdf": (b"%PDF-1.7\n" + b"\0" * 100_000, "not a PDF that can be read|is damaged"),
    "large.pdf": (_sparse(60_000_000, b"%PDF-1.7\n"), "larger than 50 MB"),
    "nul.html": (b"<html><p>The envoys\0 met.</p></html>", "NUL character at position 19.*binary"),
    "large.html": (_sparse(30_000_000, b"<html>"), "larger than 20 MB"),
    "deep.html": (b"<div>" * 200_000, "no article"),
    "menu.html": (b"<html><body><nav><a href='/'>Home</a></nav></body></html>", "no article"),
    "empty.html": (b" \n", "it is empty"),
    "picture.html": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "a picture and not the text"),
    "laughs.xml": (_feed(_LAUGHS, "&m;"), "declares XML entities"),
    "outside.rss": (_feed(_OUTSIDE, "&e;"), "declares XML entities"),
    "other.xml": (b"<?xml version='1.0'?><inventory><item/></inventory>", "neither RSS nor Atom"),
    "words.atom": (b"just words", "neither RSS nor Atom"),
    "program.txt": (b"\x7fELF\x02\x01\x01" + b"\0" * 100, "a program and not the text"),
    "archive.md": (word_file(), "a ZIP archive.*and not the text"),
    "packed.md": (b"\x1f\x8b\x08" + b"\0" * 100, "a gzip archive and not the text"),
    "report.txt": (pdf_file(), "a PDF and not the text"),
    "nul.txt": (b"The envoys\0 met.", "NUL character"),
    "cyrillic.txt": ("Переговори тривали".encode("cp1251"), "not UTF-8"),
    "one-line.txt": (_one_line, "larger than 20 MB"),
    "one-line.jsonl": (_one_line, "line 1: it is longer than 20 MB"),
    "deep.jsonl": (b"[" * 500_000, "line 1: .*nested too deeply"),
    "deep.md": (b"---\na: " + b"[" * 50_000 + b"\n---\nText", "nested too deeply"),
    "alias.md": (
        (
            "---\na: &a [x,x,x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{('*' + chr(97 + n) + ',') * 9}]\n" for n in range(20))
            + "title: *u\n---\nText"
        ).encode(),
        "title .* is not text",
    ),
    "sheet.xlsx": (b"PK\x03\x04", "`.xlsx` files cannot be read"),
    "noname": (b"Text", "files without an extension"),
    "pipe.txt": (lambda path: os.mkfifo(path), "not a regular file"),
    "link.txt": (lambda path: path.symlink_to("/etc/passwd"), "leads out of the folder"),
    "folder-link": (lambda path: path.symlink_to("/etc"), "leads out of the folder"),
    "parent.md": (lambda path: path.symlink_to("../outside.md"), "leads out of the folder"),
    "script.jsonl": (
        json.dumps({"id": "../../etc/passwd", "title": "T", "text": "x"}).encode(),
        "id '../../etc/passwd' cannot be used",
    ),
}


def write_hostile(folder: Path) -> None:
    """All of them, and between them documents that are fine."""
    folder.mkdir()
    (folder.parent / "outside.md").write_text("Text outside.")
    for name, (made, _) in HOSTILE.items():
        if isinstance(made, bytes):
            (folder / name).write_bytes(made)
        elif signature(made).parameters:
            made(folder / name)
        else:
            (folder / name).write_bytes(made())
    (folder / "good-word.docx").write_bytes(word_file())
    for name in ("a-good", "m-good", "z-good"):
        (folder / f"{name}.html").write_text(
            f"<html><head><title>{name}</title></head><body><p>The envoys met and said so.</p></body></html>"
        )
