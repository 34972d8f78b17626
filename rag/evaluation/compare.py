"""Two runs over the same questions: what got better or worse, and how sure one can be.

Differences are B minus A over the questions that both runs scored, with paired bootstrap intervals. Twenty measures
that did not change still show about one interval without zero: read them as hints, not as proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.evaluation.bootstrap import Interval, paired_interval
from rag.evaluation.errors import EvaluationError
from rag.evaluation.measures import Measure, measures
from rag.evaluation.rows import Row
from rag.evaluation.summary import Report, score_of

Verdict = Literal["better", "worse", "unclear", "changed", "same"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in both runs. `interval` is over the questions scored in both; None for a figure of a whole run."""

    measure: Measure
    before: float | None
    after: float | None
    n_before: int
    n_after: int
    change: float | None
    interval: Interval | None

    @property
    def verdict(self) -> Verdict:
        """What can be said: `unclear` if the interval has zero in it, or if there is none."""
        if not self.change:
            return "same" if self.change == 0 else "unclear"
        if self.interval is None or not self.interval.excludes_zero:
            return "unclear"
        if self.measure.better == "neither":
            return "changed"
        return "better" if (self.change > 0) == (self.measure.better == "higher") else "worse"


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that ended differently."""

    question_id: str
    question: str
    before: str
    after: str
    change: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of two runs, the questions behind them, and what else was not the same."""

    differences: list[Difference]
    flips: list[Flip]
    common: int
    left_out: int
    settings: list[str]


def compare_runs(before: Report, rows_before: Sequence[Row], after: Report, rows_after: Sequence[Row]) -> Comparison:
    """B (`after`) against A (`before`), over the questions that are word for word in both and were answered."""
    pairs = _pairs(rows_before, rows_after)
    if not pairs:
        raise EvaluationError("the two runs have no question in common; compare runs over the same question set")
    names = {measure.name: measure for run in (before.run, after.run) for measure in measures(run.k)}
    differences = [_difference(measure, before, after, pairs) for measure in names.values()]
    return Comparison(
        differences=[each for each in differences if each.n_before or each.n_after],
        flips=_flips(pairs),
        common=len(pairs),
        left_out=len({row.question.id for row in (*rows_before, *rows_after)}) - len(pairs),
        settings=_changed_settings(before, after),
    )


def _pairs(rows_before: Sequence[Row], rows_after: Sequence[Row]) -> list[tuple[Row, Row]]:
    later = {row.question.id: row for row in rows_after if row.answer is not None}
    return [
        (row, later[row.question.id])
        for row in rows_before
        if row.answer is not None and row.question.id in later and later[row.question.id].question == row.question
    ]


def _difference(measure: Measure, before: Report, after: Report, pairs: Sequence[tuple[Row, Row]]) -> Difference:
    old, new = before.figures.get(measure.name), after.figures.get(measure.name)
    interval = _interval(measure.name, pairs) if measure.level == "each" else None
    change = interval.mean if interval else None
    if measure.level == "whole" and old and new and old.value is not None and new.value is not None:
        change = new.value - old.value
    return Difference(
        measure=measure,
        before=old.value if old else None,
        after=new.value if new else None,
        n_before=old.n if old else 0,
        n_after=new.n if new else 0,
        change=change,
        interval=interval,
    )


def _interval(name: str, pairs: Sequence[tuple[Row, Row]]) -> Interval | None:
    scored = [
        (old, new, a.question.family)
        for a, b in pairs
        if (old := score_of(a, name)) is not None and (new := score_of(b, name)) is not None
    ]
    if not scored:
        return None
    return paired_interval([old for old, _, _ in scored], [new for _, new, _ in scored], [key for _, _, key in scored])


def _flips(pairs: Sequence[tuple[Row, Row]]) -> list[Flip]:
    flips = [
        Flip(
            question_id=a.question.id,
            question=a.question.question,
            before=a.outcome or "unscored",
            after=b.outcome or "unscored",
            change=(b.scores.get("right") or 0.0) - (a.scores.get("right") or 0.0),
        )
        for a, b in pairs
        if a.outcome != b.outcome
    ]
    return sorted(flips, key=lambda flip: flip.change)


def _changed_settings(before: Report, after: Report) -> list[str]:
    old, new = before.run.model_dump(), after.run.model_dump()
    return [f"{name}: {old[name]} -> {new[name]}" for name in old if old[name] != new[name]]
