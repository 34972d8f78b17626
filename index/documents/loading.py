"""Loads documents from files, folders and web addresses. The formats are in readers/, the web is in web/.

What cannot be loaded becomes a Refusal and never stops the rest.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.documents.described import document_of_extract
from index.documents.folders import Refusal, find_files, shown, unreadable
from index.documents.formats import Format, check_beginning, format_of_suffix
from index.documents.memory import Kept, Memory
from index.documents.readers.isolation import Parser
from index.documents.readers.lines import documents_of_lines
from index.documents.readers.text import document_of_text, id_of_file
from index.documents.web.addresses import is_url
from index.documents.web.pages import Found, Note, Read, WebReader
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

    @property
    def id(self) -> str:
        return self.document.id


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that was found, in the order of the places given and by name within a folder.

    What is Kept was not read, for its place has not changed since it was.
    """

    documents: list[LoadedDocument | Kept] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def load_paths(
    places: Sequence[Place],
    *,
    allow_private_urls: bool = False,
    memory: Memory | None = None,
    after: Loaded | None = None,
) -> Loaded:
    """Every document in these files, folders (with the folders in them) and web addresses, which are strings.

    A file reached twice is read once. Hidden files in folders are passed over, and so are links to folders. What is in
    `memory` is not read where it has not changed, and what is read is noted there. `after` is what was loaded before
    and goes on. Raises DocumentError for a path that does not exist: whoever named it should hear of it before anything
    is taken for deleted.
    """
    memory = memory or Memory()
    with Parser() as parser:
        loading = _Loading(parser, WebReader(parser, memory, allow_private_urls), memory)
        if after:
            loading.go_on_from(after)
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
    memory: Memory
    loaded: Loaded = field(default_factory=Loaded)
    origins: dict[str, str] = field(default_factory=dict)  # document id -> the place it was first found
    seen: set[str] = field(default_factory=set)

    def go_on_from(self, earlier: Loaded) -> None:
        self.loaded = earlier
        self.origins = {found.id: found.path for found in earlier.documents}

    def add(self, place: Place) -> None:
        if isinstance(place, Upload):
            with self._refusing(UPLOADED + place.name):
                self._add_anew(place.path, UPLOADED + place.name)
        elif isinstance(place, str) and is_url(place):
            with self._refusing(place):
                self._take_from_web(self.web.read(place))
        else:
            for found in find_files(Path(place)):
                if isinstance(found, Refusal):
                    self.loaded.refusals.append(found)
                    continue
                real = os.path.realpath(found)
                if real not in self.seen:
                    self.seen.add(real)
                    with self._refusing(shown(found)):
                        self._add_file(found, shown(found))

    @contextmanager
    def _refusing(self, name: str) -> Iterator[None]:
        """What cannot be read becomes a refusal."""
        try:
            yield
        except DocumentError as error:
            self.loaded.refusals.append(Refusal(name, str(error)))
        except PermissionError:
            self.loaded.refusals.append(Refusal(name, unreadable(Path(name)).message))
        except OSError as error:
            message = f"it cannot be read: {error.strerror}; check the file and its disk"
            self.loaded.refusals.append(Refusal(name, message))

    def _add_file(self, path: Path, name: str) -> None:
        """What the file held when it was last read, if its bytes are the same, else what it holds now."""
        place, mark = os.path.realpath(name), _sha256(path, _kind_of(path))
        if self.memory.mark(place) == mark:
            for kept in self.memory.kept(place):
                self._keep(replace(kept, path=name))
            return
        taken = self._add_anew(path, name)
        if taken is not None:
            self.memory.note(place, mark, taken)

    def _add_anew(self, path: Path, name: str) -> list[tuple[str, str]] | None:
        """Ids and content hashes of what the file holds; None for a feed, and where something in it was refused."""
        kind = _kind_of(path)
        if kind == "feed":
            feed = name if name.startswith(UPLOADED) else f"file://{os.path.realpath(path)}"
            self._take_from_web(self.web.read_entries(self.parser.parse(kind, _read(path, kind)), feed))
            return None
        taken = [self._take(name, document, within) for within, document in self._documents(path, kind)]
        return None if None in taken else taken

    def _documents(self, path: Path, kind: Format) -> Iterator[tuple[str, Document | DocumentError]]:
        """Each document of a file, with its place within the file, such as "line 3: "."""
        if kind == "lines":
            for number, found in documents_of_lines(path, MAX_BYTES):
                yield f"line {number}: ", found
            return
        data = _read(path, kind)
        stem = os.fsencode(path.stem).decode("utf-8", "replace")
        if kind == "text":
            yield "", document_of_text(data, stem)
            return
        (extract,) = self.parser.parse(kind, data)
        yield "", document_of_extract(extract, id_of_file(stem, extract.text), stem)

    def _take_from_web(self, entries: Iterator[Read]) -> None:
        for found in entries:
            match found:
                case Refusal():
                    self.loaded.refusals.append(found)
                case Note():
                    self.loaded.notes.append(found)
                case Kept():
                    self._keep(found)
                case Found():
                    taken = self._take(found.path, found.document)
                    if found.mark:
                        self.memory.note(found.path, found.mark, [taken] if taken else [], found.feed)

    def _take(self, path: str, document: Document | DocumentError, within: str = "") -> tuple[str, str] | None:
        """Its id and content hash; None where it was refused or is there already."""
        if isinstance(document, DocumentError):
            self.loaded.refusals.append(Refusal(path, f"{within}{document}"))
            return None
        if not self._is_new(document.id, path, within):
            return None
        found = LoadedDocument(document, path, hash_document(document))
        self.loaded.documents.append(found)
        return found.id, found.content_hash

    def _keep(self, kept: Kept) -> None:
        if self._is_new(kept.id, kept.path):
            self.loaded.documents.append(kept)

    def _is_new(self, document_id: str, path: str, within: str = "") -> bool:
        """Whether it is the first of its id; a second one from another place is a refusal."""
        known = self.origins.get(document_id)
        if known is None:
            self.origins[document_id] = f"{path}, {within.removesuffix(': ')}" if within else path
        elif known != path or within:
            message = f"{within}id {document_id!r} is already that of {known}; give one of them another id"
            self.loaded.refusals.append(Refusal(path, message))
        return known is None


def _kind_of(path: Path) -> Format:
    """Raises DocumentError for a file that is not read, and OSError."""
    kind = format_of_suffix(path.suffix)
    if not stat.S_ISREG(path.stat().st_mode):
        raise DocumentError("it is not a regular file; save its content as one")
    return kind


def _sha256(path: Path, kind: Format) -> str:
    """Of the bytes; of nothing for a feed, whose articles are elsewhere."""
    if kind == "feed":
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path, kind: Format) -> bytes:
    most = MAX_PACKED_BYTES if kind in _PACKED else MAX_BYTES
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        into = "several files" if kind != "text" else "several files, or into lines of a .jsonl"
        raise DocumentError(f"it is larger than {most // 1_000_000} MB; split it into {into}")
    check_beginning(data, kind)
    return data
