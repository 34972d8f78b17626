import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from index.errors import SettingsError, StorageError
from index.storage.dense import DamagedIndexError, StoredEmbeddings
from index.storage.generations import FolderGenerations, ServerGenerations, open_generations
from index.storage.store import DenseEntry, Store

MODEL = "a-model"
DIMENSION = 16


def entry(number: int, key: str | None = None) -> DenseEntry:
    return DenseEntry(f"chunk{number}", "document", number, number + 1, key or f"key{number}")


@pytest.fixture
def embeddings(tmp_path):
    """Stored embeddings of key0 to key59, random directions."""
    vectors = np.random.default_rng(7).normal(size=(60, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with Store.open(tmp_path / "parley.sqlite3", create=True) as store:
        store.add_embeddings({f"key{n}": vector for n, vector in enumerate(vectors)}, MODEL)
        yield StoredEmbeddings(store, MODEL)


@pytest.fixture
def generations(tmp_path):
    return FolderGenerations(tmp_path / "chroma")


def build(generations, embeddings, entries):
    name = generations.new_name()
    with generations.create(name, embeddings) as index:
        index.upsert(entries)
        index.check({e.chunk_id: e for e in entries}, embeddings)
    generations.seal(name)
    return name


def vector_of(embeddings, key):
    return np.array(embeddings.embed_documents([key])[0])


def test_search_gives_the_same_order_and_scores_as_numpy(generations, embeddings):
    name = build(generations, embeddings, [entry(n) for n in range(40)])
    matrix = np.array(embeddings.embed_documents([f"key{n}" for n in range(40)]))
    query = vector_of(embeddings, "key50")
    cosines = matrix @ query
    best = np.argsort(-cosines)[:5]
    with generations.open(name) as index:
        found = index.search(query, 5)
    assert [chunk_id for chunk_id, _ in found] == [f"chunk{n}" for n in best]
    assert [score for _, score in found] == pytest.approx(cosines[best].tolist(), abs=1e-5)


def test_searching_for_more_than_there_is_gives_all(generations, embeddings):
    name = build(generations, embeddings, [entry(0), entry(1)])
    with generations.open(name) as index:
        assert len(index.search(vector_of(embeddings, "key0"), 50)) == 2


def test_copy_is_changed_and_its_source_is_not(generations, embeddings):
    source = build(generations, embeddings, [entry(n) for n in range(20)])
    with generations.open(source) as reader:
        copied = generations.new_name()
        with generations.copy(source, copied, embeddings) as index:
            index.delete(["chunk0"])
            index.upsert([entry(1, "key41"), entry(30)])
        generations.seal(copied)
        assert reader.keys() == {f"chunk{n}": f"key{n}" for n in range(20)}
        assert reader.search(vector_of(embeddings, "key0"), 1)[0][0] == "chunk0"
    with generations.open(copied) as index:
        wanted = {f"chunk{n}": f"key{n}" for n in range(2, 20)} | {"chunk1": "key41", "chunk30": "key30"}
        assert index.keys() == wanted
        assert index.search(vector_of(embeddings, "key41"), 1)[0][0] == "chunk1"
        assert index.search(vector_of(embeddings, "key1"), 1)[0][1] < 0.99


@pytest.mark.parametrize("step", ["add one", "delete one"])
def test_opening_a_generation_keeps_it_whole(generations, embeddings, step):
    source = build(generations, embeddings, [entry(n) for n in range(20)])
    name = generations.new_name()
    with generations.copy(source, name, embeddings) as index:
        index.upsert([entry(30)]) if step == "add one" else index.delete(["chunk3"])
    generations.seal(name)
    for _ in range(3):
        with generations.open(name) as index:
            index.search(vector_of(embeddings, "key1"), 3)
            assert len(index.keys()) == (21 if step == "add one" else 19)
        generations.require_whole(name)


def test_check_notices_a_missing_and_a_wrong_entry(generations, embeddings):
    entries = {e.chunk_id: e for e in (entry(n) for n in range(5))}
    with generations.create(generations.new_name(), embeddings) as index:
        index.upsert([entry(n) for n in range(4)])
        with pytest.raises(DamagedIndexError, match="holds 4 entries that are not the 5 wanted"):
            index.check(entries, embeddings)
        index.upsert([entry(4, "key44")])
        with pytest.raises(DamagedIndexError):
            index.check(entries, embeddings)
        index.upsert([entry(4)])
        index.check(entries, embeddings)


def test_embedding_that_is_not_stored_is_said(embeddings):
    with pytest.raises(StorageError, match="1 embeddings are missing"):
        embeddings.embed_documents(["key0", "unknown"])


FILES = ["chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle"]


@pytest.mark.parametrize("file", FILES)
def test_damage_to_any_file_is_noticed_before_this_process_opens_it(generations, embeddings, tmp_path, file):
    intact = build(generations, embeddings, [entry(n) for n in range(40)])
    path = next((tmp_path / "chroma" / intact).rglob(file))
    content = path.read_bytes()
    garbage = np.random.default_rng(1).bytes(len(content))
    for damaged in (content[: len(content) // 2], garbage, None):
        path.unlink()
        if damaged is not None:
            path.write_bytes(damaged)
        if damaged != content:  # half of an empty file is the same file
            with pytest.raises(DamagedIndexError, match="run `python -m index rebuild`"):
                generations.require_whole(intact)
        path.write_bytes(content)
    generations.require_whole(intact)


def test_folder_copied_elsewhere_is_still_whole(generations, embeddings, tmp_path):
    name = build(generations, embeddings, [entry(n) for n in range(10)])
    shutil.copytree(tmp_path / "chroma", tmp_path / "moved", copy_function=shutil.copyfile)  # new times
    with FolderGenerations(tmp_path / "moved").open(name) as index:
        assert len(index.keys()) == 10


def test_missing_generation_is_damage(generations):
    with pytest.raises(DamagedIndexError, match="missing or incomplete"):
        generations.open("nothing")


def test_generation_that_was_not_sealed_is_damage(generations, embeddings):
    name = generations.new_name()
    with generations.create(name, embeddings) as index:
        index.upsert([entry(0)])
    with pytest.raises(DamagedIndexError):
        generations.open(name)


def test_prune_leaves_only_what_is_kept(generations, embeddings, tmp_path):
    names = [build(generations, embeddings, [entry(n)]) for n in range(3)]
    generations.prune({names[1]})
    assert {path.name for path in (tmp_path / "chroma").iterdir()} == {names[1], f"{names[1]}.json"}


def test_closing_releases_every_file(generations, embeddings):
    name = build(generations, embeddings, [entry(n) for n in range(10)])
    with generations.open(name) as index:
        index.search(vector_of(embeddings, "key1"), 1)
    deadline = time.monotonic() + 10  # Chroma closes its database on threads of its own
    while (links := open_files(name)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not links


def open_files(name: str) -> list[str]:
    """The open files of this process whose path holds `name`."""
    found = []
    for path in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(os.readlink(path))
    return [link for link in found if name in link]


@pytest.fixture
def chroma_server(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(tmp_path / "server")]
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(f"{url}/api/v2/heartbeat")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield url
    finally:
        server.terminate()
        server.wait()


def test_chroma_server_holds_generations_like_a_folder(chroma_server, embeddings, settings, tmp_path):
    generations = open_generations(settings.model_copy(update={"chroma_url": chroma_server, "home": tmp_path}))
    first = build(generations, embeddings, [entry(n) for n in range(20)])
    second = build(generations, embeddings, [entry(n) for n in range(30)])
    other_home = ServerGenerations(chroma_server, settings.home)
    settings.home.mkdir()
    foreign = build(other_home, embeddings, [entry(0)])
    with generations.open(second) as index:
        assert index.search(vector_of(embeddings, "key25"), 1)[0][0] == "chunk25"
    generations.prune({second})
    with pytest.raises(DamagedIndexError):
        generations.open(first)
    generations.require_whole(second)
    other_home.require_whole(foreign)


def test_chroma_server_that_is_away_is_said_with_its_address(tmp_path):
    with pytest.raises(StorageError, match=r"http://127\.0\.0\.1:9 does not answer"):
        ServerGenerations("http://127.0.0.1:9", tmp_path).open("anything")


def test_chroma_url_that_is_no_address_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="PARLEY_CHROMA_URL='localhost' is not an address"):
        ServerGenerations("localhost", tmp_path)
