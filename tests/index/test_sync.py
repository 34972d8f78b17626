import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from index.collection import Collection
from index.embedding import open_embedder
from index.errors import DocumentError, LockedError, StorageError
from index.storage.generations import FolderGenerations
from index.storage.lock import WriteLock
from index.storage.store import Store
from index.sync import add, rebuild, remove, sync
from index.text.lexical import tokenize
from index.verification import find_problems

PROJECT = Path(__file__).resolve().parents[2]
PARAGRAPHS = [
    "Rain fell on the valley for nine days and the river rose over the lower fields. " * 7,
    "The ferry company sold two of its boats and bought one that runs on batteries. " * 7,
    "A school in the north teaches mathematics with the help of chess and music. " * 7,
]


def dense_keys(settings) -> dict[str, str]:
    with Store.open(settings.database) as store:
        generation = store.state().generation
    if generation is None:
        return {}
    with FolderGenerations(settings.home / "chroma").open(generation) as index:
        return index.keys()


def found(settings, embedder, text: str) -> set[str]:
    """Ids of the documents that the two indexes find for a text."""
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        dense = snapshot.dense(embedder.encode_query(text), 3)
        lexical = snapshot.lexical(tokenize(text), 3)
    return {hit.chunk.document_id for hit in dense + lexical}


def test_first_sync_adds_all_and_second_embeds_nothing(settings, embedder, three_documents):
    first = sync(settings, embedder)
    assert (first.added, first.embedded, first.refusals) == (("bakery", "harbour", "orchard"), 3, ())
    generation = dense_keys(settings)
    second = sync(settings, embedder)
    assert (second.unchanged, second.added, second.embedded) == (first.added, (), 0)
    assert second.version == first.version
    assert dense_keys(settings) == generation
    assert find_problems(settings) == []


def test_changed_document_replaces_its_chunks_and_embeds_only_what_changed(settings, embedder, write_document):
    write_document("long", "\n\n".join(PARAGRAPHS))
    first = sync(settings, embedder)
    assert first.embedded == 3
    write_document("long", "\n\n".join([*PARAGRAPHS[:2], "The lighthouse was painted green. " * 12]))
    second = sync(settings, embedder)
    assert (second.changed, second.embedded) == (("long",), 1)
    assert second.version != first.version
    assert find_problems(settings) == []
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        assert len(snapshot.document_chunks("long")) == 3
        assert snapshot.lexical(tokenize("chess"), 5) == []
        assert "lighthouse" in snapshot.dense(embedder.encode_query("a painted lighthouse"), 1)[0].chunk.text


def test_deleted_document_leaves_nothing_behind(settings, embedder, three_documents):
    sync(settings, embedder)
    (settings.seeds / "harbour.md").unlink()
    assert sync(settings, embedder).removed == ("harbour",)
    assert found(settings, embedder, "cargo ships outside the harbour") <= {"bakery", "orchard"}
    with Store.open(settings.database) as store:
        assert store.document("harbour") is None
        assert store.chunk_count() == 2
        assert set(dense_keys(settings)) == set(store.dense_entries())
    assert find_problems(settings) == []


def test_deleting_everything_gives_an_empty_collection_that_fills_again(settings, embedder, three_documents):
    sync(settings, embedder)
    texts = {path: path.read_text() for path in settings.seeds.iterdir()}
    for path in texts:
        path.unlink()
    assert len(sync(settings, embedder).removed) == 3
    assert (dense_keys(settings), found(settings, embedder, "bread"), find_problems(settings)) == ({}, set(), [])
    for path, text in texts.items():
        path.write_text(text)
    again = sync(settings, embedder)
    assert (len(again.added), again.embedded) == (3, 0)


def test_change_of_metadata_alone_keeps_the_dense_index(settings, embedder, write_document):
    path = write_document("bakery", "The bakery on the corner sells rye bread.")
    first = sync(settings, embedder)
    with Store.open(settings.database) as store:
        generation = store.state().generation
    path.write_text(path.read_text().replace("language: en\n", "language: en\npeople: [Anna Baker]\n"))
    second = sync(settings, embedder)
    assert (second.changed, second.embedded) == (("bakery",), 0)
    assert second.version != first.version
    with Store.open(settings.database) as store:
        assert store.state().generation == generation
        assert store.document("bakery").people == ("Anna Baker",)


def test_refused_file_keeps_its_last_good_version_and_says_so(settings, embedder, three_documents):
    sync(settings, embedder)
    path = settings.seeds / "harbour.md"
    good = path.read_text()
    path.write_text("---\ntitle: [unclosed\n---\nText.")
    report = sync(settings, embedder)
    assert (report.removed, report.changed) == ((), ())
    assert "the last good version of harbour stays" in report.refusals[0].message
    assert "harbour" in found(settings, embedder, "cargo ships")
    path.write_text(good)
    assert sync(settings, embedder).refusals == ()


def test_file_replaced_by_a_refused_link_keeps_its_document(settings, embedder, three_documents, tmp_path):
    sync(settings, embedder)
    path = settings.seeds / "harbour.md"
    path.rename(tmp_path / "outside.md")
    path.symlink_to(tmp_path / "outside.md")
    report = sync(settings, embedder)
    assert report.removed == ()
    assert "harbour stays" in report.refusals[0].message


def test_roots_do_not_touch_each_other_and_an_id_has_one_owner(settings, embedder, write_document, tmp_path):
    other = tmp_path / "other"
    write_document("bakery", "The bakery sells rye bread.")
    write_document("harbour", "Ships wait outside the harbour.", folder=other)
    sync(settings, embedder)
    assert sync(settings, embedder, [other]).removed == ()
    write_document("bakery", "Somebody else's bakery.", folder=other)
    report = sync(settings, embedder, [other])
    assert "id 'bakery' is already that of" in report.refusals[0].message
    with Store.open(settings.database) as store:
        assert store.document("bakery").text.strip() == "The bakery sells rye bread."
    (settings.seeds / "bakery.md").unlink()
    assert sync(settings, embedder, [other]).changed == ("bakery",)  # moved there, and edited


def test_folder_inside_a_synced_one_may_be_synced_alone(settings, embedder, write_document):
    inner = settings.seeds / "inner"
    write_document("bakery", "The bakery sells rye bread.")
    write_document("harbour", "Ships wait outside the harbour.", folder=inner)
    sync(settings, embedder)
    (inner / "harbour.md").unlink()
    (settings.seeds / "bakery.md").unlink()
    assert sync(settings, embedder, [inner]).removed == ("harbour",)
    assert sync(settings, embedder).removed == ("bakery",)


def test_path_that_does_not_exist_removes_nothing(settings, embedder, three_documents):
    sync(settings, embedder)
    settings.seeds.rename(settings.seeds.with_name("elsewhere"))
    with pytest.raises(DocumentError):
        sync(settings, embedder)
    assert len(dense_keys(settings)) == 3


def test_added_documents_survive_a_sync_and_are_replaced_by_add(settings, embedder, write_document, tmp_path):
    path = write_document("note", "A note about clocks.", folder=tmp_path / "inbox")
    assert add(settings, embedder, [path]).added == ("note",)
    write_document("bakery", "The bakery sells rye bread.")
    sync(settings, embedder)
    write_document("note", "A note about watches.", folder=tmp_path / "inbox2")
    assert add(settings, embedder, [tmp_path / "inbox2"]).changed == ("note",)
    path.unlink()
    assert sync(settings, embedder, [tmp_path / "inbox"]).removed == ()
    assert found(settings, embedder, "clocks and watches") == {"note", "bakery"}


def test_remove_takes_known_ids_and_refuses_all_for_an_unknown_one(settings, embedder, three_documents):
    sync(settings, embedder)
    with pytest.raises(DocumentError, match="no document 'nonesuch'"):
        remove(settings, ["bakery", "nonesuch"])
    assert remove(settings, ["bakery"]).removed == ("bakery",)
    assert len(dense_keys(settings)) == 2
    assert find_problems(settings) == []
    assert sync(settings, embedder).embedded == 0  # comes back from its file, its embedding still stored


def test_dry_run_says_what_would_change_and_writes_nothing(settings, embedder, three_documents):
    report = sync(settings, embedder, dry_run=True)
    assert (len(report.added), report.embedded) == (3, 3)
    assert not settings.home.exists()
    sync(settings, embedder)
    (settings.seeds / "bakery.md").unlink()
    report = sync(settings, embedder, dry_run=True)
    assert (report.removed, report.embedded) == (("bakery",), 0)
    assert len(dense_keys(settings)) == 3


def test_another_model_embeds_all_again_and_switching_back_nothing(settings, embedder, three_documents, monkeypatch):
    first = sync(settings, embedder)
    other = open_embedder("e5-engine", settings.home)
    assert other.model_id != embedder.model_id
    switched = sync(settings, other)
    assert (len(switched.unchanged), switched.embedded) == (3, 3)
    assert switched.version != first.version
    assert find_problems(settings) == []
    for each in (embedder, other):  # both are known now: whoever embeds passages fails
        with monkeypatch.context() as patched:
            patched.setattr(each, "encode_passages", None)
            back = sync(settings, each)
        assert back.embedded == 0
        assert back.version == (first if each is embedder else switched).version
        assert "bakery" in found(settings, each, "rye bread")


def test_documents_answer_before_their_sentences_are_embedded(settings, embedder, three_documents):
    seen = []

    def look(progress):
        if progress.stage == "embedding sentences":
            with WriteLock(settings.home), Store.open(settings.database) as store:  # others may write meanwhile
                seen.append(store.coverage().documents)

    sync(settings, embedder, on_progress=look)
    assert set(seen) == {3}


def test_dense_index_is_built_afresh_when_a_fifth_of_it_is_dead(settings, embedder, write_document):
    for number in range(12):
        write_document(f"day{number}", f"On day {number} nothing much happened in the town.")
    sync(settings, embedder)
    dead = []
    for number in range(4):
        write_document(f"day{number}", f"On day {number} it snowed.")
        sync(settings, embedder)
        with Store.open(settings.database) as store:
            dead.append(store.state().dead)
    assert dead == [1, 2, 0, 1]
    assert find_problems(settings) == []


def test_only_this_and_the_previous_generation_are_kept(settings, embedder, write_document):
    for number in range(4):
        write_document("day", f"On day {number} it snowed.")
        sync(settings, embedder)
    assert len([path for path in (settings.home / "chroma").iterdir() if path.is_dir()]) == 2


def test_interrupted_first_build_goes_on_where_it_stopped(settings, embedder, write_document):
    for number in range(40):
        write_document(f"day{number}", f"On day {number} it rained.")

    def interrupt(progress):
        if progress.stage == "embedding" and progress.done == 32:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(settings, embedder, on_progress=interrupt)
    with Collection(settings, embedder) as collection:
        assert collection.is_empty
    report = sync(settings, embedder)
    assert (len(report.added), report.embedded) == (40, 8)


def test_progress_counts_up_to_its_total_in_every_stage(settings, embedder, three_documents):
    seen = []
    sync(settings, embedder, on_progress=seen.append)
    assert [p.stage for p in seen if p.done == 0] == ["cutting", "embedding", "indexing", "embedding sentences"]
    assert {(p.stage, p.done) for p in seen} >= {("embedding", 3), ("indexing", 3)}
    assert {p.total for p in seen if p.stage != "embedding sentences"} == {3}


def test_second_writer_is_refused(settings, embedder, three_documents):
    with WriteLock(settings.home), pytest.raises(LockedError, match="has been writing"):
        sync(settings, embedder)


def test_rebuild_makes_everything_derived_again_without_embedding(settings, embedder, three_documents):
    before = sync(settings, embedder)
    with Store.open(settings.database) as store, store.writing():
        store._connection.execute("DELETE FROM chunk_tokens")
        store._connection.execute("UPDATE chunks SET start = start + 1")
    problems = find_problems(settings)
    assert any("do not match their document" in problem for problem in problems)
    assert any("lexical index do not match" in problem for problem in problems)
    report = rebuild(settings, embedder)
    assert (report.embedded, report.version, find_problems(settings)) == (0, before.version, [])


def test_verify_finds_lost_embeddings_and_rebuild_makes_them_again(settings, embedder, three_documents):
    sync(settings, embedder)
    with Store.open(settings.database) as store, store.writing():
        store._connection.execute("DELETE FROM embeddings WHERE rowid = (SELECT min(rowid) FROM embeddings)")
    assert "embeddings are missing" in find_problems(settings)[0]
    assert rebuild(settings, embedder).embedded == 1
    assert find_problems(settings) == []


def test_sync_rebuilds_a_damaged_dense_index_though_no_document_changed(settings, embedder, three_documents):
    sync(settings, embedder)
    for path in (settings.home / "chroma").rglob("data_level0.bin"):
        path.write_bytes(b"\0" * path.stat().st_size)
    assert "damaged" in find_problems(settings)[0]
    assert sync(settings, embedder).embedded == 0
    assert find_problems(settings) == []


def test_full_disk_keeps_the_old_state(settings, embedder, three_documents, write_document):
    before = sync(settings, embedder)
    write_document("bakery", "Another text.")
    code = (
        "import resource, sys; from pathlib import Path; from index.embedding import open_embedder; "
        "from index.settings import Settings; from index.sync import sync; from index.errors import StorageError\n"
        "settings = Settings(); embedder = open_embedder('e5', settings.home)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))\n"  # no file may grow beyond
        "try: sync(settings, embedder)\n"
        "except StorageError as error: print(error); sys.exit(9)"
    )
    process = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment(settings), capture_output=True)
    assert process.returncode == 9, process.stderr.decode()
    assert process.stdout.decode().count("\n") == 1
    with Store.open(settings.database) as store:
        assert store.state().index_version == before.version
        assert "rye bread" in store.document("bakery").text
    assert find_problems(settings) == []


def test_home_that_cannot_be_written_is_one_clear_sentence(settings, embedder, three_documents):
    settings.home.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="point PARLEY_HOME to a folder"):
        sync(settings, embedder)


def environment(settings) -> dict[str, str]:
    return {**os.environ, "PARLEY_HOME": str(settings.home), "PARLEY_SEEDS": str(settings.seeds)}


TEXTS = ("snow fell", "the sun shone", "fog lay on the fields")
KILLED = f"""
from index.offline import silence_telemetry; silence_telemetry()
import sys, chromadb, langchain_chroma
from index.embedding import open_embedder
from index.settings import Settings
from index.sync import sync
settings = Settings(); embedder = open_embedder("e5", settings.home); embedder.encode_query("warm")
print("ready", flush=True)
for turn in range(1000):
    for name in ("day1", "day5"):
        text = {TEXTS}[turn % 3]
        (settings.seeds / (name + ".md")).write_text("---\\nid: " + name + "\\ntitle: day\\n---\\nThen " + text + ".")
    sync(settings, embedder)
    print(turn % 3, flush=True)
"""


@pytest.mark.parametrize("seed", range(3))
def test_kill_at_any_moment_leaves_a_whole_state_and_loses_nothing_acknowledged(
    settings, embedder, write_document, seed
):
    for number in range(6):
        write_document(f"day{number}", f"On day {number} it rained.", title="day", date=None)
    if seed:  # else it is killed in or after the first build
        sync(settings, embedder)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED], cwd=PROJECT, env=environment(settings), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(random.Random(seed).uniform(0.02, 0.5))
    process.send_signal(signal.SIGKILL)
    acknowledged = process.communicate()[0].split()
    assert find_problems(settings) == []
    with Store.open(settings.database, create=True) as store:
        stored = {document.id: document.text for document in store.all_documents()}
    assert len(stored) == 6 or (stored == {} and not acknowledged and not seed)
    if acknowledged:  # the last turn that was reported, or the one after it
        last = int(acknowledged[-1])
        changed = stored["day1"]
        assert stored["day5"] == changed
        assert TEXTS[last] in changed or TEXTS[(last + 1) % 3] in changed
    write_document("day0", "On day 0 a comet passed.", title="day", date=None)
    sync(settings, embedder)
    assert find_problems(settings) == []
    assert "day0" in found(settings, embedder, "a comet")


def test_two_processes_syncing_one_home_leave_a_whole_state(settings, three_documents):
    command = [sys.executable, "-m", "index", "sync", "--json"]
    both = [
        subprocess.Popen(command, cwd=PROJECT, env=environment(settings), stdout=-1, stderr=-1, text=True)
        for _ in range(2)
    ]
    outputs = [process.communicate() for process in both]
    codes = [process.returncode for process in both]
    assert 0 in codes
    for code, (out, err) in zip(codes, outputs, strict=True):
        if code:
            assert "has been writing" in err or "another process is writing" in err
        else:
            assert json.loads(out)["refusals"] == []
    assert find_problems(settings) == []
    assert len(dense_keys(settings)) == 3


def test_readers_see_the_old_state_or_the_new_one_during_syncs(settings, embedder, write_document):
    texts = ["the north wind blows over the dunes", "a brass band plays in the market square"]

    def write_all(text):
        for number in range(3):
            write_document(f"day{number}", f"On day {number} {text}.", title="day")

    write_all(texts[0])
    versions = {sync(settings, embedder).version: texts[0]}
    wrong, seen, stop = [], set(), threading.Event()
    queries = {text: (embedder.encode_query(text), tokenize(text)) for text in texts}

    def read(collection):
        while not stop.is_set():
            with collection.snapshot() as snapshot:
                version = snapshot.version
                now = {chunk.text for n in range(3) for chunk in snapshot.document_chunks(f"day{n}")}
                for embedding, tokens in queries.values():
                    dense = snapshot.dense(embedding, 3)
                    hits = dense + snapshot.lexical(tokens, 3)
                    if len(dense) != 3 or not {hit.chunk.text for hit in hits} <= now:
                        wrong.append((version, hits))
                kinds = {text for text in texts for chunk in now if text in chunk}
                if len(kinds) != 1:
                    wrong.append((version, now))
                seen.add((version, *kinds))

    with Collection(settings, embedder) as collection:
        threads = [threading.Thread(target=read, args=(collection,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for turn in range(1, 6):
            write_all(texts[turn % 2])
            versions[sync(settings, embedder).version] = texts[turn % 2]
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert seen <= set(versions.items())
    assert len(seen) == 2
