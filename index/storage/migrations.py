"""The steps that make the tables of the SQLite file, and that bring a file of an older Parley forward.

To change the tables, append one step to `MIGRATIONS` and touch no step before it: step n makes schema version n out of
version n - 1, and a new file runs them all, so that there is one description of the tables and not two. A step is SQL,
its statements separated by `;` at the end of a line, or a function that gets the connection. Steps run inside one
transaction with foreign keys unchecked until its end, so that a table may be made anew; they need neither BEGIN nor
COMMIT. Two branches that both append a step: whoever lands second moves theirs behind.

A file that holds documents is copied before its first step: `parley-schema-<version>.sqlite3` beside it is what the
older Parley wrote. Tables that belong to other packages (`rag.records`) are theirs to make, not steps here.
"""

import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from index.errors import StorageError
from index.storage import lineage, seen

Step = str | Callable[[sqlite3.Connection], None]

# The tokens of `chunk_tokens` are made by index.text.lexical; SQLite must neither split nor fold them further. Its
# `ascii` tokenizer keeps every letter beyond ASCII, and here every ASCII sign too, so that only the spaces between
# them count.
_TOKEN_SIGNS = "!#$%&()*+,-./:;<=>?@[\\]^_`{|}~"

_FIRST_TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    date TEXT,
    language TEXT NOT NULL,
    fields TEXT NOT NULL,            -- the document as JSON, without its text
    text TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    root TEXT NOT NULL,              -- the path that was synced, or 'added'
    path TEXT NOT NULL,              -- the file it came from
    ingested_at TEXT NOT NULL
);
CREATE INDEX documents_by_date ON documents (date);
CREATE TABLE chunks (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents (id),
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL,
    embedded_hash TEXT NOT NULL      -- key of `embeddings`
);
CREATE INDEX chunks_by_document ON chunks (document_id, ordinal);
CREATE TABLE embeddings (
    content_hash TEXT NOT NULL,
    model_id TEXT NOT NULL,
    vector BLOB NOT NULL,            -- float32, little-endian
    PRIMARY KEY (content_hash, model_id)
);
CREATE VIRTUAL TABLE chunk_tokens USING fts5 (title, body, tokenize = "ascii tokenchars '{_TOKEN_SIGNS}''""'");
"""

# In how many rows of the lexical index each term is; SQLite reads it off the index itself.
_TERM_COUNTS = "CREATE VIRTUAL TABLE chunk_terms USING fts5vocab (chunk_tokens, row);\n"

# Until now the dense index held every chunk.
_LAST_ROW = """
UPDATE meta SET value = json_set(value, '$.last_row', (SELECT coalesce(max(rowid), 0) FROM chunks)) WHERE key = 'state';
"""

MIGRATIONS: tuple[Step, ...] = (_FIRST_TABLES, _TERM_COUNTS, _LAST_ROW, lineage.TABLES, seen.TABLE)
SCHEMA_VERSION = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection, database: Path, steps: Sequence[Step] = MIGRATIONS) -> None:
    """Bring the file to the version that `steps` lead to, all of it or nothing.

    Raises StorageError where the file is newer than that or cannot be written, and sqlite3.Error.
    """
    version = schema_version(connection)
    if version == len(steps):
        return
    _refuse_newer(version, len(steps), database)
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        connection.execute("BEGIN IMMEDIATE")
        version = schema_version(connection)  # another process may have been first
        _refuse_newer(version, len(steps), database)
        if version < len(steps):
            if version and _holds_documents(connection):
                _keep_copy(database, version)
            for step in steps[version:]:
                _run(connection, step)
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise StorageError(f"{database} cannot be brought to schema version {len(steps)}: rows of {broken[0]}")
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('schema_version', ?)", (str(len(steps)),))
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY:
            raise StorageError(
                f"{database} has schema version {version} and has to move to {len(steps)}, but it cannot be written; "
                "make it writable and run `python -m index status`"
            ) from error
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def schema_version(connection: sqlite3.Connection) -> int:
    """0 for a file without tables."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return 0
    row = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    return int(row[0]) if row else 0


def copy_path(database: Path, version: int) -> Path:
    """Where the copy of a file of that version is kept."""
    return database.with_name(f"{database.stem}-schema-{version}{database.suffix}")


def copy_database(database: Path, target: Path) -> None:
    """A copy as of the last commit, whole or not there at all; others may read and write meanwhile."""
    scratch = target.with_name(f"{target.name}.part")
    scratch.unlink(missing_ok=True)
    source = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    copy = sqlite3.connect(scratch)
    try:
        source.backup(copy)
        # One file without a log beside it; whoever opens it for writing gets the log again.
        copy.execute("PRAGMA journal_mode = DELETE")
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise
    finally:
        copy.close()
        source.close()
    _to_disk(scratch)
    scratch.replace(target)
    _to_disk(target.parent)


def _refuse_newer(version: int, known: int, database: Path) -> None:
    if version > known:
        raise StorageError(
            f"{database} has schema version {version}, and this Parley reads up to {known}; "
            "upgrade Parley, or point PARLEY_HOME to another folder"
        )


def _holds_documents(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is not None


def _keep_copy(database: Path, version: int) -> None:
    """A second connection copies: the one that migrates holds the write lock, so that nothing changes meanwhile."""
    copy_database(database, copy_path(database, version))


def _run(connection: sqlite3.Connection, step: Step) -> None:
    if callable(step):
        step(connection)
        return
    for statement in step.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
