"""Changes a home over and over in a process of its own, until somebody kills it.

Processes are forked from one that has the embedder and the libraries in memory (`fault_preload`), which makes a hundred
of them cheap.
"""

import multiprocessing
import os
import random
import string
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import chromadb  # noqa: F401 -- imported once, before the fork
import langchain_chroma  # noqa: F401

from index import publish
from index.embedding import Embedder, open_embedder
from index.errors import LockedError, StorageError
from index.offline import silence_telemetry
from index.settings import Settings
from index.sync import add, rebuild, remove, sync
from index.text.lexical import tokenize

PROJECT = Path(__file__).resolve().parents[2]
SYNCED, ADDED = 6, 4  # documents of the synced folder, and of those that come by `add`
State = dict[str, str]  # document id -> the word that only its text has

silence_telemetry()


def loaded_embedder() -> Embedder:
    with tempfile.TemporaryDirectory() as home:
        return open_embedder("e5", Path(home))


def fork_server() -> multiprocessing.context.ForkServerContext:
    """Makes processes that have all of this module loaded."""
    folders = [str(PROJECT), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, folders))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["fault_preload"])
    return context


def settings_of(home: Path) -> Settings:
    return Settings(home=home, seeds=home.parent / "documents", chroma_url=None, _env_file=None)


def change_until_killed(home: Path, state: State, seed: int, pending: bool, out: Connection) -> None:
    """Tell `out` before each change what it leads to, and after it that it is done."""
    from fault_preload import EMBEDDER

    draw = random.Random(seed)
    allow_pending(pending)
    settings = settings_of(home)
    while True:
        kind = draw.choice(["sync", "sync", "add", "remove", "rebuild"])
        after, change = _drawn_change(kind, settings, EMBEDDER, state, draw)
        out.send(("begin", kind, after))
        try:
            change()
        except LockedError:
            out.send(("refused", kind, state))
            continue
        except StorageError as error:
            out.send(("failed", str(error), state))
            return
        state = after
        out.send(("done", kind, state))


def change_once(home: Path, state: State, seed: int, kind: str, out: Connection, limit: int | None = None) -> None:
    """One change; with `limit`, no file may grow beyond so many bytes."""
    from fault_preload import EMBEDDER

    allow_pending(bool(seed % 2))
    after, change = _drawn_change(kind, settings_of(home), EMBEDDER, state, random.Random(seed))
    if limit is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        change()
        out.send(("done", kind, after))
    except StorageError as error:
        out.send(("failed", str(error), state))


def allow_pending(pending: bool) -> None:
    """Have these few documents treated as a large collection, whose dense index is not copied for every change."""
    if pending:
        publish._LARGE, publish._MOST_PENDING = 0, 5


def _drawn_change(kind: str, settings: Settings, embedder: Embedder, state: State, draw: random.Random):
    """The state that a random change of this kind leads to, and the change."""
    if kind == "sync":
        synced = {f"s{n}": state.get(f"s{n}") for n in range(SYNCED) if draw.random() < 0.9}
        synced = {key: word if word and draw.random() < 0.5 else new_word(draw) for key, word in synced.items()}
        write_folder(settings.seeds, synced)
        after = {key: word for key, word in state.items() if not key.startswith("s")} | synced
        return after, lambda: sync(settings, embedder)
    if kind == "add":
        added = {f"a{draw.randrange(ADDED)}": new_word(draw) for _ in range(2)}
        inbox = settings.home.parent / f"inbox-{os.getpid()}"
        write_folder(inbox, added)
        return state | added, lambda: add(settings, embedder, [inbox])
    if kind == "remove" and state:
        gone = draw.sample(sorted(state), min(2, len(state)))
        return {key: word for key, word in state.items() if key not in gone}, lambda: remove(settings, gone)
    return state, lambda: rebuild(settings, embedder)


def write_folder(folder: Path, documents: State) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.stem not in documents:
            path.unlink()
    for key, word in documents.items():
        (folder / f"{key}.md").write_text(
            f"---\nid: {key}\ntitle: Parcel {key}\nlanguage: en\n---\nThe courier brought the parcel {word} at noon.\n",
            encoding="utf-8",
        )


def new_word(draw: random.Random) -> str:
    return next(word for word in _words(draw) if tokenize(word) == [word])


def _words(draw: random.Random) -> Iterator[str]:
    while True:
        yield "zq" + "".join(draw.choices(string.ascii_lowercase, k=8)) + "ox"
