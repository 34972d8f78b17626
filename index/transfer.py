"""The whole collection in one file, and back: documents, chunks, lexical index and every embedding.

    PARLEY-COLLECTION 1                 a line
    {"documents": …, "sha256": …}       a line of JSON: what is inside, and the hash of the database
    (an SQLite file)
    (32 bytes)                          the sha256 of all that comes before

Conversations and feedback are not part of a collection and stay where they are. An export reads one consistent state
while others write; the file appears whole or not at all. An import checks the file before it touches anything, embeds
nothing, and keeps what it replaces.
"""

import datetime as dt
import hashlib
import json
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from index.errors import DocumentError, StorageError
from index.publish import OnProgress, build_afresh
from index.settings import Settings
from index.storage.dense import StoredEmbeddings
from index.storage.generations import open_generations
from index.storage.lock import WriteLock
from index.storage.migrations import MIGRATIONS, SCHEMA_VERSION, copy_database, migrate, schema_version
from index.storage.schema import storage_errors
from index.storage.store import State, Store
from index.types import Progress

MAGIC = b"PARLEY-COLLECTION 1\n"
_DIGEST_BYTES = 32
_LONGEST_MANIFEST = 100_000
_BLOCK = 1 << 20
_KEPT_COPY = "parley-before-import.sqlite3"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an exported file says of itself. `bytes` and `sha256` are those of the SQLite file inside."""

    documents: int
    chunks: int
    embeddings: int
    embedder: str | None
    index_version: str | None
    exported_at: str
    schema_version: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was imported, and where what it replaced is kept."""

    manifest: Manifest
    kept: str | None


def export_collection(settings: Settings, file: Path, on_progress: OnProgress = lambda progress: None) -> Manifest:
    """Write the collection of this home to `file`, in place of what is there once it is whole. Raises StorageError."""
    if not file.parent.is_dir():
        raise StorageError(f"{file.parent} is not a folder; make it, or name another place to export to")
    Store.open(settings.database).close()  # brings it forward, and says what is wrong with it
    mark = uuid.uuid4().hex[:8]
    scratch, database = (file.with_name(f".{file.name}.{mark}.{part}") for part in ("part", "sqlite3"))
    try:
        with storage_errors(file):
            manifest = _copy_out(settings.database, database)
            _pack(database, manifest, scratch, on_progress)
            scratch.replace(file)
            _to_disk(file.parent)
    finally:
        scratch.unlink(missing_ok=True)
        database.unlink(missing_ok=True)
    return manifest


def read_manifest(file: Path, on_progress: OnProgress = lambda progress: None) -> Manifest:
    """What a file holds, once all of it is seen to be undamaged. Raises DocumentError with the way out."""
    try:
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            manifest, start = _read_head(file, opened)
            if start + manifest.bytes + _DIGEST_BYTES != size:
                raise _damaged(file, f"it has {size} bytes and should have {start + manifest.bytes + _DIGEST_BYTES}")
            opened.seek(0)
            digest = hashlib.sha256()
            for block in _blocks(opened, size - _DIGEST_BYTES, on_progress, "checking"):
                digest.update(block)
            if opened.read(_DIGEST_BYTES) != digest.digest():
                raise _damaged(file, "its content is not what was exported")
    except OSError as error:
        raise DocumentError(f"{file} cannot be read: {error.strerror}; check its name and permissions") from error
    if manifest.schema_version > SCHEMA_VERSION:
        raise DocumentError(
            f"{file} was exported by a newer Parley (schema version {manifest.schema_version}, and this one reads up "
            f"to {SCHEMA_VERSION}); upgrade Parley"
        )
    return manifest


def import_collection(settings: Settings, file: Path, on_progress: OnProgress = lambda progress: None) -> ImportReport:
    """Put the collection of `file` in place of this home's; readers see the old one until all of it is there.

    Raises DocumentError for a file that is damaged or something else, before anything is touched; LockedError and
    StorageError, after which the old collection stands.
    """
    manifest = read_manifest(file, on_progress)
    with WriteLock(settings.home), storage_errors(settings.database):
        for left_behind in settings.home.glob("import-*.sqlite3*"):
            left_behind.unlink(missing_ok=True)
        with _unpacked(file, manifest, settings.home, on_progress) as database:
            kept = _replace_collection(settings, database, on_progress)
    return ImportReport(manifest, str(kept) if kept else None)


# Out


def _copy_out(home: Path, database: Path) -> Manifest:
    """The tables of the collection as of now, in a file of their own."""
    with closing(sqlite3.connect(database.absolute().as_uri(), uri=True, isolation_level=None)) as connection:
        migrate(connection, database)
        _attach_to_read(connection, home)
        connection.execute("BEGIN")
        connection.execute("PRAGMA defer_foreign_keys = ON")
        stored = connection.execute("SELECT value FROM other.meta WHERE key = 'state'").fetchone()
        state = State(**json.loads(stored[0])) if stored else State()
        for table in _tables(connection, "other"):
            connection.execute(_copy_rows(connection, table, "other", "main"))
        held = replace(state, generation=None, previous_generation=None, last_row=0, dead=0)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('state', ?)", (json.dumps(asdict(held)),))
        connection.execute("COMMIT")
        counts = [
            connection.execute(f"SELECT count(*) FROM main.{table}").fetchone()[0]
            for table in ("documents", "chunks", "embeddings")
        ]
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    size, digest = database.stat().st_size, _digest(database)
    return Manifest(*counts, state.model_id, state.index_version, now, SCHEMA_VERSION, size, digest)


def _attach_to_read(connection: sqlite3.Connection, database: Path) -> None:
    """The home's database as `other`; one that nobody can write has no log to look into."""
    uri = database.absolute().as_uri()
    for mode in ("mode=ro", "immutable=1"):
        connection.execute("ATTACH ? AS other", (f"{uri}?{mode}",))
        try:
            connection.execute("SELECT count(*) FROM other.sqlite_master")
            return
        except sqlite3.OperationalError:
            connection.execute("DETACH other")
            if mode == "immutable=1":
                raise


def _pack(database: Path, manifest: Manifest, target: Path, on_progress: OnProgress) -> None:
    digest = hashlib.sha256()
    with target.open("wb") as out, database.open("rb") as source:

        def write(block: bytes) -> None:
            digest.update(block)
            out.write(block)

        write(MAGIC + json.dumps(asdict(manifest)).encode() + b"\n")
        for block in _blocks(source, manifest.bytes, on_progress, "exporting"):
            write(block)
        out.write(digest.digest())
        out.flush()
        os.fsync(out.fileno())


# In


@contextmanager
def _unpacked(file: Path, manifest: Manifest, home: Path, on_progress: OnProgress) -> Iterator[Path]:
    """The SQLite file out of an exported one, brought forward and with the tables that it should have."""
    database = home / f"import-{uuid.uuid4().hex[:8]}.sqlite3"
    try:
        with file.open("rb") as opened, database.open("wb") as out:
            _, start = _read_head(file, opened)
            opened.seek(start)
            for block in _blocks(opened, manifest.bytes, on_progress, "reading"):
                out.write(block)
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            _require_our_tables(file, connection)
            migrate(connection, database)
        yield database
    finally:
        for path in home.glob(f"{database.name}*"):
            path.unlink(missing_ok=True)


def _require_our_tables(file: Path, connection: sqlite3.Connection) -> None:
    """A well-formed file with a right hash may still hold anything: views and triggers of its own among it."""
    listing = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
    try:
        found = connection.execute(listing).fetchall()
        version = schema_version(connection)
    except sqlite3.DatabaseError as error:
        raise _damaged(file, f"the database in it cannot be read ({error})") from error
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as ours:
        migrate(ours, Path(":memory:"), MIGRATIONS[:version])
        if not version or found != ours.execute(listing).fetchall():
            raise DocumentError(f"{file} does not hold the tables of a collection; export it again")


def _replace_collection(settings: Settings, imported: Path, on_progress: OnProgress) -> Path | None:
    """Where the collection that was there is kept; None if there was none."""
    generations = open_generations(settings)
    with Store.open(settings.database, create=True) as store, Store.open(imported) as source:
        before, state = store.state(), source.state()
        kept = None
        if store.coverage().documents:
            kept = settings.home / _KEPT_COPY
            copy_database(settings.database, kept)
        entries = source.dense_entries()
        generation = None
        if entries:
            embeddings = StoredEmbeddings(source, state.model_id or "")
            generation = build_afresh(generations, entries, embeddings, on_progress)
        after = replace(
            state, generation=generation, previous_generation=before.generation, last_row=source.last_row(), dead=0
        )
        with store.attached(imported) as connection, store.writing():
            connection.execute("PRAGMA defer_foreign_keys = ON")
            for table in _tables(connection, "main"):
                if table != "embeddings":  # those of other texts stay useful
                    connection.execute(f"DELETE FROM main.{table}")
                connection.execute(_copy_rows(connection, table, "other", "main"))
            store.set_state(after)
        generations.prune({name for name in (generation, before.generation) if name})
    return kept


# Tables


def _tables(connection: sqlite3.Connection, schema: str) -> list[str]:
    """The tables of a collection, of which the lexical index is one: those that the migrations make."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as ours:
        migrate(ours, Path(":memory:"))
        names = [row[1] for row in ours.execute("PRAGMA table_list") if row[2] == "table" and row[1] != "meta"]
    present = {row[1] for row in connection.execute(f"PRAGMA {schema}.table_list")}
    return [name for name in (*sorted(names), "chunk_tokens") if name in present and not name.startswith("sqlite_")]


def _copy_rows(connection: sqlite3.Connection, table: str, source: str, target: str) -> str:
    columns = [row[1] for row in connection.execute(f"PRAGMA {target}.table_info({table})")]
    if table == "chunk_tokens":
        columns.insert(0, "rowid")
    listed = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT OR IGNORE INTO {target}.{table} ({listed}) SELECT {listed} FROM {source}.{table}"


# Bytes


def _read_head(file: Path, opened: BinaryIO) -> tuple[Manifest, int]:
    """The manifest, and where the database begins."""
    if opened.read(len(MAGIC)) != MAGIC:
        raise DocumentError(f"{file} is not an exported collection; make one with `python -m index export FILE`")
    try:
        manifest = Manifest(**json.loads(opened.readline(_LONGEST_MANIFEST)))
        size = int(manifest.bytes)
    except (TypeError, ValueError) as error:
        raise _damaged(file, "its first lines cannot be read") from error
    if size < 0:
        raise _damaged(file, "its first lines cannot be read")
    return manifest, opened.tell()


def _damaged(file: Path, why: str) -> DocumentError:
    return DocumentError(f"{file} is damaged: {why}; copy it again from where it came, or export it again")


def _blocks(source: BinaryIO, size: int, on_progress: Callable[[Progress], None], stage: str) -> Iterator[bytes]:
    """The next `size` bytes; fewer where the file ends."""
    done = 0
    while done < size and (block := source.read(min(_BLOCK, size - done))):
        done += len(block)
        yield block
        on_progress(Progress(stage, done // _BLOCK, size // _BLOCK))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
