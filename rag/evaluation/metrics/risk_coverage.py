"""The risk-coverage curve of selective answering (El-Yaniv and Wiener, 2010; Geifman and El-Yaniv, 2017)."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluation.metrics.undefined import UndefinedError


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """If only answers with at least `threshold` confidence were given: the share answered, the share of them wrong."""

    threshold: float
    coverage: float
    risk: float


def risk_coverage(confidences: Sequence[float], right: Sequence[bool], asked: int) -> list[RiskPoint]:
    """One point for each distinct confidence, highest first; coverage is relative to `asked`, abstentions included.

    Equal confidences cannot be told apart, so they enter together.
    """
    points: list[RiskPoint] = []
    answered = wrong = 0
    ordered = sorted(zip(confidences, right, strict=True), key=lambda pair: -pair[0])
    for position, (confidence, good) in enumerate(ordered, start=1):
        answered, wrong = answered + 1, wrong + (not good)
        if position == len(ordered) or ordered[position][0] != confidence:
            points.append(RiskPoint(confidence, answered / asked, wrong / answered))
    return points


def area_under_risk_coverage(points: Sequence[RiskPoint]) -> float:
    """The mean risk over the coverage that the curve spans (0..1, smaller is better), each step at its own risk."""
    if not points:
        raise UndefinedError("the risk-coverage curve is empty: nothing was answered")
    area = last = 0.0
    for point in points:
        area, last = area + (point.coverage - last) * point.risk, point.coverage
    return area / last
