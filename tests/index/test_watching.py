"""Watching: each round brings the collection in step; a busy lock or a missing file waits for the next round."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import DocumentError, LockedError
from index.storage.lock import WriteLock
from index.storage.store import Store
from index.sync import SyncReport
from index.watching import watch

PROJECT = Path(__file__).resolve().parents[2]


def test_each_round_follows_the_files(settings, embedder, three_documents) -> None:
    slept: list[float] = []
    rounds = watch(settings, embedder, [settings.seeds], every_s=7, sleep=slept.append)
    assert next(rounds).added == ("bakery", "harbour", "orchard")
    (settings.seeds / "bakery.md").unlink()
    (settings.seeds / "broken.md").write_text("---\ntitle: [\n---\nx")
    report = next(rounds)
    assert (report.removed, len(report.refusals)) == (("bakery",), 1)
    assert next(rounds).refusals == ()  # told once
    with WriteLock(settings.home):
        assert isinstance(next(rounds), LockedError)
    os.rename(settings.seeds, settings.home / "away")
    assert isinstance(next(rounds), DocumentError)
    os.rename(settings.home / "away", settings.seeds)
    report = next(rounds)
    assert isinstance(report, SyncReport)
    assert report.unchanged == ("harbour", "orchard")
    assert slept == [7] * 5
    rounds.close()


@pytest.mark.parametrize("every", ["0", "-1", "inf", "nan", "soon"])
def test_interval_must_be_one(every: str) -> None:
    command = [sys.executable, "-m", "index", "watch", "x", "--every", every]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 2


def test_command_watches_until_it_is_stopped(settings, three_documents) -> None:
    environment = {**os.environ, "PARLEY_HOME": str(settings.home), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "index", "watch", str(settings.seeds), "--every", "0.1"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=-1, stderr=-1, text=True)
    lines = iter(process.stdout.readline, "")
    assert any(line.startswith("3 added") for line in lines)
    (settings.seeds / "bakery.md").unlink()
    assert any(line.startswith("0 added, 0 changed, 1 removed") for line in lines)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate()
    assert (process.returncode, err) == (130, "stopped; what was stored stays, and the next run goes on from there\n")
    with Store.open(settings.database) as store:
        assert set(store.stored_documents()) == {"harbour", "orchard"}
