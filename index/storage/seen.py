"""The table of what was read: what each file, page and entry of a feed held then, under which version of the readers.

Functions over a connection; they work inside its transaction.
"""

import sqlite3
from collections.abc import Sequence

from index.documents.memory import Seen

TABLE = """
CREATE TABLE seen (
    place TEXT NOT NULL,             -- a file's path or a web address
    feed TEXT NOT NULL,              -- the feed that it is an entry of, itself if it is one, else ''
    reader TEXT NOT NULL,
    mark TEXT NOT NULL,              -- the sha256 of the bytes, or what a server or feed calls this version
    documents TEXT NOT NULL,         -- digest of the ids and content hashes that it gave
    PRIMARY KEY (place, feed)
);
"""


def seen_places(connection: sqlite3.Connection, reader: str) -> list[Seen]:
    """All that this version of the readers has read."""
    rows = connection.execute("SELECT place, feed, mark, documents FROM seen WHERE reader = ?", (reader,))
    return [Seen(*row) for row in rows]


def put_seen(connection: sqlite3.Connection, reader: str, seen: Sequence[Seen]) -> None:
    """Note what was read now. Entries that their feed has no more are forgotten, and files whose documents are gone."""
    feeds = {each.feed for each in seen if each.feed}
    connection.executemany("DELETE FROM seen WHERE feed = ?", [(feed,) for feed in feeds])
    connection.executemany(
        "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)",
        [(each.place, each.feed, reader, each.mark, each.documents) for each in seen],
    )
    connection.execute("DELETE FROM seen WHERE feed = '' AND place NOT IN (SELECT path FROM documents)")
