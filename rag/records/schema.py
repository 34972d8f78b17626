"""The tables of the records. They are made where they are missing, and have a version of their own in `meta`."""

import sqlite3
from pathlib import Path

from index.errors import StorageError

RECORDS_VERSION = 1

_VERSION_KEY = "records_version"
_TABLES = (
    """CREATE TABLE IF NOT EXISTS answers (
        ordinal INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        conversation_id TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        answer TEXT NOT NULL,             -- the Answer as JSON
        replaces TEXT                     -- the id of the answer whose place this one takes
    )""",
    "CREATE INDEX IF NOT EXISTS answers_by_conversation ON answers (conversation_id, ordinal)",
    """CREATE TABLE IF NOT EXISTS feedback (
        answer_id TEXT PRIMARY KEY REFERENCES answers (id) ON DELETE CASCADE,
        rating TEXT NOT NULL,
        comment TEXT NOT NULL,
        given_at TEXT NOT NULL
    )""",
)


def has_records(connection: sqlite3.Connection, database: Path) -> bool:
    """Whether the tables are there. Raises StorageError when a newer Parley made them."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_VERSION_KEY,)).fetchone()
    if row and int(row[0]) > RECORDS_VERSION:
        raise StorageError(
            f"{database} keeps conversations in version {row[0]}, and this Parley reads up to {RECORDS_VERSION}; "
            "upgrade Parley, or point PARLEY_HOME to another folder"
        )
    return row is not None


def make_tables(connection: sqlite3.Connection) -> None:
    """Inside a transaction that writes."""
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_VERSION_KEY, str(RECORDS_VERSION)))
