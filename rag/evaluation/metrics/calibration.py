"""Calibration: of answers given with confidence c, is a share of c right? (Guo et al., 2017, arXiv 1706.04599)"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluation.metrics.undefined import UndefinedError


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Answers whose confidence lies in [`low`, `high`), the last bin including 1."""

    low: float
    high: float
    n: int
    mean_confidence: float
    share_right: float


def confidence_bins(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[ConfidenceBin]:
    """The bins of equal width that hold any answer, lowest first."""
    filled: dict[int, list[tuple[float, bool]]] = {}
    for pair in zip(confidences, right, strict=True):
        filled.setdefault(min(int(pair[0] * bins), bins - 1), []).append(pair)
    return [
        ConfidenceBin(
            low=index / bins,
            high=(index + 1) / bins,
            n=len(pairs),
            mean_confidence=sum(confidence for confidence, _ in pairs) / len(pairs),
            share_right=sum(good for _, good in pairs) / len(pairs),
        )
        for index, pairs in sorted(filled.items())
    ]


def expected_calibration_error(bins: Sequence[ConfidenceBin]) -> float:
    """The mean distance between confidence and share right (0..1), weighted by answers."""
    total = sum(each.n for each in bins)
    if not total:
        raise UndefinedError("the calibration error is undefined without answers")
    return sum(each.n * abs(each.mean_confidence - each.share_right) for each in bins) / total
