"""How long it takes to find near-duplicates among many documents, beside comparing each with each.

    python benchmarks/stories.py 1000 5000 20000 --of-seeds

Documents are made by code: a tenth of them are taken over by other outlets with some words changed, cut or added. Where
both ways run, their pairs and groups have to be the same; comparing each with each is left out above `--most-pairwise`
documents. With --of-seeds the shipped documents are compared too.
"""

# ruff: noqa: T201 -- a command prints, and is run by its path
import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.synthetic import word_source
from index.documents.loading import load_paths
from index.stories import (
    MIN_CONTAINMENT,
    MIN_JACCARD,
    MIN_JACCARD_IF_CONTAINED,
    MIN_RUNS,
    Signatures,
    groups,
    similar_pairs,
)
from index.text.similarity import containment, jaccard, signature_of

Result = TypeVar("Result")
WORDS = (120, 600)  # of a report, from and to
OUTLETS = (1, 5)  # that take one over
TAKEN_OVER = 0.1


def main() -> None:
    arguments = _arguments()
    if arguments.of_seeds:
        _measure("seeds", [found.document.text for found in load_paths([Path("seeds")]).documents], pairwise=True)
    for size in arguments.sizes:
        _measure(f"{size:,}", _reports(size), pairwise=size <= arguments.most_pairwise)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 5_000, 20_000], help="documents")
    parser.add_argument("--most-pairwise", type=int, default=20_000, help="documents that are compared each with each")
    parser.add_argument("--of-seeds", action="store_true")
    return parser.parse_args()


def _measure(name: str, texts: Sequence[str], *, pairwise: bool) -> None:
    signing, made = _timed(lambda: [signature_of(text) for text in texts])
    ids = [f"d{number:06}" for number in range(len(texts))]
    signatures = Signatures(ids, np.array([each.runs for each in made]), np.stack([each.values for each in made]))
    bucketed, pairs = _timed(lambda: similar_pairs(ids, signatures))
    grouping, stories = _timed(lambda: groups((one, other) for one, other, _ in pairs))
    print(
        f"{name} documents: signatures {signing:.1f} s, {len(pairs)} pairs {bucketed:.2f} s, "
        f"{len(set(stories.values()))} groups {grouping:.2f} s"
    )
    if pairwise:
        compared, expected = _timed(lambda: _each_with_each(signatures))
        same = expected == {(one, other) for one, other, _ in pairs} and groups(expected) == stories
        print(f"  each with each {compared:.1f} s, {compared / bucketed:.0f} times as long; the same groups: {same}")


def _each_with_each(signatures: Signatures) -> set[tuple[str, str]]:
    pairs = set()
    for at, one in enumerate(signatures.ids):
        scores = jaccard(signatures.values[at], signatures.values[at + 1 :])
        for other in np.flatnonzero(scores >= MIN_JACCARD_IF_CONTAINED) + at + 1:
            runs, score = signatures.runs[[at, other]], scores[other - at - 1]
            alike = score >= MIN_JACCARD or containment(score, *runs) >= MIN_CONTAINMENT
            if alike and min(runs) >= MIN_RUNS:
                pairs.add((one, signatures.ids[other]))
    return pairs


def _reports(count: int) -> list[str]:
    words, chance = word_source(3), random.Random(3)
    texts: list[str] = []
    while len(texts) < count:
        report = [next(words) for _ in range(chance.randint(*WORDS))]
        texts.append(" ".join(report))
        if chance.random() < TAKEN_OVER:
            texts += [_taken_over(report, chance) for _ in range(chance.randint(*OUTLETS))]
    return texts[:count]


def _taken_over(report: list[str], chance: random.Random) -> str:
    """The report with up to a fifth of its words changed, and from a third of it to one and a half as long."""
    changed = chance.uniform(0, 0.2)
    kept = ["changed" if chance.random() < changed else word for word in report]
    added = [str(chance.random()) for _ in range(chance.randint(0, len(report) // 2))]
    return " ".join([*kept[: chance.randint(len(report) // 3, len(report))], *added])


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()
