"""A large collection, which here begins at no chunks, takes small changes without touching its dense index."""

import datetime as dt
import json

import pytest

from index import publish
from index.collection import Collection
from index.storage.lock import WriteLock
from index.storage.store import Store
from index.sync import rebuild, remove, sync
from index.verification import find_problems


@pytest.fixture(autouse=True)
def large(monkeypatch):
    monkeypatch.setattr(publish, "_LARGE", 0)
    monkeypatch.setattr(publish, "_MOST_PENDING", 3)


@pytest.fixture
def twelve(write_document):
    for number in range(12):
        write_document(f"day{number}", f"On day {number} nothing much happened in the town.")


def state(settings):
    with Store.open(settings.database) as store:
        return store.state(), store.pending_count(store.state().last_row)


def nearest(settings, embedder, text, k=1, as_of=None):
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        return [hit.chunk.document_id for hit in snapshot.dense(embedder.encode_query(text), k, as_of)]


def test_added_changed_and_removed_documents_count_at_once(settings, embedder, write_document, twelve):
    sync(settings, embedder)
    generation = state(settings)[0].generation
    write_document("comet", "A bright comet crossed the sky.", date="2026-03-01")
    write_document("day3", "On day 3 a circus with elephants arrived.")
    sync(settings, embedder)
    remove(settings, ["day5"])
    after, pending = state(settings)
    assert (after.generation, after.dead, pending) == (generation, 2, 2)
    assert nearest(settings, embedder, "a comet in the sky") == ["comet"]
    assert nearest(settings, embedder, "elephants of a circus") == ["day3"]
    assert sorted(nearest(settings, embedder, "nothing happened", 50)) == sorted(
        {f"day{number}" for number in range(12)} - {"day5"} | {"comet"}
    )
    assert nearest(settings, embedder, "a comet in the sky", 1, dt.date(2026, 2, 1)) != ["comet"]
    assert find_problems(settings) == []


def test_pending_chunks_move_into_the_dense_index_when_they_are_many(settings, embedder, write_document, twelve):
    sync(settings, embedder)
    first = state(settings)[0].generation
    for number in range(20, 23):
        write_document(f"day{number}", f"On day {number} it snowed.")
    sync(settings, embedder)
    assert (state(settings)[0].generation, state(settings)[1]) == (first, 3)
    write_document("day23", "On day 23 it snowed.")
    sync(settings, embedder)
    after, pending = state(settings)
    assert (after.generation != first, pending) == (True, 0)
    assert find_problems(settings) == []


def test_dense_index_is_built_afresh_when_a_fifth_of_it_is_dead(settings, embedder, twelve):
    sync(settings, embedder)
    first = state(settings)[0].generation
    remove(settings, ["day0", "day1"])
    assert (state(settings)[0].generation, state(settings)[0].dead) == (first, 2)
    remove(settings, ["day2"])
    after = state(settings)[0]
    assert (after.generation != first, after.dead) == (True, 0)
    assert find_problems(settings) == []


def test_row_of_a_removed_chunk_is_not_taken_for_an_indexed_one(settings, embedder, write_document, twelve):
    sync(settings, embedder)
    before = state(settings)[0]
    with Store.open(settings.database) as store:
        last = store._rows("SELECT document_id FROM chunks WHERE rowid = ?", (before.last_row,))[0][0]
    remove(settings, [last])
    write_document("comet", "A bright comet crossed the sky.")
    sync(settings, embedder)
    assert state(settings)[0].generation == before.generation
    assert nearest(settings, embedder, "a comet in the sky") == ["comet"]
    assert find_problems(settings) == []


def test_change_of_metadata_alone_leaves_the_rows_of_its_chunks(settings, embedder, twelve):
    sync(settings, embedder)
    before = state(settings)
    path = settings.seeds / "day4.md"
    path.write_text(path.read_text().replace("language: en\n", "language: en\npeople: [Anna Baker]\n"))
    assert sync(settings, embedder).changed == ("day4",)
    after = state(settings)
    assert (after[0].generation, after[0].dead, after[1]) == (before[0].generation, 0, 0)
    assert "day4" in nearest(settings, embedder, "day 4", 12)


def test_removed_pending_chunk_leaves_nothing_dead(settings, embedder, write_document, twelve):
    sync(settings, embedder)
    write_document("comet", "A bright comet crossed the sky.")
    sync(settings, embedder)
    remove(settings, ["comet"])
    after, pending = state(settings)
    assert (after.dead, pending) == (0, 0)
    assert "comet" not in nearest(settings, embedder, "a comet in the sky", 50)


def test_rebuild_leaves_nothing_pending(settings, embedder, write_document, twelve):
    sync(settings, embedder)
    write_document("comet", "A bright comet crossed the sky.")
    sync(settings, embedder)
    assert rebuild(settings, embedder).embedded == 0
    assert (state(settings)[0].dead, state(settings)[1]) == (0, 0)
    assert find_problems(settings) == []


def test_snapshot_keeps_its_state_while_chunks_become_pending(settings, embedder, write_document, twelve):
    sync(settings, embedder)
    comet = embedder.encode_query("a comet in the sky")
    with Collection(settings, embedder) as collection:
        with collection.snapshot() as snapshot:
            write_document("comet", "A bright comet crossed the sky.")
            sync(settings, embedder)
            assert "comet" not in {hit.chunk.document_id for hit in snapshot.dense(comet, 50)}
        with collection.snapshot() as snapshot:
            assert snapshot.dense(comet, 1)[0].chunk.document_id == "comet"


def test_broken_index_answers_exactly_while_another_process_holds_the_lock(settings, embedder, twelve):
    sync(settings, embedder)
    query = embedder.encode_query("day 7")
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        whole = snapshot.dense(query, 5)
    for path in (settings.home / "chroma").rglob("data_level0.bin"):
        path.write_bytes(b"")
    with (
        WriteLock(settings.home),
        Collection(settings, embedder) as collection,
        collection.snapshot() as snapshot,
    ):
        exact = snapshot.dense(query, 5)
    assert [hit.chunk for hit in exact] == [hit.chunk for hit in whole]
    assert [hit.score for hit in exact] == pytest.approx([hit.score for hit in whole], abs=1e-5)
    assert "damaged" in find_problems(settings)[0]
    sync(settings, embedder)
    assert find_problems(settings) == []


def test_index_made_before_there_were_pending_chunks_is_read_as_it_is(settings, embedder, twelve):
    sync(settings, embedder)
    before = state(settings)[0]
    with Store.open(settings.database) as store, store.writing():  # as version 2 left it
        old = json.loads(store._rows("SELECT value FROM meta WHERE key = 'state'")[0][0])
        del old["last_row"]
        store._connection.execute("UPDATE meta SET value = ? WHERE key = 'state'", (json.dumps(old),))
        for table in ("document_versions", "document_signatures", "near_duplicates", "seen"):
            store._connection.execute(f"DROP TABLE {table}")
        store._connection.execute("UPDATE meta SET value = '2' WHERE key = 'schema_version'")
    assert state(settings) == (before, 0)
    assert find_problems(settings) == []
