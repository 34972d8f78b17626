import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.collection import Collection
from index.embedding import open_embedder
from index.errors import IndexNotReadyError
from index.storage.store import Store
from index.sync import sync
from index.text.lexical import tokenize
from index.text.names import load_names
from index.verification import find_problems

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def collection(settings, embedder):
    with Collection(settings, embedder) as collection:
        yield collection


def test_empty_home_gives_an_empty_snapshot(collection, settings, embedder):
    assert Collection.needs_seeds(settings)
    assert collection.is_empty
    with collection.snapshot() as snapshot:
        assert snapshot.dense(embedder.encode_query("anything"), 5) == []
        assert snapshot.lexical(["anything"], 5) == []
        assert (snapshot.documents(), snapshot.document("x"), snapshot.document_chunks("x")) == ([], None, [])
        assert snapshot.coverage().model_dump() == {"documents": 0, "oldest": None, "newest": None, "as_of": None}
        assert len(snapshot.version) == 12


def test_snapshot_gives_documents_chunks_and_coverage(collection, settings, embedder, three_documents):
    report = sync(settings, embedder)
    assert not Collection.needs_seeds(settings)
    assert not collection.is_empty
    with collection.snapshot() as snapshot:
        assert snapshot.version == report.version
        assert [summary.id for summary in snapshot.documents()] == ["orchard", "harbour", "bakery"]
        document = snapshot.document("harbour")
        assert snapshot.documents()[1].characters == len(document.text)
        for chunk in snapshot.document_chunks("harbour"):
            assert document.text[chunk.start : chunk.end] == chunk.text
        coverage = snapshot.coverage(dt.date(2026, 1, 31))
        assert (coverage.documents, coverage.newest) == (2, dt.date(2026, 1, 20))


def test_terms_of_a_letter_are_those_of_the_lexical_index(collection, settings, embedder, three_documents):
    sync(settings, embedder)
    with collection.snapshot() as snapshot:
        assert {"bakeri", "bread", "blossom"} <= set(snapshot.terms("b"))
        assert all(term.startswith("b") for term in snapshot.terms("b"))
        assert snapshot.terms("я") == []


def test_dense_agrees_with_the_embeddings_themselves(collection, settings, embedder, three_documents):
    sync(settings, embedder)
    query = embedder.encode_query("Why do vessels wait?")
    with collection.snapshot() as snapshot:
        found = snapshot.dense(query, 3)
        assert snapshot.dense(query, 0) == []
        assert len(snapshot.dense(query, 100)) == 3
    assert found[0].chunk.document_id == "harbour"
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    with Store.open(settings.database) as store:
        entries = store.dense_entries()
        vectors = store.embeddings([entry.embedded_hash for entry in entries.values()], embedder.model_id)
    for hit in found:
        assert hit.score == pytest.approx(float(vectors[entries[hit.chunk.id].embedded_hash] @ query), abs=1e-5)


def test_as_of_is_filled_up_to_k_from_the_earlier_documents(collection, settings, embedder, write_document):
    for number in range(30):
        write_document(f"late{number}", f"Snow on the ridge, report {number}.", date="2026-03-01")
    write_document("undated", "Snow on the ridge.", date=None)
    write_document("early", "A recipe for lentil soup.", date="2026-01-01")
    write_document("edge", "A recipe for bean soup.", date="2026-02-01")
    sync(settings, embedder)
    day = dt.date(2026, 2, 1)
    with collection.snapshot() as snapshot:
        dense = snapshot.dense(embedder.encode_query("snow on the ridge"), 2, day)
        assert {hit.chunk.document_id for hit in dense} == {"early", "edge"}
        assert snapshot.dense(embedder.encode_query("snow"), 2, dt.date(2025, 1, 1)) == []
        assert snapshot.lexical(tokenize("snow soup"), 5, dt.date(2026, 1, 1))[0].chunk.document_id == "early"


def test_snapshot_keeps_its_state_while_a_sync_changes_everything(collection, settings, embedder, write_document):
    write_document("note", "The old bridge stands.")
    before = sync(settings, embedder)
    with collection.snapshot() as snapshot:
        write_document("note", "A new tunnel opens.")
        after = sync(settings, embedder)
        assert snapshot.version == before.version
        assert "bridge" in snapshot.document("note").text
        assert "bridge" in snapshot.dense(embedder.encode_query("bridge"), 1)[0].chunk.text
    with collection.snapshot() as snapshot:
        assert snapshot.version == after.version
        assert "tunnel" in snapshot.dense(embedder.encode_query("bridge"), 1)[0].chunk.text


def test_index_of_another_embedder_is_not_read(settings, embedder, three_documents):
    sync(settings, embedder)
    other = open_embedder("e5-engine", settings.home)
    with (
        Collection(settings, other) as collection,
        pytest.raises(IndexNotReadyError, match=r"made by .*; run `python -m index sync`, or set"),
        collection.snapshot(),
    ):
        pass
    sync(settings, other)
    with Collection(settings, other) as collection, collection.snapshot() as snapshot:
        assert len(snapshot.dense(other.encode_query("bread"), 3)) == 3


def damage(home: Path, how: str) -> None:
    for path in list((home / "chroma").rglob("*")):
        if how == "missing" and path.is_file():
            path.unlink()
        elif how == "truncated" and path.name == "data_level0.bin":
            path.write_bytes(path.read_bytes()[:100])
        elif how == "garbage" and path.name == "chroma.sqlite3":
            path.write_bytes(os.urandom(path.stat().st_size))


@pytest.mark.parametrize("how", ["missing", "truncated", "garbage"])
def test_broken_dense_index_is_rebuilt_by_the_reader_without_embedding(
    settings, embedder, three_documents, how, monkeypatch
):
    sync(settings, embedder)
    query = embedder.encode_query("rye bread")
    damage(settings.home, how)
    monkeypatch.setattr(embedder, "_encode", None)  # whoever embeds now fails
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        assert snapshot.dense(query, 1)[0].chunk.document_id == "bakery"
    assert find_problems(settings) == []


def test_index_that_breaks_under_a_running_reader_is_rebuilt(collection, settings, embedder, three_documents):
    sync(settings, embedder)
    query = embedder.encode_query("rye bread")
    with collection.snapshot() as snapshot:
        snapshot.dense(query, 1)
    # What the engine does when it fails: every further search in this generation raises.
    collection._dense.index._chroma._client.delete_collection("chunks")
    with collection.snapshot() as snapshot:
        assert snapshot.dense(query, 1)[0].chunk.document_id == "bakery"
    collection.close()  # waits for the repair
    assert find_problems(settings) == []


def test_passage_embeddings_come_from_the_cache(collection, settings, embedder, three_documents, monkeypatch):
    sync(settings, embedder)
    texts = ["one text", "another text", "one text"]
    with collection.snapshot() as snapshot:
        made = snapshot.embeddings(texts)
    assert made.shape == (3, embedder.dimension)
    assert np.allclose(made[0], embedder.encode_passages(["one text"])[0], atol=0.05)
    assert np.array_equal(made[0], made[2])
    monkeypatch.setattr(embedder, "_encode", None)
    with collection.snapshot() as snapshot:
        assert np.array_equal(snapshot.embeddings(texts), made)
        assert snapshot.embeddings([]).shape == (0, embedder.dimension)


def test_many_threads_read_at_once(collection, settings, embedder, three_documents):
    sync(settings, embedder)
    queries = {"bakery": "rye bread", "harbour": "cargo ships", "orchard": "apple blossom"}
    encoded = {key: embedder.encode_query(text) for key, text in queries.items()}

    def read(number: int) -> bool:
        wanted = list(queries)[number % 3]
        with collection.snapshot() as snapshot:
            dense = snapshot.dense(encoded[wanted], 1)[0].chunk.document_id
            lexical = snapshot.lexical(tokenize(queries[wanted]), 1)[0].chunk.document_id
        return dense == lexical == wanted

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(read, range(200)))


def test_snapshot_of_an_unchanged_collection_is_cheap(collection, settings, embedder, three_documents):
    sync(settings, embedder)
    times = []
    for _ in range(200):
        started = time.perf_counter()
        with collection.snapshot() as snapshot:
            assert snapshot.version
        times.append(time.perf_counter() - started)
    assert sorted(times)[len(times) // 2] < 0.001


READ_ONLY = """
import os, sys
from index.offline import silence_telemetry; silence_telemetry()
import chromadb, langchain_chroma, chromadb_rust_bindings, chromadb.api.rust, pathlib
from index.collection import Collection
from index.embedding import open_embedder
from index.errors import StorageError
from index.settings import Settings
from index.sync import sync
from index.text.lexical import tokenize; tokenize("load the names")
settings = Settings(); embedder = open_embedder("e5", settings.home); query = embedder.encode_query("rye bread")
with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
    snapshot.dense(query, 1)  # whatever is imported late is imported while everything can still be read
embedder.encode_passages(["warm"])
for path in [settings.home, *settings.home.rglob("*")]:
    path.chmod(0o555 if path.is_dir() else 0o444)
if os.geteuid() == 0:  # root may write anywhere
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
    print(snapshot.dense(query, 1)[0].chunk.document_id, snapshot.lexical(tokenize("cargo"), 1)[0].chunk.document_id)
    print(snapshot.embeddings(["a text that is not stored"]).shape[0], snapshot.coverage().documents)
try:
    sync(settings, embedder)
except StorageError as error:
    print(error)
"""


def test_home_that_cannot_be_written_can_still_be_read(settings, embedder, three_documents):
    with tempfile.TemporaryDirectory() as open_to_all:  # pytest's folders are closed to other users
        Path(open_to_all).chmod(0o755)
        home = Path(open_to_all) / "home"
        sync(settings.model_copy(update={"home": home}), embedder)
        environment = {**os.environ, "PARLEY_HOME": str(home), "PARLEY_SEEDS": str(settings.seeds)}
        process = subprocess.run(
            [sys.executable, "-c", READ_ONLY], cwd=PROJECT, env=environment, capture_output=True, text=True
        )
        for path in [home, *home.rglob("*")]:
            path.chmod(0o755)
    assert process.returncode == 0, process.stderr
    lines = process.stdout.splitlines()
    assert lines[:2] == ["bakery harbour", "1 3"]
    assert "make it writable or point PARLEY_HOME" in lines[2]


def test_an_index_of_another_version_is_outdated_until_the_next_sync(settings, embedder, three_documents):
    assert not Collection.is_outdated(settings)
    sync(settings, embedder)
    assert not Collection.is_outdated(settings)
    settings.names.write_text("- {id: rye, kind: object, label: Rye, en: [rye bread]}\n", encoding="utf-8")
    load_names.cache_clear()  # as in a new process
    assert Collection.is_outdated(settings)
    sync(settings, embedder)
    assert not Collection.is_outdated(settings)
