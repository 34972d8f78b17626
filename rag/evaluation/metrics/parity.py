"""Parity: does the same question fare alike in another language or spelling? Our own measures.

`parity_gap` compares groups of questions, `same_outcome` one question with a variant of itself.
"""

from collections.abc import Mapping

from rag.evaluation.metrics.undefined import UndefinedError


def parity_gap(values: Mapping[str, float]) -> float:
    """The largest difference between groups (0..1 for shares; 0 is parity)."""
    if len(values) < 2:
        raise UndefinedError(f"a gap needs two groups, but there is only {list(values)}")
    return max(values.values()) - min(values.values())


def same_outcome(right: float | None, variant_right: float | None) -> float:
    """1.0 if a question and its variant both end well or both don't, else 0.0."""
    if right is None or variant_right is None:
        raise UndefinedError("parity is undefined where it cannot be told whether an outcome is right")
    return float(right == variant_right)
