import datetime as dt
import sqlite3

import numpy as np
import pytest

from index.derivation import Derived, DerivedChunk
from index.errors import StorageError
from index.storage.store import State, Store
from index.types import Chunk, Document

MODEL = "a-model"


def derived(document_id: str, *texts: str, date: dt.date | None = None, title: str = "title") -> Derived:
    """A document whose chunks are `texts`, tokenized at the spaces."""
    document = Document(id=document_id, title=title, date=date, text=" ".join(texts))
    chunks = []
    for ordinal, text in enumerate(texts):
        start = document.text.index(text)
        chunk = Chunk(f"{document_id}#{ordinal}", document_id, ordinal, start, start + len(text), text)
        chunks.append(DerivedChunk(chunk, text, f"hash of {text}", text))
    return Derived(document, title, tuple(chunks))


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "parley.sqlite3", create=True) as store:
        yield store


def put(store: Store, *documents: Derived) -> None:
    with store.writing():
        for document in documents:
            store.put_document(document, "hash", "/root", f"/root/{document.document.id}.md")


def test_document_comes_back_as_it_was_stored(store):
    document = derived("a", "Київ, п'ять 🙂", date=dt.date(2026, 1, 2))
    put(store, document)
    assert store.document("a") == document.document
    assert store.document_chunks("a") == [item.chunk for item in document.chunks]
    assert store.document("b") is None
    assert store.document_chunks("b") == []


def test_storing_again_replaces_and_removing_leaves_nothing(store):
    put(store, derived("a", "one two", "three"))
    put(store, derived("a", "four"))
    assert [hit.chunk.text for hit in store.lexical(["four"], 5)] == ["four"]
    assert store.lexical(["three"], 5) == []
    with store.writing():
        store.remove_document("a")
    assert (store.chunk_count(), store.lexical(["four"], 5), store.summaries()) == (0, [], [])
    assert store.chunks_without_tokens() == []
    assert store.integrity_problems() == []


def test_an_error_while_writing_leaves_the_old_state(store):
    put(store, derived("a", "old"))

    def write_half():
        with store.writing():
            store.put_document(derived("a", "new"), "hash", "/root", "/root/a.md")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert store.document("a").text == "old"


def test_reading_sees_one_state_while_another_connection_writes(store, tmp_path):
    put(store, derived("a", "old"))
    with Store.open(tmp_path / "parley.sqlite3") as reader, reader.reading():
        put(store, derived("a", "new"))
        assert reader.document("a").text == "old"
    assert store.document("a").text == "new"


def test_lexical_ranks_the_rarer_term_and_the_title_higher(store):
    put(
        store,
        derived("common", "talks went on", title="x"),
        derived("rare", "talks frozen", title="x"),
        derived("titled", "nothing else", title="frozen"),
        derived("other", "talks again", title="x"),
    )
    assert [hit.chunk.document_id for hit in store.lexical(["frozen"], 5)] == ["titled", "rare"]
    found = store.lexical(["talks", "frozen"], 10)
    assert found[0].chunk.document_id == "rare"
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert len(store.lexical(["talks"], 2)) == 2


@pytest.mark.parametrize("token", ["@zelensky", "п'ять", "3.5", "50%", 'a"b', "=1000", "-", "{x}", "київ", "NOT", "a*"])
def test_lexical_takes_every_token_as_it_is(store, token):
    put(store, derived("a", f"before {token} after"), derived("b", "before after"))
    assert [hit.chunk.document_id for hit in store.lexical([token], 5)] == ["a"]


def test_lexical_takes_thousands_of_tokens_and_none(store):
    put(store, derived("a", "needle"))
    assert len(store.lexical([f"t{n}" for n in range(5000)] + ["needle"], 5)) == 1
    assert store.lexical([], 5) == []
    assert store.lexical(["needle"], 0) == []


def test_as_of_leaves_out_the_later_and_the_undated(store):
    put(
        store,
        derived("early", "word", date=dt.date(2026, 1, 1)),
        derived("late", "word", date=dt.date(2026, 3, 1)),
        derived("undated", "word"),
    )
    day = dt.date(2026, 1, 1)
    assert [hit.chunk.document_id for hit in store.lexical(["word"], 5, day)] == ["early"]
    assert set(store.chunks_by_id(["early#0", "late#0", "undated#0", "unknown"], day)) == {"early#0"}
    assert store.coverage(day).model_dump() == {"documents": 1, "oldest": day, "newest": day, "as_of": day}
    assert store.coverage().documents == 3
    assert [summary.id for summary in store.summaries()] == ["late", "early", "undated"]


def test_embeddings_are_kept_by_text_and_model(store):
    vector = np.array([0.25, -1.5], dtype=np.float32)
    store.add_embeddings({"h": vector}, MODEL)
    assert store.embeddings(["h", "other"], MODEL)["h"].tolist() == vector.tolist()
    assert store.missing_embeddings(["other", "h", "other"], MODEL) == ["other"]
    assert store.missing_embeddings(["h"], "another-model") == ["h"]


def test_version_depends_on_documents_and_model_only(store, tmp_path):
    put(store, derived("a", "x"), derived("b", "y"))
    with Store.open(tmp_path / "other.sqlite3", create=True) as other:
        put(other, derived("b", "y"), derived("a", "x"))
        assert other.version(MODEL) == store.version(MODEL)
        assert other.version("another-model") != store.version(MODEL)
        assert len(store.version(MODEL)) == 12
        with other.writing():
            other.remove_document("a")
        assert other.version(MODEL) != store.version(MODEL)


def test_state_is_kept(store):
    assert store.state() == State()
    with store.writing():
        store.set_state(State(model_id=MODEL, generation="g", dead=3))
    assert store.state() == State(model_id=MODEL, generation="g", dead=3)


def test_database_of_a_newer_parley_is_refused(store, tmp_path):
    with sqlite3.connect(tmp_path / "parley.sqlite3") as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    connection.close()
    with pytest.raises(StorageError, match=r"schema version 99, and this Parley reads up to \d+; upgrade Parley"):
        Store.open(tmp_path / "parley.sqlite3")


def test_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "parley.sqlite3"
    path.write_bytes(b"This is a letter, not a database. " * 200)
    with pytest.raises(StorageError, match="not a database; restore a copy"):
        Store.open(path)


def test_missing_database_is_refused_and_not_made(tmp_path):
    with pytest.raises(StorageError, match="cannot be opened"):
        Store.open(tmp_path / "parley.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_full_disk_is_said_in_one_sentence_and_loses_nothing(store):
    put(store, derived("a", "old"))
    store._connection.execute("PRAGMA max_page_count = 1")  # SQLite's own way to run out of space
    with pytest.raises(StorageError, match="the disk is full; free some space"):
        put(store, derived("b", "x" * 1_000_000))
    assert [summary.id for summary in store.summaries()] == ["a"]
