"""The SQLite file that holds the truth: how it is opened, and what its errors mean to a user.

Its tables are described in index/storage/migrations.py, and so is how they are changed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import StorageError
from index.storage.migrations import migrate

_MEANINGS = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and run this again, nothing that was stored is lost",
    sqlite3.SQLITE_READONLY: "it cannot be written; make it writable or point PARLEY_HOME to a folder that is",
    sqlite3.SQLITE_PERM: "it cannot be written; make it writable or point PARLEY_HOME to a folder that is",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that PARLEY_HOME is a folder that can be read and written",
    sqlite3.SQLITE_IOERR: "reading or writing it failed; check the disk and its free space, then run this again",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore a copy, or move it away and run `python -m index sync`",
    sqlite3.SQLITE_NOTADB: "it is not a database; restore a copy, or move it away and run `python -m index sync`",
    sqlite3.SQLITE_BUSY: "another process is using it; try again when that is done",
    sqlite3.SQLITE_LOCKED: "another process is using it; try again when that is done",
}


@contextmanager
def storage_errors(database: Path) -> Iterator[None]:
    """Turns what SQLite and the file system raise into a StorageError with the way out."""
    try:
        yield
    except sqlite3.Error as error:
        primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        meaning = _MEANINGS.get(primary, "run `python -m index verify`")
        raise StorageError(f"{database}: {error}: {meaning}") from error
    except OSError as error:
        raise StorageError(
            f"{error.filename or database}: {error.strerror}; check that PARLEY_HOME can be written and has free space"
        ) from error


def open_database(database: Path, *, create: bool = False, timeout_s: float = 10.0) -> sqlite3.Connection:
    """A connection that may be handed from thread to thread; transactions are begun by hand.

    `create` makes the file where there is none. A file of an older Parley is brought forward, with a copy kept. A home
    that cannot be written is opened for reading. Raises StorageError, also when there is no database and none may be
    made, or when a newer Parley made it.
    """
    with storage_errors(database):
        if create and not database.exists():
            database.parent.mkdir(parents=True, exist_ok=True)
            connection = _connect(f"{database.absolute().as_uri()}?mode=rwc", timeout_s)
        else:
            connection = _open_existing(database, timeout_s)
        try:
            migrate(connection, database)
        except BaseException:
            connection.close()
            raise
        return connection


def _connect(uri: str, timeout_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        # WAL lets readers keep their state while a writer works; FULL makes a commit survive a power cut.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _open_existing(database: Path, timeout_s: float) -> sqlite3.Connection:
    uri = database.absolute().as_uri()
    try:
        return _connect(f"{uri}?mode=rw", timeout_s)
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            raise
        if not database.exists():
            raise
    try:
        return _connect_readonly(f"{uri}?mode=ro", timeout_s)
    except sqlite3.OperationalError:
        # A write-ahead log needs a folder that can be written, unless nobody at all can write.
        return _connect_readonly(f"{uri}?immutable=1", timeout_s)


def _connect_readonly(uri: str, timeout_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection
