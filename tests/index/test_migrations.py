import sqlite3
import threading
from contextlib import closing

import pytest

from index.errors import StorageError
from index.storage.migrations import MIGRATIONS, SCHEMA_VERSION, copy_database, copy_path, migrate, schema_version
from index.storage.store import Store

ADD_COLUMN = "ALTER TABLE documents ADD COLUMN seen TEXT;\nCREATE TABLE notes (id TEXT PRIMARY KEY);\n"


@pytest.fixture
def database(tmp_path):
    """A file of the first version with one document."""
    path = tmp_path / "parley.sqlite3"
    with closing(open_plain(path)) as connection:
        migrate(connection, path, MIGRATIONS[:1])
        fields = ("a", None, "en", '{"id": "a", "title": "A"}', "Text.", "h", "", "", "")
        connection.execute(f"INSERT INTO documents VALUES ({', '.join('?' * 9)})", fields)
    return path


def open_plain(path):
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def columns(path, table):
    with closing(open_plain(path)) as connection:
        return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def test_file_of_the_first_version_opens_with_its_documents(database):
    with Store.open(database) as store:
        assert store.document("a").text == "Text."
        assert store.integrity_problems() == []
    connection = open_plain(database)
    assert schema_version(connection) == SCHEMA_VERSION
    connection.close()


def test_migrated_file_has_the_tables_of_a_new_one(database, tmp_path):
    def schema(path):
        with Store.open(path, create=True) as store:
            return sorted(store._rows("SELECT type, name, sql FROM sqlite_master"), key=str)

    assert schema(database) == schema(tmp_path / "new.sqlite3")


def test_older_file_moves_forward_and_a_copy_of_it_stays(database):
    connection = open_plain(database)
    migrate(connection, database, [*MIGRATIONS[:1], ADD_COLUMN])
    assert schema_version(connection) == 2
    assert connection.execute("SELECT id, seen FROM documents").fetchall() == [("a", None)]
    connection.close()
    copy = copy_path(database, 1)
    assert "seen" not in columns(copy, "documents")
    connection = open_plain(copy)
    assert schema_version(connection) == 1
    assert connection.execute("SELECT text FROM documents").fetchall() == [("Text.",)]
    connection.close()


def test_step_may_be_a_function(database):
    def step(connection):
        connection.execute("UPDATE documents SET text = upper(text)")

    connection = open_plain(database)
    migrate(connection, database, [*MIGRATIONS[:1], step])
    assert connection.execute("SELECT text FROM documents").fetchone() == ("TEXT.",)
    connection.close()


def test_table_may_be_made_anew_while_others_refer_to_it(database):
    anew = (
        "CREATE TABLE documents_2 AS SELECT * FROM documents;\nDROP TABLE documents;\n"
        "ALTER TABLE documents_2 RENAME TO documents;\nCREATE UNIQUE INDEX documents_by_id ON documents (id);\n"
    )
    connection = open_plain(database)
    connection.execute("INSERT INTO chunks VALUES (1, 'a#0', 'a', 0, 0, 5, 'Text.', 'h')")
    migrate(connection, database, [*MIGRATIONS[:1], anew])
    assert connection.execute("SELECT document_id FROM chunks").fetchall() == [("a",)]
    connection.close()


@pytest.mark.parametrize("broken", ["CREATE TABLE notes (id TEXT);\nnonsense;\n", "DELETE FROM documents;\n"])
def test_step_that_fails_leaves_the_file_as_it_was(database, broken):
    connection = open_plain(database)
    connection.execute("INSERT INTO chunks VALUES (1, 'a#0', 'a', 0, 0, 5, 'Text.', 'h')")
    with pytest.raises((sqlite3.Error, StorageError)):
        migrate(connection, database, [*MIGRATIONS[:1], ADD_COLUMN, broken])
    assert schema_version(connection) == 1
    assert connection.execute("SELECT count(*) FROM documents").fetchone() == (1,)
    assert "seen" not in columns(database, "documents")
    connection.close()


def test_new_and_empty_files_leave_no_copy(tmp_path):
    path = tmp_path / "parley.sqlite3"
    connection = open_plain(path)
    migrate(connection, path, MIGRATIONS[:1])
    migrate(connection, path, [*MIGRATIONS[:1], ADD_COLUMN])
    connection.close()
    assert [file.name for file in tmp_path.iterdir()] == ["parley.sqlite3"]


def test_readers_wait_for_nothing_while_a_file_moves_forward(database):
    reader = open_plain(database)
    reader.execute("PRAGMA journal_mode = WAL")
    seen = []

    def step(connection):
        connection.execute("UPDATE documents SET text = 'New.'")
        seen.append(reader.execute("SELECT text FROM documents").fetchone())

    connection = open_plain(database)
    migrate(connection, database, [*MIGRATIONS[:1], step])
    assert seen == [("Text.",)]
    assert reader.execute("SELECT text FROM documents").fetchone() == ("New.",)
    reader.close()
    connection.close()


def test_two_that_open_an_older_file_at_once_move_it_once(database):
    runs, failures = [], []

    def step(connection):
        runs.append(1)
        connection.execute("CREATE TABLE notes (id TEXT)")

    def open_it():
        connection = sqlite3.connect(database, isolation_level=None, timeout=30)
        try:
            migrate(connection, database, [*MIGRATIONS[:1], step])
        except sqlite3.Error as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (runs, failures) == ([1], [])


def test_file_that_cannot_be_written_says_that_it_has_to_move(database):
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, isolation_level=None)
    with pytest.raises(StorageError, match="schema version 1 and has to move to 2, but it cannot be written"):
        migrate(connection, database, [*MIGRATIONS[:1], ADD_COLUMN])
    connection.close()


def test_copy_that_finds_no_room_leaves_nothing_and_stops_the_move(database, monkeypatch):
    class FullDisk(sqlite3.Connection):
        def execute(self, statement, *parameters):
            if statement == "PRAGMA journal_mode = DELETE":
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(statement, *parameters)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **options: connect(path, factory=FullDisk, **options))
    connection = open_plain(database)
    with pytest.raises(sqlite3.OperationalError, match="disk is full"):
        migrate(connection, database, [*MIGRATIONS[:1], ADD_COLUMN])
    assert schema_version(connection) == 1
    connection.close()
    assert [file.name for file in database.parent.iterdir()] == ["parley.sqlite3"]


def test_copy_holds_the_last_commit_while_another_writes(database, tmp_path):
    with Store.open(database) as store, store.writing():
        store._connection.execute("UPDATE documents SET text = 'Uncommitted.'")
        copy_database(database, tmp_path / "copy.sqlite3")
    with Store.open(tmp_path / "copy.sqlite3") as store:
        assert store.document("a").text == "Text."
