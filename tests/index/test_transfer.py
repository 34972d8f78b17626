import hashlib
import json
import os
import random
import sqlite3
import threading
from contextlib import closing

import pytest

from index import transfer
from index.__main__ import main
from index.collection import Collection
from index.errors import DocumentError, LockedError, StorageError
from index.settings import Settings
from index.storage.lock import WriteLock
from index.storage.migrations import MIGRATIONS, migrate
from index.storage.store import Store
from index.sync import sync
from index.text.lexical import tokenize
from index.transfer import MAGIC, export_collection, import_collection, read_manifest
from index.verification import find_problems


@pytest.fixture
def exported(settings, embedder, three_documents, tmp_path):
    sync(settings, embedder)
    export_collection(settings, tmp_path / "collection.parley")
    return tmp_path / "collection.parley"


@pytest.fixture
def elsewhere(tmp_path):
    return Settings(home=tmp_path / "elsewhere", seeds=tmp_path / "none", chroma_url=None, _env_file=None)


def contents(home):
    return {path.relative_to(home): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def repacked(exported, change):
    """A file around the changed database, with hashes that are right."""
    content = exported.read_bytes()
    first, second, rest = content.split(b"\n", 2)
    database = exported.with_suffix(".sqlite3")
    database.write_bytes(rest[:-32])
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        change(connection)
    inside = database.read_bytes()
    manifest = {**json.loads(second), "bytes": len(inside), "sha256": hashlib.sha256(inside).hexdigest()}
    whole = first + b"\n" + json.dumps(manifest).encode() + b"\n" + inside
    other = exported.with_name("repacked.parley")
    other.write_bytes(whole + hashlib.sha256(whole).digest())
    return other


def test_imported_collection_answers_like_the_exported_one(settings, elsewhere, embedder, exported, monkeypatch):
    manifest = read_manifest(exported)
    assert (manifest.documents, manifest.chunks, manifest.embedder) == (3, 3, embedder.model_id)
    query = embedder.encode_query("rye bread")
    monkeypatch.setattr(embedder, "_encode", None)  # whoever embeds now fails
    assert import_collection(elsewhere, exported).kept is None
    assert find_problems(elsewhere) == []
    answers = []
    for each in (settings, elsewhere):
        with Collection(each, embedder) as collection, collection.snapshot() as snapshot:
            answers.append(
                (
                    snapshot.version,
                    snapshot.documents(),
                    snapshot.dense(query, 3),
                    snapshot.lexical(tokenize("cargo"), 3),
                )
            )
    assert answers[0] == answers[1]
    assert sync(elsewhere, embedder, [settings.seeds]).embedded == 0


def test_import_replaces_what_was_there_and_keeps_it(settings, elsewhere, embedder, exported, write_document, tmp_path):
    write_document("comet", "A bright comet crossed the sky.", folder=tmp_path / "sky")
    sync(elsewhere, embedder, [tmp_path / "sky"])
    with Store.open(elsewhere.database) as store, store.writing():
        store._connection.execute("CREATE TABLE conversations (id TEXT)")
        store._connection.execute("INSERT INTO conversations VALUES ('mine')")
    report = import_collection(elsewhere, exported)
    with Store.open(elsewhere.database) as store:
        assert set(store.stored_documents()) == {"bakery", "harbour", "orchard"}
        assert store._rows("SELECT id FROM conversations") == [("mine",)]
    with Store.open(elsewhere.home / "parley-before-import.sqlite3") as store:
        assert set(store.stored_documents()) == {"comet"}
    assert report.kept.endswith("parley-before-import.sqlite3")
    assert find_problems(elsewhere) == []
    assert sync(elsewhere, embedder, [tmp_path / "sky"]).embedded == 0  # its embedding is still there


def test_conversations_are_not_exported(settings, embedder, three_documents, tmp_path):
    sync(settings, embedder)
    with Store.open(settings.database) as store, store.writing():
        store._connection.execute("CREATE TABLE conversations (id TEXT)")
        store._connection.execute("INSERT INTO conversations VALUES ('a private matter')")
        store._connection.execute("INSERT INTO meta VALUES ('conversations', 'a private version')")
    export_collection(settings, tmp_path / "file")
    assert b"private" not in (tmp_path / "file").read_bytes()


def test_any_damage_is_refused_before_anything_is_touched(elsewhere, exported, tmp_path):
    content = exported.read_bytes()
    draw = random.Random(5)
    places = [0, len(MAGIC) + 3, content.index(b"\n", len(MAGIC)), len(content) - 1]
    places += [draw.randrange(len(content)) for _ in range(30)]
    damaged = [
        content[:place] + bytes([content[place] ^ 1 << draw.randrange(8)]) + content[place + 1 :] for place in places
    ]
    damaged += [content[:size] for size in (0, 5, len(MAGIC), len(MAGIC) + 40, len(content) // 2, len(content) - 1)]
    damaged += [content + b"x", content + content, b"SQLite format 3\0" * 10, b"\0" * 1000]
    path = tmp_path / "damaged"
    for each in damaged:
        path.write_bytes(each)
        with pytest.raises(DocumentError, match=r"is damaged: .*|is not an exported collection"):
            import_collection(elsewhere, path)
    assert not elsewhere.home.exists()


def test_refused_file_leaves_the_collection_as_it_is(settings, embedder, exported, tmp_path):
    before = contents(settings.home)
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam")
    for name in ("letter.txt", "nothing", "."):
        with pytest.raises(DocumentError, match=r"export|cannot be read"):
            import_collection(settings, tmp_path / name)
    assert contents(settings.home) == before


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TRIGGER t AFTER INSERT ON documents BEGIN DELETE FROM documents; END",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE embeddings",
        "UPDATE meta SET value = '1' WHERE key = 'schema_version'",
    ],
)
def test_file_with_other_tables_is_refused(settings, exported, change):
    other = repacked(exported, lambda connection: connection.execute(change))
    before = contents(settings.home / "chroma")
    with pytest.raises(DocumentError, match="does not hold the tables of a collection"):
        import_collection(settings, other)
    assert contents(settings.home / "chroma") == before
    assert find_problems(settings) == []
    assert list(settings.home.glob("import-*")) == []


def test_file_without_its_embeddings_is_refused_and_the_old_collection_stands(settings, embedder, exported):
    other = repacked(exported, lambda connection: connection.execute("DELETE FROM embeddings"))
    with pytest.raises(StorageError, match="embeddings are missing"):
        import_collection(settings, other)
    assert find_problems(settings) == []
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        assert len(snapshot.documents()) == 3


def test_file_of_a_newer_parley_is_refused(elsewhere, exported):
    content = exported.read_bytes()
    first, second, rest = content.split(b"\n", 2)
    manifest = {**json.loads(second), "schema_version": 999}
    whole = first + b"\n" + json.dumps(manifest).encode() + b"\n" + rest[:-32]
    exported.write_bytes(whole + hashlib.sha256(whole).digest())
    with pytest.raises(DocumentError, match=r"newer Parley .*; upgrade"):
        import_collection(elsewhere, exported)


def test_file_of_an_older_parley_is_brought_forward(elsewhere, exported):
    def as_version_1(connection):
        for table in ("chunk_terms", "document_versions", "document_signatures", "near_duplicates", "seen"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as first:
        migrate(first, elsewhere.database, MIGRATIONS[:1])
    import_collection(elsewhere, repacked(exported, as_version_1))
    assert find_problems(elsewhere) == []


def test_empty_collection_can_be_exported_and_imported(settings, elsewhere, embedder, tmp_path):
    sync(settings, embedder)
    export_collection(settings, tmp_path / "file")
    import_collection(elsewhere, tmp_path / "file")
    assert find_problems(elsewhere) == []
    assert not Collection.needs_seeds(elsewhere)


def test_export_during_syncs_holds_one_consistent_state(settings, elsewhere, embedder, write_document, tmp_path):
    def write_all(word):
        for number in range(4):
            write_document(f"day{number}", f"On day {number} the {word} came.", title="day")

    write_all("postman")
    sync(settings, embedder)
    stop = threading.Event()

    def keep_syncing():
        while not stop.is_set():
            for word in ("baker", "postman"):
                write_all(word)
                sync(settings, embedder)

    writer = threading.Thread(target=keep_syncing)
    writer.start()
    try:
        for number in range(4):
            export_collection(settings, tmp_path / f"file{number}")
    finally:
        stop.set()
        writer.join()
    for number in range(4):
        import_collection(elsewhere, tmp_path / f"file{number}")
        assert find_problems(elsewhere) == []
        with Store.open(elsewhere.database) as store:
            assert len({document.text.split()[-2] for document in store.all_documents()}) == 1


def test_export_that_fails_leaves_the_older_file(settings, exported, monkeypatch):
    before = exported.read_bytes()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transfer.os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        export_collection(settings, exported)
    assert exported.read_bytes() == before
    assert [path.name for path in exported.parent.iterdir() if path.name.startswith(".")] == []


def test_export_into_a_folder_that_is_not_there_is_refused(settings, exported, tmp_path):
    with pytest.raises(StorageError, match="is not a folder"):
        export_collection(settings, tmp_path / "nowhere" / "file")


def test_import_waits_for_no_writer(settings, exported):
    with WriteLock(settings.home), pytest.raises(LockedError):
        import_collection(settings, exported)


def test_commands(settings, elsewhere, embedder, exported, monkeypatch, capsys):
    monkeypatch.setenv("PARLEY_HOME", str(settings.home))
    assert main(["export", str(exported), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == 3
    monkeypatch.setenv("PARLEY_HOME", str(elsewhere.home))
    assert main(["import", str(exported)]) == 0
    assert "3 documents with 3 chunks, exported at" in capsys.readouterr().out
    assert main(["import", str(exported)]) == 0
    assert "kept in" in capsys.readouterr().out
    os.truncate(exported, 1000)
    assert main(["import", str(exported)]) == 1
    assert "is damaged" in capsys.readouterr().err
    assert main(["verify"]) == 0
