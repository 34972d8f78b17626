import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.__main__ import main
from index.storage.store import Store

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(settings, monkeypatch, capsys):
    """Runs `python -m index` with these arguments: exit status, stdout, stderr."""
    monkeypatch.setenv("PARLEY_HOME", str(settings.home))
    monkeypatch.setenv("PARLEY_SEEDS", str(settings.seeds))

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_sync_list_status_and_verify_agree(run, three_documents):
    status, out, err = run("sync")
    assert (status, err) == (0, "")
    assert "3 added, 0 changed, 0 removed, 0 unchanged, 0 refused; 3 chunks embedded" in out
    assert run("list")[1].splitlines()[0].split() == ["orchard", "2026-02-10", "en", "orchard"]
    facts = json.loads(run("status", "--json")[1])
    assert (facts["documents"], facts["chunks"], facts["languages"]) == (3, 3, {"en": 3})
    assert (facts["oldest"], facts["newest"], facts["dense_index"]) == ("2026-01-05", "2026-02-10", "whole")
    assert facts["index_version"] in out
    assert "dense index" in run("status")[1]
    assert run("verify") == (0, "all is well\n", "")


def test_json_of_every_command_can_be_read(run, three_documents):
    report = json.loads(run("sync", "--json")[1])
    assert report["added"] == ["bakery", "harbour", "orchard"]
    assert [document["id"] for document in json.loads(run("list", "--json")[1])] == ["orchard", "harbour", "bakery"]
    assert json.loads(run("verify", "--json")[1]) == {"whole": True, "problems": []}
    assert json.loads(run("rebuild", "--json")[1])["embedded"] == 0
    assert json.loads(run("remove", "bakery", "--json")[1])["removed"] == ["bakery"]
    assert json.loads(run("sync", "--dry-run", "--json")[1])["added"] == ["bakery"]


def test_refusals_go_to_stderr_and_fail_only_when_nothing_loads(run, settings, three_documents):
    (settings.seeds / "broken.md").write_text("---\ntitle: [unclosed\n---\nText.")
    status, out, err = run("sync")
    assert status == 0
    assert err.startswith("refused: ")
    assert "broken.md" in err
    assert "1 refused" in out
    only = settings.home.parent / "only"
    only.mkdir()
    (settings.seeds / "broken.md").rename(only / "broken.md")
    assert run("sync", str(only))[0] == 1


def test_add_and_remove(run, settings, three_documents, write_document):
    run("sync")
    path = write_document("note", "A note about clocks.", folder=settings.home.parent / "inbox")
    assert "added    note" in run("add", str(path))[1]
    status, out, err = run("remove", "note")
    assert (status, "removed  note" in out) == (0, True)
    assert f"{path} is still there" in err
    status, out, err = run("remove", "note")
    assert (status, out) == (1, "")
    assert err == "error: there is no document 'note'; `python -m index list` shows those there are\n"


def test_remove_reads_ids_from_stdin(run, three_documents, monkeypatch):
    run("sync")
    monkeypatch.setattr("sys.stdin", io.StringIO("bakery\nharbour\n"))
    assert "2 removed" in run("remove", "-")[1]


def test_verify_says_what_is_wrong_and_rebuild_cures_it(run, settings, three_documents):
    run("sync")
    with Store.open(settings.database) as store, store.writing():
        store._connection.execute("DELETE FROM chunk_tokens")
    status, out, err = run("verify")
    assert (status, out) == (1, "")
    assert "lexical index do not match" in err
    assert "python -m index rebuild" in err
    assert run("rebuild")[0] == 0
    assert run("verify")[0] == 0


@pytest.mark.parametrize("command", ["list", "status", "verify", "rebuild"])
def test_home_without_a_collection_is_said(run, command):
    status, out, err = run(command)
    assert (status, out) == (1, "")
    assert "yet; run `python -m index sync`" in err


def test_path_that_does_not_exist_is_one_line(run):
    status, _, err = run("sync", "/nonexistent/folder")
    assert status == 1
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_ctrl_c_ends_cleanly_and_the_next_run_goes_on(settings, write_document):
    for number in range(60):
        write_document(f"day{number}", f"On day {number} it rained. " * 60)
    environment = {**os.environ, "PARLEY_HOME": str(settings.home), "PARLEY_SEEDS": str(settings.seeds)}
    command = [sys.executable, "-m", "index", "sync"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=-1, stderr=-1, text=True)
    stored = 0
    while process.poll() is None and not stored:
        if settings.database.exists() and settings.database.stat().st_size:
            with Store.open(settings.database) as store:
                stored = store._rows("SELECT count(*) FROM embeddings")[0][0]
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert err == "stopped; what was stored stays, and the next run goes on from there\n"
    with Store.open(settings.database) as store:
        assert store.stored_documents() == {}
        assert store._rows("SELECT count(*) FROM embeddings")[0][0] >= stored > 0


def test_help_names_every_command():
    text = subprocess.run([sys.executable, "-m", "index", "--help"], cwd=PROJECT, capture_output=True, text=True).stdout
    for name in ("sync", "add", "remove", "list", "status", "verify", "rebuild"):
        assert f"    {name}" in text
