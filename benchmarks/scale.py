"""What a question, a small change, memory and disk cost at 1,000, 10,000 and 100,000 chunks made by code.

    python benchmarks/scale.py 1000 10000 100000

Texts and embeddings are synthetic (benchmarks/synthetic.py); all else is what users run. Each size is measured in a
process of its own. The searches of a question are a dense and a lexical one for 50 chunks each. A whole question is all
that a reader waits for but embedding it, which does not depend on the size.
"""

# ruff: noqa: T201, E402 -- a command prints, and is run by its path
import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

from index.offline import silence_telemetry

silence_telemetry()

import numpy as np

from benchmarks.synthetic import SyntheticEmbedder, document, word_source, write_documents
from index.collection import Collection
from index.settings import Settings
from index.storage.exact import ExactIndex
from index.storage.store import Store
from index.sync import sync
from index.text.lexical import tokenize
from rag.assistant import Assistant
from rag.retrieval.reader import Reader
from rag.types import Question

Result = TypeVar("Result")
QUESTIONS = 60
WORDS = 8
CPU = "its searches, CPU ms (median)"  # what holds on a busy machine
WHOLE_CPU = "whole question CPU ms (median)"
K = 50


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock and of the processor."""

    clock: float
    processor: float


def main() -> None:
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000], help="chunks")
    parser.add_argument("--folder", type=Path, help="where the homes stay, to be used again; a temporary one else")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(_measured(arguments.measure, arguments.folder)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        rows = [_in_a_process(size, arguments.folder or Path(scratch)) for size in arguments.sizes]
    for name in rows[0]:
        print(f"{name:36}" + "".join(f"{row[name]:>12,.1f}" for row in rows))
    for name in (CPU, WHOLE_CPU):
        print(
            f"{name.replace('ms (median)', 'beside the first'):36}"
            + "".join(f"{row[name] / rows[0][name]:12.2f}" for row in rows)
        )


def _in_a_process(size: int, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", str(size), "--folder", str(folder / str(size))]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def _measured(size: int, folder: Path) -> dict[str, float]:
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "documents.jsonl"
    settings = Settings(home=folder / "home", _env_file=None)
    embedder = SyntheticEmbedder()
    built = 0.0
    if not settings.database.exists():
        write_documents(source, size)
        built, _ = _timed(lambda: sync(settings, embedder, [source]))
    unchanged, _ = _timed(lambda: sync(settings, embedder, [source]))
    _change_one(source)
    changed, _ = _timed(lambda: sync(settings, embedder, [source]))
    with Collection(settings, embedder) as collection:
        cpu, times, answers = _asked(collection, embedder)
        memory = _memory_mb()
        whole = _answered(Assistant(collection, embedder, cross_encoder=Reader()), settings)
    totals = [dense + lexical for dense, lexical in times]
    return {
        "chunks": size,
        "built in s": built,
        "unchanged sync s": unchanged,
        "one document changed, beyond that s": changed - unchanged,
        "whole question ms (median)": 1000 * statistics.median(cost.clock for cost in whole),
        "whole question ms (p95)": 1000 * float(np.quantile([cost.clock for cost in whole], 0.95)),
        WHOLE_CPU: 1000 * statistics.median(cost.processor for cost in whole),
        "its searches ms (median)": 1000 * statistics.median(totals),
        "its searches ms (p95)": 1000 * float(np.quantile(totals, 0.95)),
        CPU: 1000 * statistics.median(cpu),
        "of it dense ms": 1000 * statistics.median(dense for dense, _ in times),
        "of it lexical ms": 1000 * statistics.median(lexical for _, lexical in times),
        "dense search finds, % of the best 50": 100 * _recall(settings, embedder, answers),
        "memory MB, the syncs before it included": memory,
        "SQLite MB": _megabytes(settings.home.glob("parley.sqlite3*")),
        "Chroma MB": _megabytes((settings.home / "chroma").rglob("*")),
    }


def _asked(
    collection: Collection, embedder: SyntheticEmbedder
) -> tuple[list[float], list[tuple[float, float]], list[tuple[np.ndarray, set[str]]]]:
    """Processor seconds of each question, seconds of its two searches, its embedding with what the dense one found."""
    words = word_source(99)
    questions = [" ".join(next(words) for _ in range(WORDS)) for _ in range(QUESTIONS)]
    cpu, times, answers = [], [], []
    for question in questions:
        embedding, terms = embedder.encode_query(question), tokenize(question)
        started = time.process_time()
        with collection.snapshot() as snapshot:
            dense, hits = _timed(lambda s=snapshot, e=embedding: s.dense(e, K))
            lexical, _ = _timed(lambda s=snapshot, t=terms: s.lexical(t, K))
        cpu.append(time.process_time() - started)
        times.append((dense, lexical))
        answers.append((embedding, {hit.chunk.id for hit in hits}))
    warm = QUESTIONS // 6  # the first ones fill the caches
    return cpu[warm:], times[warm:], answers


def _answered(assistant: Assistant, settings: Settings) -> list[Cost]:
    """What whole questions cost, each made of words that stand together in one of the documents."""
    draw = random.Random(5)
    with Store.open(settings.database) as store:
        ids = draw.sample(sorted(store.stored_documents()), QUESTIONS)
        texts = [store.document(document_id).text for document_id in ids]
    costs = []
    for text in texts:
        words = text.lower().replace(".", "").split()
        first = draw.randrange(len(words) - WORDS)
        asked = Question(question=f"What was said of {' '.join(words[first : first + WORDS])}?")
        clock, processor = time.perf_counter(), time.process_time()
        assistant.ask(asked, followups=False)
        costs.append(Cost(time.perf_counter() - clock, time.process_time() - processor))
    return costs[QUESTIONS // 6 :]


def _recall(settings: Settings, embedder: SyntheticEmbedder, answers: list[tuple[np.ndarray, set[str]]]) -> float:
    with Store.open(settings.database) as store:
        exact = ExactIndex(*store.pending_embeddings(0, embedder.model_id))
    return statistics.mean(
        len(found & {chunk_id for chunk_id, _ in exact.search(embedding, K)}) / K for embedding, found in answers
    )


def _change_one(source: Path) -> None:
    lines = source.read_text(encoding="utf-8").splitlines()
    lines[len(lines) // 2] = json.dumps(document(len(lines) // 2, word_source(time.time_ns())))
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _memory_mb() -> float:
    """What the process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _megabytes(paths: Iterable[Path]) -> float:
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()
