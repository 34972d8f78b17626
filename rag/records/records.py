"""Saves and reads answers, conversations and feedback.

Each call is a transaction on a connection of its own, so that one object serves all threads, and a sync that writes the
same file delays a call by no more than its longest transaction.
"""

import datetime as dt
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from index.storage.schema import open_database, storage_errors
from rag.records.schema import has_records, make_tables
from rag.records.types import Feedback, Rating, StoredAnswer, UnknownAnswerError
from rag.types import Answer

_ID_BYTES = 16
_PATIENCE_S = 30.0  # for a sync that holds the file

_ANSWER = "answers.id, answers.conversation_id, answers.asked_at, answers.answer"
_STANDING = (
    "conversation_id = ? AND NOT EXISTS (SELECT 1 FROM answers AS later"
    " WHERE later.conversation_id = answers.conversation_id AND later.replaces = answers.id)"
)


class Records:
    """The records in one database; opens nothing until it is used."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def save(self, answer: Answer, conversation_id: str | None, replaces: str | None = None) -> StoredAnswer:
        """The answer with its ids, once it is on the disk; None as conversation begins a new one.

        The answer `replaces` no longer belongs to the conversation then, but can still be read by its id. Raises
        StorageError where the home cannot be written.
        """
        answer_id, conversation_id = _new_id(), conversation_id or _new_id()
        answer = answer.model_copy(update={"answer_id": answer_id, "conversation_id": conversation_id})
        stored = StoredAnswer(answer_id, conversation_id, _now(), answer)
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO answers (id, conversation_id, asked_at, answer, replaces) VALUES (?, ?, ?, ?, ?)",
                (answer_id, conversation_id, stored.asked_at.isoformat(), answer.model_dump_json(), replaces),
            )
        return stored

    def answer(self, answer_id: str) -> StoredAnswer | None:
        """The stored answer, or None if there is none of this id."""
        rows = self._rows(f"SELECT {_ANSWER} FROM answers WHERE id = ?", (answer_id,))
        return _stored(rows[0]) if rows else None

    def conversation(self, conversation_id: str) -> list[StoredAnswer]:
        """Its answers without replaced ones, the oldest first; none for a conversation that is not known."""
        rows = self._rows(f"SELECT {_ANSWER} FROM answers WHERE {_STANDING} ORDER BY ordinal", (conversation_id,))
        return [_stored(row) for row in rows]

    def questions(self, conversation_id: str, last: int, replaced: str | None = None) -> tuple[str, ...]:
        """The conversation's `last` questions, the oldest first: the history of the next one.

        The question of the answer `replaced`, which that next one takes the place of, is left out.
        """
        rows = self._rows(
            f"SELECT json_extract(answer, '$.question') FROM answers WHERE {_STANDING} AND id IS NOT ? "
            "ORDER BY ordinal DESC LIMIT ?",
            (conversation_id, replaced, last),
        )
        return tuple(question for (question,) in reversed(rows))

    def latest(self, conversation_id: str, replaced: str | None = None) -> StoredAnswer | None:
        """The conversation's newest answer, that of the id `replaced` left out."""
        rows = self._rows(
            f"SELECT {_ANSWER} FROM answers WHERE {_STANDING} AND id IS NOT ? ORDER BY ordinal DESC LIMIT 1",
            (conversation_id, replaced),
        )
        return _stored(rows[0]) if rows else None

    def delete_conversation(self, conversation_id: str) -> int:
        """How many answers were deleted, each with the feedback on it."""
        with self._writing() as connection:
            connection.execute("PRAGMA secure_delete = ON")  # overwrites what it frees
            return connection.execute("DELETE FROM answers WHERE conversation_id = ?", (conversation_id,)).rowcount

    def add_feedback(self, answer_id: str, rating: Rating, comment: str = "") -> None:
        """Keep a verdict; a second one on the same answer takes the place of the first.

        Raises UnknownAnswerError.
        """
        with self._writing() as connection:
            if not connection.execute("SELECT 1 FROM answers WHERE id = ?", (answer_id,)).fetchone():
                raise UnknownAnswerError(
                    f"No answer {answer_id!r} is stored; send the answer_id that came with the answer."
                )
            connection.execute(
                "INSERT OR REPLACE INTO feedback (answer_id, rating, comment, given_at) VALUES (?, ?, ?, ?)",
                (answer_id, rating, comment, _now().isoformat()),
            )

    def feedback(self) -> Iterator[Feedback]:
        """Every verdict, the oldest first."""
        rows = self._rows(
            f"SELECT {_ANSWER}, rating, comment, given_at FROM feedback JOIN answers ON answers.id = answer_id "
            "ORDER BY given_at, answers.ordinal"
        )
        for *answer, rating, comment, given_at in rows:
            yield Feedback(_stored(answer), rating, comment, dt.datetime.fromisoformat(given_at))

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple]:
        """Nothing where nothing was ever kept: reading makes neither a database nor tables."""
        if not self._database.exists():
            return []
        with closing(self._open()) as connection, storage_errors(self._database):
            if not has_records(connection, self._database):
                return []
            return connection.execute(query, parameters).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """All of the block or nothing; on leaving it, it is on the disk."""
        with closing(self._open()) as connection, storage_errors(self._database):
            connection.execute("BEGIN IMMEDIATE")  # what is not committed ends with the connection
            if not has_records(connection, self._database):
                make_tables(connection)
            yield connection
            connection.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        return open_database(self._database, create=True, timeout_s=_PATIENCE_S)


def _stored(row: Sequence[str]) -> StoredAnswer:
    answer_id, conversation_id, asked_at, answer = row
    return StoredAnswer(
        answer_id, conversation_id, dt.datetime.fromisoformat(asked_at), Answer.model_validate_json(answer)
    )


def _new_id() -> str:
    return secrets.token_urlsafe(_ID_BYTES)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
