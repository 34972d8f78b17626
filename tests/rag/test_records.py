"""Answers, conversations and feedback in the database that the documents are in."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import StorageError
from index.settings import Settings
from index.storage.store import Store
from index.types import Coverage
from rag.records import Records, UnknownAnswerError
from rag.types import Answer


def answer(question: str = "Who met?") -> Answer:
    return Answer(
        question=question,
        standalone_question=question,
        status="abstained",
        text="The documents do not say.",
        coverage=Coverage(documents=1),
        index_version="0123456789ab",
    )


@pytest.fixture
def records(settings: Settings) -> Records:
    return Records(settings.database)


def test_a_saved_answer_is_read_back_with_its_ids(records: Records) -> None:
    stored = records.save(answer(), None)
    assert records.answer(stored.id) == stored
    assert stored.answer == answer().model_copy(
        update={"answer_id": stored.id, "conversation_id": stored.conversation_id}
    )
    assert stored.asked_at.utcoffset().total_seconds() == 0


def test_ids_cannot_be_guessed_from_one_another(records: Records) -> None:
    ids = {records.save(answer(), "one").id for _ in range(20)}
    assert len(ids) == 20
    assert all(len(answer_id) == 22 for answer_id in ids)


def test_a_conversation_is_given_in_the_order_it_was_held(records: Records) -> None:
    first = records.save(answer("First?"), None)
    records.save(answer("Elsewhere?"), None)
    second = records.save(answer("Second?"), first.conversation_id)
    assert records.conversation(first.conversation_id) == [first, second]
    assert records.questions(first.conversation_id, last=5) == ("First?", "Second?")
    assert records.questions(first.conversation_id, last=1) == ("Second?",)


def test_an_answer_takes_the_place_of_another_which_is_still_there_by_its_id(records: Records) -> None:
    first = records.save(answer("First?"), None)
    second = records.save(answer("Second?"), first.conversation_id)
    assert records.questions(first.conversation_id, last=5, replaced=second.id) == ("First?",)
    again = records.save(answer("Second, in other words?"), first.conversation_id, replaces=second.id)
    assert records.conversation(first.conversation_id) == [first, again]
    assert records.questions(first.conversation_id, last=5) == ("First?", "Second, in other words?")
    assert records.answer(second.id) == second


def test_nobody_can_take_an_answer_out_of_another_conversation(records: Records) -> None:
    kept = records.save(answer(), "kept")
    records.save(answer(), "another", replaces=kept.id)
    assert records.conversation("kept") == [kept]


def test_deleting_a_conversation_leaves_nothing_of_it(records: Records, settings: Settings) -> None:
    kept = records.save(answer(), "kept")
    gone = records.save(answer("A secret question?"), "gone")
    for stored in (kept, gone):
        records.add_feedback(stored.id, "up", "thanks")
    assert records.delete_conversation("gone") == 1
    assert records.answer(gone.id) is None
    assert records.conversation("gone") == []
    assert [feedback.stored for feedback in records.feedback()] == [kept]
    assert records.delete_conversation("gone") == 0
    assert b"A secret question?" not in settings.database.read_bytes()


def test_the_last_verdict_on_an_answer_counts(records: Records) -> None:
    stored = records.save(answer(), None)
    records.add_feedback(stored.id, "down", "wrong year")
    records.add_feedback(stored.id, "up")
    (feedback,) = records.feedback()
    assert (feedback.stored, feedback.rating, feedback.comment) == (stored, "up", "")


def test_feedback_on_an_unknown_answer_is_refused(records: Records) -> None:
    with pytest.raises(UnknownAnswerError, match="'nothing'"):
        records.add_feedback("nothing", "up")


def test_reading_a_home_without_records_finds_nothing_and_makes_nothing(records: Records, settings: Settings) -> None:
    assert records.answer("x") is None
    assert records.conversation("x") == []
    assert list(records.feedback()) == []
    assert not settings.home.exists()


def test_a_home_of_documents_gets_the_tables_with_the_first_answer(records: Records, settings: Settings) -> None:
    Store.open(settings.database, create=True).close()
    assert list(records.feedback()) == []
    stored = records.save(answer(), None)
    assert records.answer(stored.id) == stored


def test_answers_are_saved_by_many_threads_while_a_sync_has_the_file(records: Records, settings: Settings) -> None:
    with Store.open(settings.database, create=True) as store:
        threads = [threading.Thread(target=records.save, args=(answer(), "one")) for _ in range(8)]
        with store.writing():
            for thread in threads:
                thread.start()
            assert records.conversation("one") == []
        for thread in threads:
            thread.join()
    assert len(records.conversation("one")) == 8


def test_records_of_a_newer_version_are_refused_with_both_numbers(records: Records, settings: Settings) -> None:
    records.save(answer(), None)
    with closing(sqlite3.connect(settings.database)) as connection, connection:
        connection.execute("UPDATE meta SET value = '9' WHERE key = 'records_version'")
    with pytest.raises(StorageError, match="version 9, and this Parley reads up to 1"):
        records.save(answer(), None)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "parley.sqlite3"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StorageError, match="is not a database"):
        Records(path).save(answer(), None)
