"""The faults: what is done to a home, and what came of it."""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from fault_check import faults, stored_state
from fault_worker import State, change_once, change_until_killed, fork_server, settings_of

from index.embedding import Embedder
from index.errors import StorageError
from index.sync import rebuild, sync
from index.verification import find_problems

_PATIENCE_S = 60.0  # with a process that says nothing, on a busy machine
_KINDS = ("sync", "add", "remove", "rebuild")


@dataclass(slots=True)
class Tally:
    """How often a fault was made, how many acknowledged changes stood before one, and all that was wrong after."""

    fault: str
    times: int = 0
    acknowledged: int = 0
    refused: int = 0
    found: list[str] = field(default_factory=list)


@contextmanager
def new_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="parley-faults-") as folder:
        yield Path(folder) / "home"


def killed(times: int, seed: int, embedder: Embedder) -> Tally:
    """SIGKILL at random moments of syncs, additions, removals and rebuilds, one after the other on the same home."""
    tally = Tally("SIGKILL")
    draw = random.Random(seed)
    context = fork_server()
    with new_home() as home:
        state: State = {}
        for turn in range(times):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=change_until_killed, args=(home, state, seed * 1000 + turn, bool(turn % 2), theirs)
            )
            process.start()
            theirs.close()
            told = _Told(state)
            told.listen(ours, draw.choice([0, 0, 1, 2]))
            time.sleep(draw.expovariate(2.0) if turn % 3 else draw.uniform(0.0, 0.1))
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            told.listen(ours)
            tally.times += 1
            tally.acknowledged += told.done
            tally.found += told.failures + faults(home, [told.before, told.after], embedder)
            state = stored_state(home)
    return tally


class _Told:
    """What a process said: the state it was sure of, where it was going, how many changes, and what failed."""

    def __init__(self, state: State) -> None:
        self.before = self.after = state
        self.stored: State = {}  # all that was ever acknowledged
        self.done = self.refused = 0
        self.failures: list[str] = []

    def listen(self, messages: Connection, changes: int | None = None) -> None:
        """Hear it until it begins a change after so many more, or else all that it has said."""
        until = None if changes is None else self.done + changes
        try:
            while messages.poll(0 if until is None else _PATIENCE_S):
                word, what, told = messages.recv()
                if word == "begin":
                    self.after = told
                    if until is not None and self.done >= until:
                        return
                elif word == "done":
                    self.before = self.after = told
                    self.stored |= told
                    self.done += 1
                elif word == "refused":
                    self.refused += 1
                else:
                    self.failures.append(what)
        except EOFError:
            return
        if until is not None:
            self.failures.append(f"the process did nothing for {_PATIENCE_S:.0f} s")


def disk_full(times: int, seed: int, embedder: Embedder) -> Tally:
    """A change with less and less room: a small file system where root may mount one, else a limit on every file."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="parley-faults-") as folder:
        home = Path(folder) / "home"  # what is to be read lies beside it, where there is room
        home.mkdir()
        mounted = _mount(home, 64_000)
        tally = Tally("disk full (tmpfs)" if mounted else "disk full (file size)")
        try:
            state = _changed_once(home, {}, seed, "sync", None, tally)
            for turn in range(times):
                kind = _KINDS[turn % 3] if turn % 4 else "rebuild"
                room = int(draw.choice([0, 8, 40, 120, 300, 700, 1500]))
                limit = None
                if mounted:
                    _mount(home, _used_kib(home) + room, again=True)
                else:
                    limit = max(path.stat().st_size for path in home.rglob("*")) // 2 + room * 256
                after = _changed_once(home, state, seed + turn, kind, limit, tally)
                if mounted:
                    _mount(home, 64_000, again=True)
                tally.found += faults(home, [state, after], embedder)
                state = stored_state(home)
                tally.times += 1
        finally:
            if mounted:
                subprocess.run(["umount", "-l", str(home)], check=False)
    return tally


def _changed_once(home: Path, state: State, seed: int, kind: str, limit: int | None, tally: Tally) -> State:
    """The state that a change in a process of its own says it reached."""
    context = fork_server()
    ours, theirs = context.Pipe()
    process = context.Process(target=change_once, args=(home, state, seed, kind, theirs, limit))
    process.start()
    theirs.close()
    process.join()
    try:
        word, what, after = ours.recv()
    except EOFError:
        tally.found.append(f"{kind} ended with {process.exitcode} instead of a message")
        return state
    if word == "failed":
        tally.refused += 1
        if "\n" in what or not any(hint in what for hint in ("full", "free space", "failed; check the disk")):
            tally.found.append(f"{kind} does not say that the disk is full: {what}")
        return state
    tally.acknowledged += 1
    return after


def _mount(place: Path, kib: int, *, again: bool = False) -> bool:
    options = f"size={kib}k" + (",remount" if again else "")
    if os.geteuid() or not shutil.which("mount"):
        return False
    return not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=False, capture_output=True
    ).returncode


def _used_kib(place: Path) -> int:
    usage = shutil.disk_usage(place)
    return usage.used // 1024


def dense_index_damaged(times: int, seed: int, embedder: Embedder) -> Tally:
    """Chroma's files cut short, overwritten, swapped, deleted: all is found, and it comes back without embedding."""
    draw = random.Random(seed)
    tally = Tally("Chroma damaged")
    with new_home() as home:
        state = _changed_once(home, {}, seed, "sync", None, tally)
        for _ in range(times):
            files = sorted(path for path in (home / "chroma").rglob("*") if path.is_file())
            for path in draw.sample(files, draw.randint(1, 3)):
                if path.exists():  # else its folder is gone
                    _damage(path, draw)
            tally.times += 1
            if draw.random() < 0.5:
                tally.found += faults(home, [state], embedder, verify=False)  # reading repairs, too
            sync_that_embeds_nothing(home, embedder, tally)
            tally.found += faults(home, [state], embedder)
    return tally


def _damage(path: Path, draw: random.Random) -> None:
    content = path.read_bytes()
    how = draw.choice(["half", "empty", "garbage", "bits", "gone", "folder gone"])
    if how == "half":
        path.write_bytes(content[: len(content) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "garbage":
        path.write_bytes(draw.randbytes(len(content)))
    elif how == "bits" and content:
        damaged = bytearray(content)
        for _ in range(20):
            damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
        path.write_bytes(damaged)
    elif how == "gone":
        path.unlink()
    elif path.parent.name != "chroma":
        shutil.rmtree(path.parent)


def sync_that_embeds_nothing(home: Path, embedder: Embedder, tally: Tally) -> None:
    report = sync(settings_of(home), embedder)
    if report.embedded or report.added or report.changed or report.removed:
        tally.found.append(f"a sync after damage changed or embedded something: {report}")


def two_processes(times: int, seed: int, embedder: Embedder) -> Tally:
    """Two processes that both change one home: one of them at a time does, the other is told."""
    tally = Tally("two processes")
    context = fork_server()
    draw = random.Random(seed)
    for turn in range(times):
        with new_home() as home:
            both = []
            for number in range(2):
                ours, theirs = context.Pipe()
                arguments = (home, {}, seed + 100 * turn + number, bool(turn % 2), theirs)
                process = context.Process(target=change_without_removing, args=arguments)
                process.start()
                theirs.close()
                both.append((process, ours))
            told = [_Told({}) for _ in both]
            for each, (_, messages) in zip(told, both, strict=True):
                each.listen(messages, 1)
            time.sleep(draw.uniform(0.0, 1.0))
            for process, _ in both:
                os.kill(process.pid, signal.SIGKILL)
                process.join()
            stored = stored_state(home)
            for each, (_, messages) in zip(told, both, strict=True):
                each.listen(messages)
                tally.acknowledged += each.done
                tally.refused += each.refused
                tally.found += each.failures
                tally.found += [f"{key} was acknowledged and is not there" for key in each.stored if key not in stored]
            tally.times += 1
            tally.found += faults(home, [stored], embedder)
    return tally


def change_without_removing(home: Path, state: State, seed: int, pending: bool, out) -> None:
    """Add documents of its own only, so that whatever it acknowledged has to be there at the end."""
    from fault_preload import EMBEDDER
    from fault_worker import allow_pending, new_word, write_folder

    from index.errors import LockedError
    from index.sync import add

    allow_pending(pending)
    draw = random.Random(seed)
    inbox = home.parent / f"inbox-{seed}"
    for number in range(1000):
        document = {f"p{seed}n{number}": new_word(draw)}
        write_folder(inbox, document)
        out.send(("begin", "add", document))
        try:
            add(settings_of(home), EMBEDDER, [inbox])
            out.send(("done", "add", document))
        except LockedError:
            out.send(("refused", "add", {}))
            time.sleep(0.02)


def read_only(times: int, seed: int, embedder: Embedder) -> Tally:
    """A home that cannot be written, its dense index whole or broken: reading goes on, writing is refused."""
    tally = Tally("read-only home")
    context = fork_server()
    with new_home() as home:
        home.parent.chmod(0o755)
        state = _changed_once(home, {}, seed, "sync", None, tally)
        for turn in range(times):
            if turn % 2:
                for path in (home / "chroma").rglob("data_level0.bin"):
                    path.write_bytes(b"")
            ours, theirs = context.Pipe()
            process = context.Process(target=read_as_nobody, args=(home, state, theirs))
            process.start()
            theirs.close()
            process.join()
            for path in [home, *home.rglob("*")]:
                path.chmod(0o755)
            tally.times += 1
            try:
                tally.found += ours.recv()
            except EOFError:
                tally.found.append(f"the reader ended with {process.exitcode}")
            tally.refused += 1
            sync_that_embeds_nothing(home, embedder, tally)
            tally.found += faults(home, [state], embedder)
    return tally


def read_as_nobody(home: Path, state: State, out) -> None:
    """Look for every document as a user that may not write, who is also told so."""
    from fault_preload import EMBEDDER

    EMBEDDER.encode_query("whatever is imported late is imported while everything can still be read")
    faults(home, [state], EMBEDDER, verify=False)
    for path in [home, *home.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if os.geteuid() == 0:  # root may write anywhere
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    found = faults(home, [state], EMBEDDER, verify=False)
    found += [problem for problem in find_problems(settings_of(home)) if "dense index" not in problem]
    for change in (sync, rebuild):
        try:
            change(settings_of(home), EMBEDDER)
            found.append(f"{change.__name__} wrote to a home that cannot be written")
        except StorageError as error:
            if "writable" not in str(error):
                found.append(f"{change.__name__} does not say that it cannot write: {error}")
    out.send(found)


FAULTS = {
    "kill": killed,
    "full": disk_full,
    "damage": dense_index_damaged,
    "two": two_processes,
    "readonly": read_only,
}
