"""The SQLite truth, read and written: documents, chunks, their tokens, embeddings, and the state of the index.

Every method works inside the transaction that is open, if one is; `reading` and `writing` open one.
"""

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from index.derivation import Derived
from index.documents.memory import Seen
from index.storage import lineage
from index.storage.lexical_search import LexicalSearch
from index.storage.lineage import EarlierVersion
from index.storage.schema import open_database, storage_errors
from index.storage.seen import put_seen, seen_places
from index.stories import Link, Signatures, groups
from index.types import Chunk, Coverage, Document, DocumentSummary, ScoredChunk

_CHUNK = "chunks.id, chunks.document_id, chunks.ordinal, chunks.start, chunks.end, chunks.text"
_DATED = "(:as_of IS NULL OR documents.date <= :as_of)"  # an undated document is never known to be early enough


@dataclass(frozen=True, slots=True)
class State:
    """What was last published. `generation` names the dense index that belongs to it; None before the first.

    The generation holds the chunks up to row `last_row`. Later ones are pending: readers search them exactly.
    """

    model_id: str | None = None
    generation: str | None = None
    previous_generation: str | None = None
    last_row: int = 0
    dead: int = 0  # entries of the dense index that were deleted or replaced since it was last built afresh
    derivation: str | None = None
    index_version: str | None = None
    synced_at: str | None = None


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """Where a document came from, and the hash that tells whether it changed."""

    id: str
    content_hash: str
    root: str
    path: str
    ingested_at: str = ""


@dataclass(frozen=True, slots=True)
class DenseEntry:
    """What the dense index holds for a chunk."""

    chunk_id: str
    document_id: str
    start: int
    end: int
    embedded_hash: str


class Store:
    """One connection to the database. Not for several threads at the same time."""

    def __init__(self, connection: sqlite3.Connection, database: Path) -> None:
        self._connection = connection
        self._lexical = LexicalSearch(connection)
        self.database = database

    @classmethod
    def open(cls, database: Path, *, create: bool = False, timeout_s: float = 10.0) -> Self:
        """Raises StorageError; see `index.storage.schema.open_database`."""
        return cls(open_database(database, create=create, timeout_s=timeout_s), database)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[State]:
        """One consistent state until the block ends, whatever others write meanwhile."""
        with storage_errors(self.database):
            self._connection.execute("BEGIN")
        try:
            yield self.state()
        finally:
            self._rollback()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All of the block or nothing; on leaving it, it is on the disk."""
        with storage_errors(self.database):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._rollback()
                raise

    @contextmanager
    def attached(self, database: Path) -> Iterator[sqlite3.Connection]:
        """The connection with another database as `other`, for moving whole tables; begin a transaction inside."""
        with storage_errors(self.database):
            self._connection.execute("ATTACH ? AS other", (str(database),))
            try:
                yield self._connection
            finally:
                self._connection.execute("DETACH other")

    def _rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _rows(self, query: str, parameters: Mapping[str, object] | Sequence[object] = ()) -> list[tuple]:
        with storage_errors(self.database):
            return self._connection.execute(query, parameters).fetchall()

    # State

    def state(self) -> State:
        """The state as the transaction sees it."""
        values = dict(self._rows("SELECT key, value FROM meta WHERE key = 'state'"))
        return State(**json.loads(values["state"])) if values else State()

    def set_state(self, state: State) -> None:
        """Replace the state, inside `writing`."""
        values = json.dumps({name: getattr(state, name) for name in State.__slots__})
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('state', ?)", (values,))

    def version(self, model_id: str) -> str:
        """Names these documents under this model: 12 hexadecimal digits, the same on every machine."""
        digest = hashlib.sha256(model_id.encode())
        for row in self._rows("SELECT id, content_hash FROM documents ORDER BY id"):
            digest.update("\0".join(row).encode() + b"\n")
        return digest.hexdigest()[:12]

    # Documents

    def document(self, document_id: str) -> Document | None:
        rows = self._rows("SELECT fields, text FROM documents WHERE id = ?", (document_id,))
        return _document(*rows[0]) if rows else None

    def all_documents(self) -> Iterator[Document]:
        """Every document with its text, by id, one at a time."""
        with storage_errors(self.database):
            for row in self._connection.execute("SELECT fields, text FROM documents ORDER BY id"):
                yield _document(*row)

    def summaries(self) -> list[DocumentSummary]:
        """Newest first, the undated last."""
        rows = self._rows("SELECT id, fields, length(text) FROM documents ORDER BY date DESC NULLS LAST, id")
        stories = groups((link.older, link.newer) for link in self.links())
        replaced = self.superseded()
        return [
            DocumentSummary(
                **json.loads(fields), characters=count, story=stories.get(id_), superseded_by=replaced.get(id_)
            )
            for id_, fields, count in rows
        ]

    def stored_documents(self) -> dict[str, StoredDocument]:
        rows = self._rows("SELECT id, content_hash, root, path, ingested_at FROM documents")
        return {row[0]: StoredDocument(*row) for row in rows}

    def holds_day_between(self, first: dt.date, last: dt.date) -> bool:
        """Whether any document is dated on one of these days, both included."""
        found = self._rows("SELECT 1 FROM documents WHERE date BETWEEN ? AND ? LIMIT 1", (_iso(first), _iso(last)))
        return bool(found)

    def ingested_since(self, day: dt.date) -> set[str]:
        """The documents that came, or were changed, on that day (UTC) or later."""
        return {row[0] for row in self._rows("SELECT id FROM documents WHERE ingested_at >= ?", (day.isoformat(),))}

    def coverage(self, as_of: dt.date | None = None) -> Coverage:
        """How many documents there are and from when to when; with `as_of`, of those dated until then."""
        rows = self._rows(
            f"SELECT count(*), min(date), max(date) FROM documents WHERE {_DATED}", {"as_of": _iso(as_of)}
        )
        documents, oldest, newest = rows[0]
        return Coverage(documents=documents, oldest=oldest, newest=newest, as_of=as_of)

    def languages(self) -> dict[str, int]:
        """How many documents there are in each language, most first."""
        return dict(self._rows("SELECT language, count(*) AS n FROM documents GROUP BY language ORDER BY n DESC, 1"))

    # Chunks

    def document_chunks(self, document_id: str) -> list[Chunk]:
        rows = self._rows(f"SELECT {_CHUNK} FROM chunks WHERE document_id = ? ORDER BY ordinal", (document_id,))
        return [Chunk(*row) for row in rows]

    def sample_chunks(self, most: int) -> list[tuple[str, Chunk]]:
        """For each language up to twice `most` of its chunks, spread over all of them, each with the language."""
        rows = self._rows(
            f"SELECT language, {_CHUNK.replace('chunks.', '')} FROM ("
            f" SELECT documents.language, {_CHUNK},"
            " row_number() OVER (PARTITION BY documents.language ORDER BY chunks.rowid) AS number,"
            " count(*) OVER (PARTITION BY documents.language) AS total"
            " FROM chunks JOIN documents ON documents.id = chunks.document_id"
            ") WHERE number % max(1, total / :most) = 0",
            {"most": most},
        )
        return [(language, Chunk(*fields)) for language, *fields in rows]

    def chunk_count(self) -> int:
        return self._rows("SELECT count(*) FROM chunks")[0][0]

    def chunks_by_id(
        self, ids: Iterable[str], as_of: dt.date | None = None, last_row: int | None = None
    ) -> dict[str, Chunk]:
        """Those of `ids` that exist, in rows up to `last_row`, and whose document is dated until `as_of`."""
        rows = self._rows(
            f"SELECT {_CHUNK} FROM chunks JOIN documents ON documents.id = document_id "
            "WHERE chunks.id IN (SELECT value FROM json_each(:ids)) "
            f"AND (:last_row IS NULL OR chunks.rowid <= :last_row) AND {_DATED}",
            {"ids": json.dumps(list(ids)), "as_of": _iso(as_of), "last_row": last_row},
        )
        return {row[0]: Chunk(*row) for row in rows}

    def dense_entries(self, last_row: int | None = None) -> dict[str, DenseEntry]:
        """What the dense index should hold, by chunk id; with `last_row`, of rows up to there."""
        rows = self._rows(
            "SELECT id, document_id, start, end, embedded_hash FROM chunks WHERE ? IS NULL OR rowid <= ?",
            (last_row, last_row),
        )
        return {row[0]: DenseEntry(*row) for row in rows}

    def chunk_rows(self, document_ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Row number and content hash of each chunk of these documents, by chunk id."""
        rows = self._rows(
            "SELECT id, rowid, embedded_hash FROM chunks WHERE document_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(document_ids)),),
        )
        return {chunk_id: (row, embedded_hash) for chunk_id, row, embedded_hash in rows}

    def last_row(self) -> int:
        """The largest row number of a chunk; 0 without chunks."""
        return self._rows("SELECT coalesce(max(rowid), 0) FROM chunks")[0][0]

    def pending_count(self, last_row: int) -> int:
        """How many chunks are in rows after `last_row`."""
        return self._rows("SELECT count(*) FROM chunks WHERE rowid > ?", (last_row,))[0][0]

    def pending_embeddings(self, last_row: int, model_id: str) -> tuple[list[str], np.ndarray]:
        """Ids and embeddings `(chunks, dim)` of the chunks in rows after `last_row`."""
        rows = self._rows(
            "SELECT chunks.id, vector FROM chunks "
            "JOIN embeddings ON content_hash = embedded_hash AND model_id = ? WHERE chunks.rowid > ?",
            (model_id, last_row),
        )
        vectors = np.frombuffer(b"".join(vector for _, vector in rows), dtype="<f4")
        return [chunk_id for chunk_id, _ in rows], vectors.reshape(len(rows), -1 if rows else 0)

    def lexical(self, tokens: Sequence[str], k: int, as_of: dt.date | None = None) -> list[ScoredChunk]:
        """The `k` chunks with the best BM25 for any of the tokens, best first; larger is better."""
        with storage_errors(self.database):
            found = self._lexical.search(tokens, k, _iso(as_of))
        rows = self._rows(
            f"SELECT chunks.rowid, {_CHUNK} FROM chunks WHERE rowid IN (SELECT value FROM json_each(?))",
            (json.dumps([row for row, _ in found]),),
        )
        chunks = {row: Chunk(*fields) for row, *fields in rows}
        return [ScoredChunk(chunks[row], score) for row, score in found]

    def terms(self, initial: str) -> list[str]:
        """The terms of the lexical index that begin with that letter."""
        with storage_errors(self.database):
            return self._lexical.terms(initial)

    def languages_of(self, document_ids: Iterable[str]) -> dict[str, str]:
        """The language of each document that is stored."""
        rows = self._rows(
            "SELECT id, language FROM documents WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(document_ids)),),
        )
        return dict(rows)

    # Embeddings

    def embeddings(self, hashes: Iterable[str], model_id: str) -> dict[str, np.ndarray]:
        """The stored embeddings of these texts under this model; those that are not stored are left out."""
        rows = self._rows(
            "SELECT content_hash, vector FROM embeddings "
            "WHERE model_id = ? AND content_hash IN (SELECT value FROM json_each(?))",
            (model_id, json.dumps(list(hashes))),
        )
        return {content_hash: np.frombuffer(vector, dtype="<f4") for content_hash, vector in rows}

    def missing_embeddings(self, hashes: Iterable[str], model_id: str) -> list[str]:
        """Those of `hashes` that have no stored embedding under this model, each once, in order."""
        wanted = list(dict.fromkeys(hashes))
        rows = self._rows(
            "SELECT content_hash FROM embeddings "
            "WHERE model_id = ? AND content_hash IN (SELECT value FROM json_each(?))",
            (model_id, json.dumps(wanted)),
        )
        stored = {row[0] for row in rows}
        return [content_hash for content_hash in wanted if content_hash not in stored]

    def add_embeddings(self, embeddings: Mapping[str, np.ndarray], model_id: str) -> None:
        """Store embeddings by content hash, in a transaction of their own."""
        with self.writing():
            self._connection.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)",
                [
                    (content_hash, model_id, vector.astype("<f4").tobytes())
                    for content_hash, vector in embeddings.items()
                ],
            )

    # Writing, inside `writing`

    def put_document(self, derived: Derived, content_hash: str, root: str, path: str, last_row: int = 0) -> None:
        """Store a document with its chunks and tokens in place of what there was under its id.

        The time of ingestion is kept where the content is the same, and so are the rows of chunks that stay. New chunks
        get rows after `last_row`, whatever was deleted there.
        """
        lineage.keep_version(self._connection, derived.document, content_hash)
        self._put_fields(derived.document, content_hash, root, path)
        if derived.signature:
            lineage.put_signature(self._connection, derived.document.id, derived.signature)
        stored = self.chunk_rows([derived.document.id])
        kept = {
            item.chunk.id for item in derived.chunks if stored.get(item.chunk.id, (0, None))[1] == item.embedded_hash
        }
        self._delete_chunks([row for chunk_id, (row, _) in stored.items() if chunk_id not in kept])
        row = max(last_row, self.last_row())
        for item in derived.chunks:
            chunk = item.chunk
            if chunk.id in kept:
                self._connection.execute(
                    "UPDATE chunks SET ordinal = ?, start = ?, end = ?, text = ? WHERE id = ?",
                    (chunk.ordinal, chunk.start, chunk.end, chunk.text, chunk.id),
                )
                tokens_row = stored[chunk.id][0]
            else:
                row += 1
                tokens_row = row
                place = (chunk.ordinal, chunk.start, chunk.end, chunk.text, item.embedded_hash)
                self._connection.execute(
                    "INSERT INTO chunks (rowid, id, document_id, ordinal, start, end, text, embedded_hash) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (row, chunk.id, chunk.document_id, *place),
                )
            self._connection.execute(
                "INSERT OR REPLACE INTO chunk_tokens (rowid, title, body) VALUES (?, ?, ?)",
                (tokens_row, derived.title_tokens, item.tokens),
            )

    def _put_fields(self, document: Document, content_hash: str, root: str, path: str) -> None:
        self._connection.execute(
            "INSERT INTO documents (id, date, language, fields, text, content_hash, root, path, ingested_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "ingested_at = iif(content_hash = excluded.content_hash, ingested_at, excluded.ingested_at), "
            "date = excluded.date, language = excluded.language, fields = excluded.fields, text = excluded.text, "
            "content_hash = excluded.content_hash, root = excluded.root, path = excluded.path",
            (
                document.id,
                _iso(document.date),
                document.language,
                document.model_dump_json(exclude={"text"}),
                document.text,
                content_hash,
                root,
                path,
                dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            ),
        )

    def remove_document(self, document_id: str) -> None:
        """Remove a document with everything made from it and its earlier versions; its embeddings stay cached."""
        lineage.forget(self._connection, document_id)
        self._delete_chunks([row for row, _ in self.chunk_rows([document_id]).values()])
        self._connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    def _delete_chunks(self, rows: list[int]) -> None:
        for table in ("chunk_tokens", "chunks"):
            self._connection.executemany(f"DELETE FROM {table} WHERE rowid = ?", [(row,) for row in rows])

    def remove_stray_tokens(self) -> None:
        """Remove what the lexical index holds of chunks that are not there."""
        self._connection.execute("DELETE FROM chunk_tokens WHERE rowid NOT IN (SELECT rowid FROM chunks)")

    def set_origin(self, document_id: str, root: str, path: str) -> None:
        """Note that an unchanged document now comes from another place."""
        self._connection.execute("UPDATE documents SET root = ?, path = ? WHERE id = ?", (root, path, document_id))

    # Earlier versions and near-duplicates

    def versions(self, document_id: str) -> list[EarlierVersion]:
        """What the document was before it changed, the latest first."""
        with storage_errors(self.database):
            return lineage.versions(self._connection, document_id)

    def signatures(self) -> Signatures:
        """Those of all documents, for finding near-duplicates."""
        with storage_errors(self.database):
            return lineage.signatures(self._connection)

    def links(self) -> list[Link]:
        """Every two documents that tell the same story."""
        with storage_errors(self.database):
            return lineage.links(self._connection)

    def superseded(self, as_of: dt.date | None = None) -> dict[str, str]:
        """Documents that another replaces, and which; with `as_of`, by then."""
        with storage_errors(self.database):
            return lineage.superseded(self._connection, _iso(as_of))

    def replace_links(self, document_ids: Iterable[str], links: Iterable[Link]) -> None:
        """Note the links of documents that were put, in place of those they had; inside `writing`."""
        lineage.replace_links(self._connection, document_ids, links)

    # What was read

    def seen(self, reader: str) -> list[Seen]:
        """What this version of the readers has read, and what it held then."""
        with storage_errors(self.database):
            return seen_places(self._connection, reader)

    def put_seen(self, reader: str, seen: Sequence[Seen]) -> None:
        """Note what was read now, in a transaction of its own."""
        with self.writing():
            put_seen(self._connection, reader, seen)

    # Checking

    def integrity_problems(self) -> list[str]:
        """What SQLite itself finds wrong with the file and with the lexical index."""
        problems = [row[0] for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        problems += [f"foreign key: {row}" for row in self._rows("PRAGMA foreign_key_check")]
        try:
            self._connection.execute("INSERT INTO chunk_tokens (chunk_tokens) VALUES ('integrity-check')")
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:  # the check counts as writing
                problems.append(f"the lexical index is damaged: {error}")
        return problems

    def chunks_without_tokens(self) -> list[str]:
        """Ids of chunks that the lexical index lacks, and row numbers that it has too many."""
        lost = self._rows("SELECT id FROM chunks WHERE rowid NOT IN (SELECT rowid FROM chunk_tokens)")
        extra = self._rows("SELECT rowid FROM chunk_tokens WHERE rowid NOT IN (SELECT rowid FROM chunks)")
        return [row[0] for row in lost] + [f"row {row[0]}" for row in extra]


def _document(fields: str, text: str) -> Document:
    return Document.model_validate({**json.loads(fields), "text": text})


def _iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None
