"""Claims against evidence: does the support score tell supported claims from others?"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.asking import SUPPORT_THRESHOLD, drawn
from benchmarks.quality.baselines import baseline_lines
from benchmarks.quality.progress import bar
from benchmarks.quality.tables import Column, Line, Table, computed
from index.text.words import find_words, fold
from rag.evaluation.errors import QuestionSetError
from rag.evaluation.metrics.auroc import auroc
from rag.evaluation.metrics.latency import percentile
from rag.evaluation.metrics.undefined import UndefinedError
from rag.grounding import support

Scorer = Callable[[str, str], float]

COLUMNS = (
    Column("AUC"),
    Column("balanced acc"),
    Column(f"balanced acc at {SUPPORT_THRESHOLD:g}"),
    Column("p50 ms", "ms"),
)
NOTES = (
    "Supported is label 1. `balanced acc` is at thresholds fitted to one half of the pairs and used on the other.",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, what it is said to rest on, and whether it does."""

    evidence: str
    claim: str
    is_supported: bool


def word_overlap(evidence: str, claim: str) -> float:
    """The share of the claim's words, 0..1, that stand anywhere in the evidence."""
    wanted = _words(claim)
    return len(wanted & _words(evidence)) / len(wanted) if wanted else 0.0


SCORERS: Mapping[str, Scorer] = {"rag.grounding.support": support, "word overlap": word_overlap}


def claim_table(folder: Path, sample: int | None, seed: int) -> Table:
    """Each scorer on each `pairs_*.jsonl` of the folder."""
    lines = [
        _line(f"{file.stem}: {name}", scorer, drawn(read_pairs(file), sample, seed), seed)
        for file in sorted(folder.glob("pairs_*.jsonl"))
        for name, scorer in SCORERS.items()
    ]
    return Table(f"{folder.name}: claims", COLUMNS, (*lines, *baseline_lines(folder, COLUMNS)), NOTES)


def read_pairs(file: Path) -> list[Pair]:
    """The pairs of a file of `{evidence, claim, label}`; raises QuestionSetError with the line that is wrong."""
    pairs = []
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            pairs.append(Pair(row["evidence"], row["claim"], int(row["label"]) == 1))
        except (ValueError, KeyError, TypeError) as error:
            raise QuestionSetError(f"{file}, line {number}: no evidence, claim and label: {error!r}") from error
    return pairs


def balanced_accuracy(scores: np.ndarray, labels: np.ndarray, threshold: float) -> float:
    """The mean of the shares of positives at or above the threshold and of negatives below it (0..1)."""
    if not labels.any() or labels.all():
        raise UndefinedError("balanced accuracy needs positives and negatives")
    said = scores >= threshold
    return float((said[labels].mean() + (~said[~labels]).mean()) / 2)


def cross_fitted_accuracy(scores: np.ndarray, labels: np.ndarray, seed: int) -> float:
    """Balanced accuracy where each half of the pairs, drawn by lot, is judged at the other half's best threshold."""
    order = np.random.default_rng(seed).permutation(len(scores))
    halves = order[::2], order[1::2]
    fair = np.zeros(len(scores))
    for fitted, judged in (halves, halves[::-1]):
        fair[judged] = scores[judged] >= _best_threshold(scores[fitted], labels[fitted])
    return balanced_accuracy(fair, labels, 1.0)


def _best_threshold(scores: np.ndarray, labels: np.ndarray) -> float:
    return float(max(np.unique(scores), key=lambda threshold: balanced_accuracy(scores, labels, threshold)))


def _line(label: str, scorer: Scorer, pairs: Sequence[Pair], seed: int) -> Line:
    values, took_ms = [], []
    for pair in bar(pairs, label, "pair"):
        start = time.perf_counter()
        values.append(scorer(pair.evidence, pair.claim))
        took_ms.append((time.perf_counter() - start) * 1000)
    scores, labels = np.array(values), np.array([pair.is_supported for pair in pairs], dtype=bool)
    figures = (
        lambda: auroc(values, labels.tolist()),
        lambda: cross_fitted_accuracy(scores, labels, seed),
        lambda: balanced_accuracy(scores, labels, SUPPORT_THRESHOLD),
        lambda: percentile(took_ms, 50),
    )
    return Line(label, tuple(computed(len(pairs), figure) for figure in figures))


def _words(text: str) -> set[str]:
    return {fold(text[word.start : word.end]) for word in find_words(text)}
