"""Loads documents from files and folders: Markdown with YAML front matter, plain text, JSON lines.

What cannot be loaded becomes a Refusal and never stops the rest. Other formats are refused by name.
"""

import codecs
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.documents.decoding import clean_line, clean_text, decode_text
from index.documents.front_matter import split_front_matter
from index.documents.metadata import document_from_fields, slug
from index.errors import DocumentError
from index.types import Document

MAX_BYTES = 20_000_000  # of a text file, and of one line of JSON lines
_LINES_FOR_TITLE = 8  # a title is looked for in as many lines
_WORDS_OF_TITLE = 3
_LONGEST_TITLE = 120  # characters of a title that is taken from the first line
_TEXT_SUFFIXES = (".md", ".markdown", ".txt")
_LINES_SUFFIX = ".jsonl"
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """A document, the file it came from, and the sha256 of all it holds: another hash is another version."""

    document: Document
    path: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file, or a line of one, that was left out; `message` says why and what to do."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that was found, in the order of the paths given and by name within a folder."""

    documents: list[LoadedDocument] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def load_paths(paths: Sequence[Path]) -> Loaded:
    """Every document in these files and, recursively, folders. A file reached twice is read once.

    Hidden files in folders are passed over, and so are links to folders. Raises DocumentError for a path that
    does not exist: whoever named it should hear of it before anything is taken for deleted.
    """
    loaded = Loaded()
    origins: dict[str, str] = {}  # document id -> the place it was first found
    seen: set[str] = set()
    for path in paths:
        for found in _files(path):
            if isinstance(found, Refusal):
                loaded.refusals.append(found)
                continue
            real = os.path.realpath(found)
            if real not in seen:
                seen.add(real)
                _load_file(found, loaded, origins)
    return loaded


def hash_document(document: Document) -> str:
    """The sha256 of the document as canonical JSON."""
    canonical = json.dumps(document.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _files(path: Path) -> Iterator[Path | Refusal]:
    try:
        folder = stat.S_ISDIR(path.stat().st_mode)
    except PermissionError:
        yield _unreadable(path)
        return
    except (OSError, ValueError) as error:
        raise DocumentError(f"{_shown(path)} does not exist; check its spelling, or leave it out") from error
    if not folder:
        yield path
        return
    unreadable: list[OSError] = []
    inside = os.path.realpath(path)
    for parent, folders, names in os.walk(path, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in sorted([*links, *names]):
            if not name.startswith("."):
                yield from _file_in_folder(Path(parent, name), inside)
    yield from (_unreadable(Path(error.filename)) for error in unreadable)


def _file_in_folder(path: Path, folder: str) -> Iterator[Path | Refusal]:
    """The path itself; a refusal where it is a link that leads out; nothing for a link to a folder inside."""
    target = os.path.realpath(path)
    if path.is_symlink() and os.path.commonpath([target, folder]) != folder:
        yield Refusal(_shown(path), "it is a link that leads out of the folder; name what it leads to instead")
    elif not os.path.isdir(path):
        yield path


def _load_file(path: Path, loaded: Loaded, origins: dict[str, str]) -> None:
    shown = _shown(path)
    try:
        for place, entry in _entries(path):
            if isinstance(entry, Refusal):
                loaded.refusals.append(entry)
            elif entry.id in origins:
                message = f"{place}id {entry.id!r} is already that of {origins[entry.id]}; give one of them another id"
                loaded.refusals.append(Refusal(shown, message))
            else:
                origins[entry.id] = f"{shown}, {place.removesuffix(': ')}" if place else shown
                loaded.documents.append(LoadedDocument(entry, shown, hash_document(entry)))
    except DocumentError as error:
        loaded.refusals.append(Refusal(shown, str(error)))
    except PermissionError:
        loaded.refusals.append(_unreadable(path))
    except OSError as error:
        loaded.refusals.append(Refusal(shown, f"it cannot be read: {error.strerror}; check the file and its disk"))


def _entries(path: Path) -> Iterator[tuple[str, Document | Refusal]]:
    """The documents of one file, each with its place in the file, such as "line 3: "."""
    suffix = path.suffix.lower()
    if suffix not in (*_TEXT_SUFFIXES, _LINES_SUFFIX):
        kind = f"`{suffix}` files" if suffix else "files without an extension"
        accepted = ", ".join((*_TEXT_SUFFIXES, _LINES_SUFFIX))
        raise DocumentError(f"{kind} cannot be read; save it as one of {accepted}, or move it elsewhere")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError("it is not a regular file; save its content as one")
    if suffix == _LINES_SUFFIX:
        yield from _documents_of_lines(path)
    else:
        yield "", _document_of_file(path)


def _document_of_file(path: Path) -> Document:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"it is larger than {MAX_BYTES // 1_000_000} MB; split it into several files, or into lines of a .jsonl"
        )
    name = os.fsencode(path.stem).decode("utf-8", "replace")
    fields, body = split_front_matter(clean_text(decode_text(data)))
    if fields is None:
        fields = {"title": _title_of(body) or clean_line(name)}
    if fields.get("id") is None:
        fields = {**fields, "id": slug(name) or f"document-{hashlib.sha256(body.encode()).hexdigest()[:12]}"}
    return document_from_fields(fields, body)


def _title_of(body: str) -> str:
    """The first heading, or else the first line, cut between words where it is long."""
    heading = _HEADING.search(body)
    line = heading.group(1) if heading and heading.group(1) else body.partition("\n")[0]
    return _as_title(line)


def _title_of_report(text: str) -> str:
    """The first line that is no mere label such as "CNN —"."""
    lines = text.lstrip().split("\n", _LINES_FOR_TITLE)[:_LINES_FOR_TITLE]
    return _as_title(next((line for line in lines if len(line.split()) >= _WORDS_OF_TITLE), lines[0]))


def _as_title(line: str) -> str:
    title = clean_line(line.replace("**", ""))
    if len(title) <= _LONGEST_TITLE:
        return title
    kept = title[:_LONGEST_TITLE].rpartition(" ")[0] or title[:_LONGEST_TITLE]
    return kept + "…"


def _documents_of_lines(path: Path) -> Iterator[tuple[str, Document | Refusal]]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_BYTES + 1):
            number += 1
            if number == 1 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise DocumentError("it is UTF-16, which has no lines to read one by one; save it as UTF-8")
            place = f"line {number}: "
            try:
                if len(line) > MAX_BYTES:
                    while line and not line.endswith(b"\n"):
                        line = file.readline(MAX_BYTES)
                    raise DocumentError(f"it is longer than {MAX_BYTES // 1_000_000} MB; split its document")
                if document := _document_of_line(line):
                    yield place, document
            except DocumentError as error:
                yield place, Refusal(_shown(path), f"{place}{error}")


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
        fields = {**fields, "title": _title_of_report(text) or fields.get("id")}
    return document_from_fields(fields, text)


def _unreadable(path: Path) -> Refusal:
    return Refusal(_shown(path), "it may not be read by this user; change its permissions, or leave it out")


def _shown(path: Path) -> str:
    """The path as text that can be stored: names on disk need not be UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")
