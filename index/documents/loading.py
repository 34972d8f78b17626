"""Loads documents from files, folders and web addresses. The formats are in readers/, the web is in web/.

What cannot be loaded becomes a Refusal and never stops the rest.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.documents.described import document_of_extract
from index.documents.folders import Refusal, find_files, shown, unreadable
from index.documents.formats import Format, check_beginning, format_of_suffix
from index.documents.readers.isolation import Parser
from index.documents.readers.lines import documents_of_lines
from index.documents.readers.text import document_of_text, id_of_file
from index.documents.web.addresses import is_url
from index.documents.web.pages import Note, WebReader
from index.errors import DocumentError
from index.types import Document

MAX_BYTES = 20_000_000  # of a text file, and of one line of JSON lines
MAX_PACKED_BYTES = 50_000_000  # of a PDF or Word file, which may hold pictures
UPLOADED = "upload:"  # before the name of a file that was sent, where a path stands otherwise
_PACKED = ("pdf", "docx")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent; it is known by its name, for the file itself does not stay."""

    name: str
    path: Path


Place = Path | str | Upload


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """A document, the file or address it came from, and the sha256 of all it holds: another hash is another version."""

    document: Document
    path: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that was found, in the order of the places given and by name within a folder."""

    documents: list[LoadedDocument] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def load_paths(
    places: Sequence[Place],
    *,
    allow_private_urls: bool = False,
    remembered: MutableMapping[str, str] | None = None,
) -> Loaded:
    """Every document in these files, folders (with the folders in them) and web addresses, which are strings.

    A file reached twice is read once. Hidden files in folders are passed over, and so are links to folders. Entries of
    feeds that are in `remembered` as they stand are passed over too, and those that were read are added to it. Raises
    DocumentError for a path that does not exist: whoever named it should hear of it before anything is taken for
    deleted.
    """
    with Parser() as parser:
        web = WebReader(parser, allow_private_urls, {} if remembered is None else remembered)
        loading = _Loading(parser, web)
        for place in places:
            loading.add(place)
    return loading.loaded


def hash_document(document: Document) -> str:
    """The sha256 of the document as canonical JSON. An unknown author counts as no field, as in older versions."""
    fields = document.model_dump(mode="json")
    for source in fields["sources"]:
        if source["author"] is None:
            del source["author"]
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(slots=True)
class _Loading:
    parser: Parser
    web: WebReader
    loaded: Loaded = field(default_factory=Loaded)
    origins: dict[str, str] = field(default_factory=dict)  # document id -> the place it was first found
    seen: set[str] = field(default_factory=set)

    def add(self, place: Place) -> None:
        if isinstance(place, Upload):
            self._add_file(place.path, UPLOADED + place.name)
        elif isinstance(place, str) and is_url(place):
            self._add_url(place)
        else:
            for found in find_files(Path(place)):
                if isinstance(found, Refusal):
                    self.loaded.refusals.append(found)
                    continue
                real = os.path.realpath(found)
                if real not in self.seen:
                    self.seen.add(real)
                    self._add_file(found, shown(found))

    def _add_file(self, path: Path, name: str) -> None:
        try:
            self._take(self._entries(path, name), name)
        except PermissionError:
            self.loaded.refusals.append(Refusal(name, unreadable(path).message))
        except OSError as error:
            message = f"it cannot be read: {error.strerror}; check the file and its disk"
            self.loaded.refusals.append(Refusal(name, message))

    def _add_url(self, url: str) -> None:
        self._take((("", *found) if isinstance(found, tuple) else found for found in self.web.read(url)), url)

    def _take(self, entries: Iterator[tuple[str, str, Document] | Refusal | Note], name: str) -> None:
        """Each entry is (place within the file, such as "line 3: ", the path it is known by, the document)."""
        try:
            for found in entries:
                match found:
                    case Refusal():
                        self.loaded.refusals.append(found)
                    case Note():
                        self.loaded.notes.append(found)
                    case place, path, document:
                        self._take_document(place, path, document)
        except DocumentError as error:
            self.loaded.refusals.append(Refusal(name, str(error)))

    def _take_document(self, place: str, path: str, document: Document) -> None:
        if document.id in self.origins:
            known = self.origins[document.id]
            if known != path or place:
                message = f"{place}id {document.id!r} is already that of {known}; give one of them another id"
                self.loaded.refusals.append(Refusal(path, message))
            return
        self.origins[document.id] = f"{path}, {place.removesuffix(': ')}" if place else path
        self.loaded.documents.append(LoadedDocument(document, path, hash_document(document)))

    def _entries(self, path: Path, name: str) -> Iterator[tuple[str, str, Document] | Refusal | Note]:
        kind = format_of_suffix(path.suffix)
        if not stat.S_ISREG(path.stat().st_mode):
            raise DocumentError("it is not a regular file; save its content as one")
        if kind == "lines":
            for number, found in documents_of_lines(path, MAX_BYTES):
                place = f"line {number}: "
                yield Refusal(name, f"{place}{found}") if isinstance(found, DocumentError) else (place, name, found)
            return
        data = _read(path, kind)
        check_beginning(data, kind)
        stem = os.fsencode(path.stem).decode("utf-8", "replace")
        if kind == "text":
            yield "", name, document_of_text(data, stem)
            return
        extracts = self.parser.parse(kind, data)
        if kind == "feed":
            feed = name if name.startswith(UPLOADED) else f"file://{os.path.realpath(path)}"
            for found in self.web.read_entries(extracts, feed):
                yield ("", *found) if isinstance(found, tuple) else found
        else:
            yield "", name, document_of_extract(extracts[0], id_of_file(stem, extracts[0].text), stem)


def _read(path: Path, kind: Format) -> bytes:
    most = MAX_PACKED_BYTES if kind in _PACKED else MAX_BYTES
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        into = "several files" if kind != "text" else "several files, or into lines of a .jsonl"
        raise DocumentError(f"it is larger than {most // 1_000_000} MB; split it into {into}")
    return data
