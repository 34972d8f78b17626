"""What an unchanged folder costs at the next sync, beside reading it again.

    python benchmarks/resync.py --files 40 --pages 20

Files of each format are made by code and synced; then they are synced again as they are, and once more as by another
version of the readers, which has to read every file. Nothing is cut or embedded in either.
"""

# ruff: noqa: T201, E402 -- a command prints, and is run by its path
import argparse
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parent.parent))

from index.offline import silence_telemetry

silence_telemetry()

import docx
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from benchmarks.synthetic import SyntheticEmbedder, sentence, word_source
from index.settings import Settings
from index.sync import SyncReport, sync

SENTENCES_A_PAGE = 25
Made = Callable[[list[list[str]]], bytes]


def main() -> None:
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--files", type=int, default=40, help="of each format")
    parser.add_argument("--pages", type=int, default=20, help="of each file")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    formats: dict[str, Made] = {"pdf": _pdf, "docx": _docx, "html": _html, "jsonl": _lines}
    print(f"{arguments.files} files of {arguments.pages} pages each, {arguments.rounds} rounds")
    for suffix, made in formats.items():
        _measure(suffix, made, arguments.files, arguments.pages, arguments.rounds)


def _measure(suffix: str, made: Made, files: int, pages: int, rounds: int) -> None:
    embedder, words = SyntheticEmbedder(), word_source(7)
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(home=Path(scratch, "home"), seeds=Path(scratch, "files"), _env_file=None)
        settings.seeds.mkdir()
        for number in range(files):
            text = [[sentence(words) for _ in range(SENTENCES_A_PAGE)] for _ in range(pages)]
            (settings.seeds / f"{number}.{suffix}").write_bytes(made(text))
        added = len(sync(settings, embedder).added)
        unchanged, reread = [], []
        for number in range(rounds):
            unchanged.append(_seconds(lambda: sync(settings, embedder), added))
            with patch("index.remembering.reader_id", lambda n=number: f"other {n}"):
                reread.append(_seconds(lambda: sync(settings, embedder), added))
            sync(settings, embedder)
    ratio = statistics.median(again / kept for again, kept in zip(reread, unchanged, strict=True))
    print(
        f"{suffix:6} {added} documents: unchanged {statistics.median(unchanged):.2f} s, "
        f"read again {statistics.median(reread):.2f} s, {ratio:.0f} times as long"
    )


def _seconds(work: Callable[[], SyncReport], documents: int) -> float:
    start = time.perf_counter()
    assert len(work().unchanged) == documents
    return time.perf_counter() - start


def _pdf(pages: list[list[str]]) -> bytes:
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(1000, 792)
        shown = b"".join(b"(%b) Tj T*\n" % line.encode("ascii") for line in lines)
        content = DecodedStreamObject()
        content.set_data(b"BT /F1 9 Tf 20 760 Td 14 TL\n%bET" % shown)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = writer._add_object(content)
    return _written(writer.write)


def _docx(pages: list[list[str]]) -> bytes:
    document = docx.Document()
    for lines in pages:
        document.add_paragraph(" ".join(lines))
    return _written(document.save)


def _html(pages: list[list[str]]) -> bytes:
    body = "".join(f"<p>{' '.join(lines)}</p>" for lines in pages)
    return f"<html><head><title>A report</title></head><body><article>{body}</article></body></html>".encode()


def _lines(pages: list[list[str]]) -> bytes:
    return "\n".join(_objects(pages)).encode()


def _objects(pages: list[list[str]]) -> Iterator[str]:
    for lines in pages:
        yield json.dumps({"id": f"d{abs(hash(lines[0]))}", "text": " ".join(lines)})


def _written(write: Callable[[io.BytesIO], object]) -> bytes:
    held = io.BytesIO()
    write(held)
    return held.getvalue()


if __name__ == "__main__":
    main()
