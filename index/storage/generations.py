"""Where the generations of the dense index live: folders of the home, or collections of a Chroma server.

A generation gets a name of its own and is never changed once it is sealed. So a reader that holds one is not disturbed
by a writer, and a writer that is killed leaves behind a folder that nothing points at.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from langchain_core.embeddings import Embeddings

from index.errors import SettingsError, StorageError
from index.settings import Settings
from index.storage.dense import DamagedIndexError, DenseIndex, damage_reported

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_COLLECTION = "chunks"
_CHROMA_DATABASE = "chroma.sqlite3"
_PROBE_TIMEOUT_S = 300


class Generations(Protocol):
    """What index/publish.py and index/collection.py need of a place for generations."""

    def new_name(self) -> str:
        """A name that nothing has."""

    def create(self, name: str, embeddings: Embeddings) -> DenseIndex:
        """A new, empty generation, open for writing."""

    def copy(self, source: str, name: str, embeddings: Embeddings) -> DenseIndex | None:
        """A copy, open for writing; None where the place cannot copy. Raises DamagedIndexError if `source` is."""

    def seal(self, name: str) -> None:
        """Note that the closed generation is whole."""

    def open(self, name: str) -> DenseIndex:
        """A sealed generation, open for reading. Raises DamagedIndexError if it is missing or not whole."""

    def require_whole(self, name: str) -> None:
        """Raises DamagedIndexError if the generation is missing or not whole; cheap where nothing happened to it."""

    def prune(self, keep: set[str]) -> None:
        """Remove every other generation."""

    def size(self) -> int:
        """Bytes on this machine's disk."""


def open_generations(settings: Settings) -> Generations:
    """Those of the Chroma server if one is set, else those in the home folder."""
    if settings.chroma_url:
        return ServerGenerations(settings.chroma_url, settings.home)
    return FolderGenerations(settings.home / "chroma")


def open_folder(
    folder: Path, embeddings: Embeddings | None = None, on_close: Callable[[], None] = lambda: None
) -> DenseIndex:
    """A generation in a folder, opened without looking whether it is whole: damage may crash the process."""
    import chromadb

    with damage_reported(folder.name):
        client = chromadb.PersistentClient(str(folder.absolute()), chromadb.Settings(anonymized_telemetry=False))
    return DenseIndex(client, _COLLECTION, embeddings, on_close)


class FolderGenerations:
    """Generations in folders, each with a record of what its files looked like when it was last known to be whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_name(self) -> str:
        return uuid.uuid4().hex[:12]

    def create(self, name: str, embeddings: Embeddings) -> DenseIndex:
        (self._folder / name).mkdir(parents=True)
        return open_folder(self._folder / name, embeddings)

    def copy(self, source: str, name: str, embeddings: Embeddings) -> DenseIndex:
        self.require_whole(source)
        _copy_generation(self._folder / source, self._folder / name)
        return open_folder(self._folder / name, embeddings)

    def seal(self, name: str) -> None:
        self._write_record(name, {path: _describe(self._folder / name / path) for path in self._files(name)})

    def open(self, name: str) -> DenseIndex:
        self.require_whole(name)
        folder = self._folder / name
        if not os.access(folder, os.W_OK):  # Chroma writes when it opens
            return _open_private_copy(folder)
        index = open_folder(folder)
        self._renew_record(name)
        return index

    def prune(self, keep: set[str]) -> None:
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.is_dir() and path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)
            elif path.is_file() and path.stem not in keep:
                path.unlink(missing_ok=True)

    def size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())

    def require_whole(self, name: str) -> None:
        """Damage in most files makes Chroma crash or, worse, find the wrong thing: those must be what was sealed.

        Chroma's SQLite file changes whenever it is opened. If that, too, is as it was last seen, nothing is opened.
        """
        folder = self._folder / name
        record = self._record(name)
        files = self._files(name)
        if record is None or set(files) != set(record):
            raise DamagedIndexError(f"the dense index {folder} is missing or incomplete; run `python -m index rebuild`")
        touched = [path for path in files if _stamp(folder / path) != record[path][:2]]
        changed = [path for path in touched if path != _CHROMA_DATABASE and _digest(folder / path) != record[path][2]]
        if changed or (_CHROMA_DATABASE in touched and not _survives_opening(folder)):
            raise DamagedIndexError(f"the dense index {folder} is damaged; run `python -m index rebuild`")

    def _files(self, name: str) -> list[str]:
        folder = self._folder / name
        if not folder.is_dir():
            return []
        paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        return sorted(path for path in paths if not path.startswith(_CHROMA_DATABASE + "-"))

    def _record(self, name: str) -> dict[str, list] | None:
        try:
            return json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _write_record(self, name: str, record: dict[str, list]) -> None:
        path = self._folder / f"{name}.json"
        scratch = path.with_name(f"{name}.{uuid.uuid4().hex}")
        scratch.write_text(json.dumps(record), encoding="utf-8")
        scratch.replace(path)

    def _renew_record(self, name: str) -> None:
        """Note how opening left the SQLite file, so that the next process need not probe."""
        record = self._record(name)
        if record:
            stamps = {path: [*_stamp(self._folder / name / path), record[path][2]] for path in record}
            try:
                self._write_record(name, stamps)
            except OSError:
                return  # only saves time


class ServerGenerations:
    """Generations as collections of a Chroma server, which several homes may share."""

    def __init__(self, url: str, home: Path) -> None:
        self._url = url
        self._address = urlsplit(url)
        self._home = home
        if self._address.scheme not in ("http", "https") or not self._address.hostname:
            raise SettingsError(f"PARLEY_CHROMA_URL={url!r} is not an address; give one like http://127.0.0.1:8000")

    def new_name(self) -> str:
        return self._prefix() + uuid.uuid4().hex[:12]

    def create(self, name: str, embeddings: Embeddings) -> DenseIndex:
        client = self._client()
        return DenseIndex(client, name, embeddings, lambda: _close_sockets(client))

    def copy(self, source: str, name: str, embeddings: Embeddings) -> None:
        return None  # only the hosted product can

    def seal(self, name: str) -> None:
        return None  # looking after its files is the server's task

    def open(self, name: str) -> DenseIndex:
        client = self._client()
        return DenseIndex(client, name, on_close=lambda: _close_sockets(client))

    def require_whole(self, name: str) -> None:
        self.open(name).close()

    def prune(self, keep: set[str]) -> None:
        client = self._client()
        try:
            with damage_reported("pruning"):
                for collection in client.list_collections():
                    if collection.name.startswith(self._prefix()) and collection.name not in keep:
                        client.delete_collection(collection.name)
        finally:
            client.close()
            _close_sockets(client)

    def size(self) -> int:
        return 0

    def _client(self) -> "ClientAPI":
        import chromadb

        secure = self._address.scheme == "https"
        port = self._address.port or (443 if secure else 80)
        settings = chromadb.Settings(anonymized_telemetry=False)
        try:
            return chromadb.HttpClient(self._address.hostname, port, secure, settings=settings)
        except Exception as error:  # chromadb raises ValueError, httpx errors and its own alike
            raise StorageError(
                f"the Chroma server at {self._url} does not answer ({error}); start it or unset PARLEY_CHROMA_URL"
            ) from error

    def _prefix(self) -> str:
        """Tells this home's collections from those of others; made at the first write."""
        path = self._home / "chroma-server.id"
        if not path.exists():
            path.write_text(uuid.uuid4().hex[:12], encoding="ascii")
        return f"parley-{path.read_text(encoding='ascii')}-"


def _close_sockets(client: "ClientAPI") -> None:
    """What `close` of chromadb 1.5.9 leaves undone for an HttpClient, and offers no public way to do."""
    for part in (client, getattr(client, "_admin_client", None)):
        session = getattr(getattr(part, "_server", None), "_session", None)
        if session:
            session.close()


def _copy_generation(source: Path, target: Path) -> None:
    """Copy a folder that others may have open. Only its SQLite file may be written meanwhile."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(_CHROMA_DATABASE + "*"))
    origin = sqlite3.connect(f"{(source / _CHROMA_DATABASE).absolute().as_uri()}?mode=ro", uri=True, timeout=30)
    copy = sqlite3.connect(target / _CHROMA_DATABASE)
    try:
        origin.backup(copy)
    except sqlite3.Error as error:
        raise DamagedIndexError(f"the dense index {source} is damaged: {error}") from error
    finally:
        copy.close()
        origin.close()


def _open_private_copy(folder: Path) -> DenseIndex:
    """The generation opened from a temporary copy, for a home that cannot be written."""
    scratch = TemporaryDirectory(prefix="parley-dense-")
    copy = Path(scratch.name) / folder.name
    shutil.copytree(folder, copy, copy_function=shutil.copyfile)
    copy.chmod(0o700)
    return open_folder(copy, on_close=scratch.cleanup)


def _survives_opening(folder: Path) -> bool:
    """Whether another process can open the index and find something in it."""
    probe = subprocess.run(
        [sys.executable, "-m", "index.storage.probe", str(folder.absolute())],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=_PROBE_TIMEOUT_S,
        check=False,
    )
    return probe.returncode == 0


def _stamp(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def _describe(path: Path) -> list:
    """Size, time of change and content of a file; the content of Chroma's SQLite file changes and is left out."""
    return [*_stamp(path), None if path.name == _CHROMA_DATABASE else _digest(path)]
