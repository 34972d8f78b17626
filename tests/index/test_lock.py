import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.errors import LockedError, StorageError
from index.storage.lock import WriteLock

HOLD = """
import sys, time
from pathlib import Path
from index.storage.lock import WriteLock
with WriteLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold_elsewhere(home: Path) -> subprocess.Popen:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def test_second_process_is_refused_at_once_and_told_who_writes(tmp_path):
    with hold_elsewhere(tmp_path) as holder:
        try:
            with pytest.raises(LockedError, match=rf"process {holder.pid} has been writing .* since \d{{4}}-.*; wait"):
                WriteLock(tmp_path).__enter__()
        finally:
            holder.kill()


def test_lock_of_a_killed_process_is_free(tmp_path):
    with hold_elsewhere(tmp_path) as holder:
        holder.kill()
        holder.wait()
    with WriteLock(tmp_path):
        pass


def test_second_thread_is_refused_too(tmp_path):
    refused = []

    def try_it():
        try:
            with WriteLock(tmp_path):
                pass
        except LockedError as error:
            refused.append(str(error))

    with WriteLock(tmp_path):
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    assert f"process {os.getpid()}" in refused[0]


def test_lock_can_be_taken_again_after_an_error_inside(tmp_path):
    lock = WriteLock(tmp_path)
    with pytest.raises(ZeroDivisionError), lock:
        raise ZeroDivisionError
    with lock:
        pass


def test_home_that_cannot_be_made_is_a_storage_error_with_the_way_out(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="point PARLEY_HOME to a folder"):
        WriteLock(tmp_path / "file" / "home").__enter__()
