"""What documents have to do with each other and with what they were: tables of near-duplicates and earlier versions.

Functions over a connection; they work inside its transaction. Nothing here is searched: an earlier version is kept to
be read, and what replaces what is known by `near_duplicates.is_update`.
"""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable

import numpy as np
from pydantic import BaseModel, ConfigDict

from index.stories import Link, Signatures
from index.text.similarity import VALUES, Signature
from index.types import Document

TABLES = """
CREATE TABLE document_versions (
    number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    fields TEXT NOT NULL,            -- as in `documents`
    text TEXT NOT NULL,
    ingested_at TEXT NOT NULL,
    replaced_at TEXT NOT NULL
);
CREATE INDEX document_versions_by_document ON document_versions (document_id, number);
CREATE TABLE document_signatures (
    document_id TEXT PRIMARY KEY,
    runs INTEGER NOT NULL,
    signature BLOB NOT NULL          -- unsigned 32-bit integers, little-endian
);
CREATE TABLE near_duplicates (
    older TEXT NOT NULL,
    newer TEXT NOT NULL,
    similarity REAL NOT NULL,
    is_update INTEGER NOT NULL,      -- 1: the newer document replaces the older one
    PRIMARY KEY (older, newer)
);
CREATE INDEX near_duplicates_by_newer ON near_duplicates (newer);
"""


class EarlierVersion(BaseModel):
    """What a document was before it changed."""

    model_config = ConfigDict(frozen=True)

    document: Document
    ingested_at: dt.datetime
    replaced_at: dt.datetime


def keep_version(connection: sqlite3.Connection, document: Document, content_hash: str) -> None:
    """Keep what is stored of the document where its title or text is about to change."""
    connection.execute(
        "INSERT INTO document_versions (document_id, content_hash, fields, text, ingested_at, replaced_at) "
        "SELECT id, content_hash, fields, text, ingested_at, ? FROM documents "
        "WHERE id = ? AND content_hash != ? AND (text != ? OR json_extract(fields, '$.title') != ?)",
        (_now(), document.id, content_hash, document.text, document.title),
    )


def versions(connection: sqlite3.Connection, document_id: str) -> list[EarlierVersion]:
    """Earlier versions, the latest first."""
    rows = connection.execute(
        "SELECT fields, text, ingested_at, replaced_at FROM document_versions "
        "WHERE document_id = ? ORDER BY number DESC",
        (document_id,),
    )
    return [
        EarlierVersion(document={**json.loads(fields), "text": text}, ingested_at=ingested, replaced_at=replaced)
        for fields, text, ingested, replaced in rows
    ]


def put_signature(connection: sqlite3.Connection, document_id: str, signature: Signature) -> None:
    values = signature.values.astype("<u4").tobytes()
    connection.execute(
        "INSERT OR REPLACE INTO document_signatures VALUES (?, ?, ?)", (document_id, signature.runs, values)
    )


def signatures(connection: sqlite3.Connection) -> Signatures:
    """Those of all documents."""
    rows = connection.execute("SELECT document_id, runs, signature FROM document_signatures").fetchall()
    values = np.frombuffer(b"".join(row[2] for row in rows), dtype="<u4").reshape(len(rows), VALUES)
    return Signatures([row[0] for row in rows], np.array([row[1] for row in rows], dtype=np.int64), values)


def replace_links(connection: sqlite3.Connection, document_ids: Iterable[str], links: Iterable[Link]) -> None:
    """Forget every link of these documents, and note `links`."""
    connection.executemany(
        "DELETE FROM near_duplicates WHERE older = ?1 OR newer = ?1", [(each,) for each in document_ids]
    )
    connection.executemany(
        "INSERT OR REPLACE INTO near_duplicates VALUES (?, ?, ?, ?)",
        [(each.older, each.newer, each.similarity, int(each.is_update)) for each in links],
    )


def forget(connection: sqlite3.Connection, document_id: str) -> None:
    """Remove all that these tables hold of a document."""
    replace_links(connection, [document_id], [])
    for table in ("document_versions", "document_signatures"):
        connection.execute(f"DELETE FROM {table} WHERE document_id = ?", (document_id,))


def links(connection: sqlite3.Connection) -> list[Link]:
    rows = connection.execute("SELECT older, newer, similarity, is_update FROM near_duplicates ORDER BY older, newer")
    return [Link(older, newer, similarity, bool(is_update)) for older, newer, similarity, is_update in rows]


def superseded(connection: sqlite3.Connection, as_of: str | None) -> dict[str, str]:
    """Documents that a later one replaces, and by which; with `as_of`, by one that is dated until then."""
    rows = connection.execute(
        "SELECT older, newer FROM near_duplicates JOIN documents ON documents.id = newer "
        "WHERE is_update AND (?1 IS NULL OR documents.date <= ?1) ORDER BY documents.date, newer",
        (as_of,),
    )
    return dict(rows.fetchall())


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
