"""How fast the embedders are beside the packaged engine, how near their embeddings are to its, and what they find.

    python benchmarks/embedders.py --questions QUESTIONS.jsonl

Every round times each embedder on the same passages, so that the ratios hold on a busy machine; rates are the best
round's. Without --questions nothing is retrieved. A question is one JSON object a line: `question`, `relevant`
(document ids) and `answerable`.
"""

# ruff: noqa: T201 -- a command prints
import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import frontmatter
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from index.embedding import Embedder, open_embedder

Result = TypeVar("Result")
REFERENCE = "e5-engine"
CHUNK_WORDS = 110
# What the comparison of embeddings uses of each language's sentences.
LANGUAGES = ("en", "uk", "ru")


def main() -> None:
    arguments = _arguments()
    documents = [frontmatter.load(str(path)) for path in sorted(arguments.seeds.glob("*.md"))]
    names = [REFERENCE, *(name for name in arguments.embedders if name != REFERENCE)]
    embedders = {name: _opened(name) for name in names}
    passages = [passage for document in documents for passage in _passages(document)]
    timed = random.Random(0).sample(
        [text for _, text in passages if len(text.split()) >= CHUNK_WORDS], arguments.passages
    )
    tokens = statistics.mean(embedders[REFERENCE].count_tokens(text) for text in timed)
    print(
        f"\n{len(timed)} passages of {tokens:.0f} tokens on average, {os.cpu_count()} cores, {arguments.rounds} rounds"
    )
    _print_speed(embedders, timed, arguments.rounds)
    _print_nearness(embedders, documents, arguments.sentences)
    if arguments.questions:
        _print_hits(embedders, passages, arguments.questions)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument(
        "embedders", nargs="*", default=["e5", "minilm"], help="names as PARLEY_EMBEDDING_MODEL takes them"
    )
    parser.add_argument("--seeds", type=Path, default=Path("seeds"), help="a folder of documents with front matter")
    parser.add_argument("--questions", type=Path, help="questions with the documents that answer them")
    parser.add_argument("--passages", type=int, default=16, help="passages that are timed")
    parser.add_argument("--sentences", type=int, default=500, help="sentences whose embeddings are compared")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of timing")
    return parser.parse_args()


def _opened(name: str) -> Embedder:
    with tempfile.TemporaryDirectory() as home:
        seconds, embedder = _timed(lambda: open_embedder(name, Path(home)))
    print(f"{name}: {embedder.model_id} opened in {seconds:.2f} s")
    return embedder


def _passages(document: frontmatter.Post) -> list[tuple[str, str]]:
    """Document id and text of pieces of like length, the title in front."""
    words = document.content.split()
    pieces = [" ".join(words[first : first + CHUNK_WORDS]) for first in range(0, len(words), CHUNK_WORDS)]
    return [(document["id"], f"{document['title']}\n{piece}") for piece in pieces]


def _print_speed(embedders: dict[str, Embedder], texts: list[str], rounds: int) -> None:
    query = "Which officials met in Geneva in February, and what did they agree on energy?"
    passage_times: dict[str, list[float]] = {name: [] for name in embedders}
    query_times: dict[str, list[float]] = {name: [] for name in embedders}
    for _ in range(rounds):
        for name, embedder in embedders.items():
            embedder.encode_passages(texts[:2])
            passage_times[name].append(_timed(lambda e=embedder: e.encode_passages(texts))[0])
            query_times[name] += [_timed(lambda e=embedder: e.encode_query(query))[0] for _ in range(10)]
    print(f"{'embedder':12} {'passages/s':>10} {'times ' + REFERENCE:>24} {'query ms':>9}")
    for name, times in passage_times.items():
        ratios = [reference / own for reference, own in zip(passage_times[REFERENCE], times, strict=True)]
        shown = f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
        milliseconds = 1000 * statistics.median(query_times[name])
        print(f"{name:12} {len(texts) / min(times):10.1f} {shown:>24} {milliseconds:9.1f}")


def _print_nearness(embedders: dict[str, Embedder], documents: list[frontmatter.Post], count: int) -> None:
    """Cosine with the reference, for embedders of its family only: others have another space."""
    sentences = _sentences(documents, count)
    reference = embedders[REFERENCE]
    passages = reference.encode_passages(sentences)
    queries = np.array([reference.encode_query(text) for text in sentences])
    print(f"\ncosine with {REFERENCE} over {len(sentences)} sentences in {', '.join(LANGUAGES)}")
    print(f"{'embedder':12} {'prefix':>8} {'least':>8} {'mean':>8} {'token counts that differ':>26}")
    for name, embedder in embedders.items():
        if name == REFERENCE or not embedder.model_id.startswith("multilingual-e5-small"):
            continue
        differ = sum(embedder.count_tokens(text) != reference.count_tokens(text) for text in sentences)
        for prefix, expected, actual in (
            ("passage", passages, embedder.encode_passages(sentences)),
            ("query", queries, np.array([embedder.encode_query(text) for text in sentences])),
        ):
            cosines = (expected * actual).sum(axis=1)
            print(f"{name:12} {prefix:>8} {cosines.min():8.4f} {cosines.mean():8.4f} {differ:26}")


def _sentences(documents: list[frontmatter.Post], count: int) -> list[str]:
    """As many of each language as there are, up to an even share; the first language fills what is missing."""
    chosen: list[str] = []
    for language in reversed(LANGUAGES):
        texts = [document.content for document in documents if document["language"] == language]
        found = [line for text in texts for line in text.replace("\n", " ").split(". ") if len(line) > 20]
        random.Random(0).shuffle(found)
        share = count // len(LANGUAGES) if language != LANGUAGES[0] else count - len(chosen)
        chosen += found[:share]
    return chosen


def _print_hits(embedders: dict[str, Embedder], passages: list[tuple[str, str]], file: Path) -> None:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    questions = [row for row in rows if row["answerable"] and not row.get("history")]
    print(f"\n{len(questions)} answerable questions without history over {len(passages)} passages")
    print(f"{'embedder':12} {'hit@1':>12} {'hit@5':>12}")
    for name, embedder in embedders.items():
        matrix = embedder.encode_passages([text for _, text in passages])
        ranked = [_documents(passages, matrix @ embedder.encode_query(row["question"])) for row in questions]
        hits = [
            sum(bool(set(found[:k]) & set(row["relevant"])) for found, row in zip(ranked, questions, strict=True))
            for k in (1, 5)
        ]
        print(f"{name:12} " + " ".join(f"{hit:4} ({hit / len(questions):.3f})" for hit in hits))


def _documents(passages: list[tuple[str, str]], scores: np.ndarray) -> list[str]:
    """Document ids, best passage first, each once."""
    return list(dict.fromkeys(passages[index][0] for index in np.argsort(-scores)))


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()
