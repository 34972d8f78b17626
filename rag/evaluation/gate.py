"""A gate for CI: are the figures of a report on the right side of given bounds?"""

from collections.abc import Mapping
from dataclasses import dataclass

from rag.evaluation.errors import EvaluationError
from rag.evaluation.summary import Report


@dataclass(frozen=True, slots=True)
class Check:
    """One bound held against one figure; a figure over no questions never passes."""

    name: str
    value: float | None
    n: int
    bound: float
    kind: str

    @property
    def passed(self) -> bool:
        """Whether the value is on the right side of the bound, or on it."""
        if self.value is None:
            return False
        return self.value >= self.bound if self.kind == "min" else self.value <= self.bound


def check_bounds(report: Report, minima: Mapping[str, float], maxima: Mapping[str, float]) -> list[Check]:
    """Every bound against its figure. Questions that failed count as a figure too, named `errors`."""
    figures = {name: (figure.value, figure.n) for name, figure in report.figures.items()}
    figures["errors"] = (float(len(report.errors)), report.rows)
    unknown = [name for name in (*minima, *maxima) if name not in figures]
    if unknown:
        raise EvaluationError(f"no figure is called {unknown[0]!r}; the report has {', '.join(figures)}")
    return [
        Check(name, *figures[name], bound=bound, kind=kind)
        for kind, bounds in (("min", minima), ("max", maxima))
        for name, bound in bounds.items()
    ]


def parse_bound(text: str) -> tuple[str, float]:
    """`NAME=VALUE` as name and value."""
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError as error:
        raise EvaluationError(f"a bound reads NAME=VALUE with a number, not {text!r}") from error
