"""An afternoon of news: a folder of articles added, changed and removed while questions are being asked.

    python benchmarks/afternoon.py ARTICLES.jsonl --articles 300

ARTICLES.jsonl holds one document a line (`id`, `text`, and what else there is). Articles arrive some at a time as
files, a few of those that are there are edited and fewer withdrawn, and after each step the folder is synced by a
process of its own, as a user runs it. Meanwhile threads ask. Every passage has to be in the state that it was found in,
a withdrawn article is gone after its sync, and at the end each article is stored as it was last written and found by
its own words. Prints what was done, how long questions took, and all that was wrong; exit status 1 if anything was.
"""

# ruff: noqa: T201, E402 -- a command prints, and is run by its path
import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from index.offline import silence_telemetry

silence_telemetry()

import numpy as np

from index.collection import Collection
from index.embedding import Embedder, open_embedder
from index.settings import Settings
from index.text.lexical import tokenize
from index.verification import find_problems

K = 20


@dataclass(slots=True)
class Seen:
    """What the questions met with."""

    seconds: list[float] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Folder:
    """The articles as files, and what became of them."""

    path: Path
    waiting: list[dict]
    draw: random.Random
    present: dict[str, dict] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    edits: int = 0

    def step(self, arrivals: int) -> None:
        """Some arrive; of those that are there a few are edited, and fewer withdrawn."""
        for _ in range(min(arrivals, len(self.waiting))):
            self._write(self.waiting.pop())
        for key in self.draw.sample(sorted(self.present), len(self.present) // 25):
            article = self.present[key]
            self.edits += 1
            self._write({**article, "text": f"{article['text']}\n\nCorrection number {self.edits} was added to this."})
        for key in self.draw.sample(sorted(self.present), len(self.present) // 50):
            del self.present[key]
            self.withdrawn.add(key)
            (self.path / f"{key}.jsonl").unlink()

    def _write(self, article: dict) -> None:
        self.present[article["id"]] = article
        (self.path / f"{article['id']}.jsonl").write_text(json.dumps(article) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("articles_file", type=Path, metavar="ARTICLES.jsonl")
    parser.add_argument("--articles", type=int, default=300, help="how many of them")
    parser.add_argument("--steps", type=int, default=10, help="syncs")
    parser.add_argument("--askers", type=int, default=2, help="threads that ask")
    parser.add_argument("--pause", type=float, default=0.1, help="seconds of each thread between two questions")
    parser.add_argument("--home", type=Path, help="a home to use and keep, perhaps with embeddings in it")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        return _afternoon(arguments, Path(scratch))


def _afternoon(arguments: argparse.Namespace, scratch: Path) -> int:
    settings = Settings(home=arguments.home or scratch / "home", seeds=scratch / "news", _env_file=None)
    settings.seeds.mkdir()
    embedder = open_embedder(settings.embedding_model, settings.home)
    folder = Folder(settings.seeds, _articles(arguments), random.Random(arguments.seed))
    total, seen, over = len(folder.waiting), Seen(), threading.Event()
    titles = [_first_line(each) for each in folder.waiting[:40]]
    questions = [(title, embedder.encode_query(title)) for title in titles]
    folder.step(total // arguments.steps)
    syncs = [_sync_elsewhere(settings)]
    with Collection(settings, embedder) as collection:
        askers = [
            threading.Thread(target=_ask, args=(collection, questions, arguments.pause, seen, over))
            for _ in range(arguments.askers)
        ]
        for asker in askers:
            asker.start()
        for _ in range(arguments.steps):
            folder.step(total // arguments.steps)
            syncs.append(_sync_elsewhere(settings))
            seen.wrong += _withdrawn_that_answer(collection, folder)
        over.set()
        for asker in askers:
            asker.join()
    lost = _lost(settings, embedder, folder)
    _print_outcome(folder, syncs, seen, lost, find_problems(settings))
    return 1 if seen.wrong or lost else 0


def _articles(arguments: argparse.Namespace) -> list[dict]:
    lines = arguments.articles_file.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return random.Random(arguments.seed).sample(rows, min(arguments.articles, len(rows)))


def _first_line(article: dict) -> str:
    """The first line that says something; many reports begin with where they come from."""
    return max(article["text"].lstrip().split("\n")[:5], key=lambda line: len(line.split()))[:200]


def _sync_elsewhere(settings: Settings) -> dict:
    """A sync as a user runs it, while this process goes on reading."""
    process = subprocess.run(
        [sys.executable, "-m", "index", "sync", "--json"],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PARLEY_HOME": str(settings.home), "PARLEY_SEEDS": str(settings.seeds)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(process.stdout)


def _ask(collection: Collection, questions: list, pause_s: float, seen: Seen, over: threading.Event) -> None:
    draw = random.Random(threading.get_ident())
    while not over.wait(pause_s):
        title, embedding = draw.choice(questions)
        started = time.perf_counter()
        with collection.snapshot() as snapshot:
            hits = snapshot.dense(embedding, K) + snapshot.lexical(tokenize(title), K)
            seen.seconds.append(time.perf_counter() - started)
            seen.versions.add(snapshot.version)
            for hit in hits[::7]:
                document = snapshot.document(hit.chunk.document_id)
                if document is None or document.text[hit.chunk.start : hit.chunk.end] != hit.chunk.text:
                    seen.wrong.append(f"a passage of {hit.chunk.document_id} is not in the state that it was found in")


def _withdrawn_that_answer(collection: Collection, folder: Folder) -> list[str]:
    with collection.snapshot() as snapshot:
        there = {summary.id for summary in snapshot.documents()}
    return [f"{key} was withdrawn and is still there" for key in sorted(folder.withdrawn & there)]


def _lost(settings: Settings, embedder: Embedder, folder: Folder) -> list[str]:
    """Articles that are not stored as they were last written, or that neither search finds by their first sentences."""
    lost = []
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        for key, article in folder.present.items():
            document = snapshot.document(key)
            if document is None or document.text.split() != unicodedata.normalize("NFC", article["text"]).split():
                lost.append(f"{key} is not stored as it was written")
                continue
            opening = snapshot.document_chunks(key)[0].text
            found = snapshot.lexical(tokenize(opening)[:40], K)
            if key not in {hit.chunk.document_id for hit in found}:
                lost.append(f"{key} is stored and does not answer")
    return lost


def _print_outcome(folder: Folder, syncs: list[dict], seen: Seen, lost: list[str], problems: list[str]) -> None:
    counts = {name: sum(len(each[name]) for each in syncs) for name in ("added", "changed", "removed", "refusals")}
    embedded = sum(each["embedded"] for each in syncs)
    shown = ", ".join(f"{count} {name}" for name, count in counts.items())
    print(f"{len(syncs)} syncs: {shown}; {embedded} chunks embedded")
    print(f"seconds of a sync: median {statistics.median(each['seconds'] for each in syncs):.1f}")
    milliseconds = 1000 * np.array(seen.seconds)
    print(
        f"{len(milliseconds)} questions in {len(seen.versions)} states of the collection: "
        f"p50 {np.quantile(milliseconds, 0.5):.0f} ms, p95 {np.quantile(milliseconds, 0.95):.0f} ms, "
        f"most {milliseconds.max():.0f} ms"
    )
    print(f"{len(folder.present)} articles there; verify: {'; '.join(problems) or 'all is well'}")
    print(f"mixtures or withdrawn articles that answered: {len(seen.wrong)}; lost: {len(lost)}")
    for what in (*seen.wrong, *lost)[:20]:
        print(f"  {what}")


if __name__ == "__main__":
    sys.exit(main())
