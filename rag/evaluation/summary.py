"""From rows to a report: every measure with its interval and the number of questions behind it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict

from pydantic import BaseModel, ConfigDict

from rag.evaluation.bootstrap import mean_interval
from rag.evaluation.measures import measure_names
from rag.evaluation.metrics.auroc import auroc
from rag.evaluation.metrics.calibration import confidence_bins, expected_calibration_error
from rag.evaluation.metrics.latency import percentile
from rag.evaluation.metrics.parity import parity_gap
from rag.evaluation.metrics.risk_coverage import area_under_risk_coverage, risk_coverage
from rag.evaluation.metrics.undefined import UndefinedError
from rag.evaluation.rows import Row

REPORT_FILE = "report.json"
STAGES = ("retrieve", "rerank", "answer", "ground")


class RunSettings(BaseModel):
    """What a run was made with. Two runs whose `identity` differs don't belong into one folder."""

    model_config = ConfigDict(frozen=True)

    questions: str
    fingerprint: str
    asked: int
    target: str
    answerer: str | None
    index_version: str | None
    as_of: dt.date | None
    k: int
    word_limit: int
    support_threshold: float
    judge: str | None = None

    @property
    def identity(self) -> dict[str, object]:
        """What has to stay the same for a run to go on; answerer and index count once they are known."""
        return {name: value for name, value in self.model_dump().items() if name != "questions"}


class Figure(BaseModel):
    """A value over `n` questions, with its 95% interval where there is one. Without questions there is no value."""

    model_config = ConfigDict(frozen=True)

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


Figures = dict[str, Figure]


class Report(BaseModel):
    """What report.json holds. `groups` maps `type`, `language` and `date` to the figures of each of their groups."""

    model_config = ConfigDict(frozen=True)

    format: int = 1
    run: RunSettings
    finished: dt.datetime
    rows: int
    errors: dict[str, str]
    outcomes: dict[str, dict[str, int]]
    figures: Figures
    groups: dict[str, dict[str, Figures]]
    risk_coverage: list[dict[str, float]]
    calibration: list[dict[str, float]]
    stages_ms: dict[str, float]


def summarise(
    rows: Sequence[Row], run: RunSettings, dates: Mapping[str, dt.date | None], finished: dt.datetime
) -> Report:
    """The report on `rows`; `dates` are those of the documents, by which questions are grouped."""
    scored = [row for row in rows if row.answer is not None]
    answered = _answered_and_judged(scored)
    confidences = [row.confidence or 0.0 for row in answered]
    right = [row.scores.get("right") == 1 for row in answered]
    return Report(
        run=run,
        finished=finished,
        rows=len(rows),
        errors={row.question.id: row.error for row in rows if row.error is not None},
        outcomes=_outcomes(scored),
        figures=_figures(scored, run.k) | _whole_figures(scored),
        groups={
            "type": _grouped(scored, run.k, lambda row: row.question.type),
            "language": _grouped(scored, run.k, lambda row: row.question.language),
            "date": _grouped(scored, run.k, lambda row: month_of(row, dates)),
        },
        risk_coverage=[asdict(point) for point in risk_coverage(confidences, right, max(1, _judged(scored)))],
        calibration=[asdict(each) for each in confidence_bins(confidences, right)],
        stages_ms=_mean_stages(scored),
    )


def month_of(row: Row, dates: Mapping[str, dt.date | None]) -> str:
    """The month of a question's earliest relevant document, as `2026-01`: that of the event, not of its retelling."""
    if not row.question.relevant:
        return "nothing relevant"
    known = [date for document_id in row.question.relevant if (date := dates.get(document_id)) is not None]
    return min(known).strftime("%Y-%m") if known else "undated"


def _figures(rows: Sequence[Row], k: int) -> Figures:
    return {name: _figure(rows, name) for name in measure_names(k, "each")}


def _figure(rows: Sequence[Row], name: str) -> Figure:
    pairs = [(score, row.question.family) for row in rows if (score := score_of(row, name)) is not None]
    if not pairs:
        return Figure(value=None, n=0)
    interval = mean_interval([score for score, _ in pairs], [family for _, family in pairs])
    return Figure(value=interval.mean, n=interval.n, low=interval.low, high=interval.high)


def score_of(row: Row, name: str) -> float | None:
    """A row's score by its name; latency is kept apart from the others."""
    return row.wall_ms if name == "latency_ms" else row.scores.get(name)


def _whole_figures(rows: Sequence[Row]) -> Figures:
    answerable = [row.question.kind == "answerable" for row in rows]
    passages = [(row.passages[0].score, row.question.kind == "answerable") for row in rows if row.passages]
    answered = _answered_and_judged(rows)
    confidences = [row.confidence or 0.0 for row in answered]
    right = [row.scores.get("right") == 1 for row in answered]
    times = [row.wall_ms for row in rows]
    languages = _rights_by_language(rows)
    return {
        "auroc_support": _whole(len(rows), lambda: auroc([row.confidence or 0.0 for row in rows], answerable)),
        "auroc_passage": _whole(
            len(passages), lambda: auroc([score for score, _ in passages], [label for _, label in passages])
        ),
        "aurc": _whole(
            len(answered), lambda: area_under_risk_coverage(risk_coverage(confidences, right, _judged(rows)))
        ),
        "calibration_error": _whole(
            len(answered), lambda: expected_calibration_error(confidence_bins(confidences, right))
        ),
        "language_gap": _whole(
            sum(len(rights) for rights in languages.values()),
            lambda: parity_gap({language: sum(rights) / len(rights) for language, rights in languages.items()}),
        ),
        "latency_p50_ms": _whole(len(times), lambda: percentile(times, 50)),
        "latency_p95_ms": _whole(len(times), lambda: percentile(times, 95)),
    }


def _whole(n: int, compute: Callable[[], float]) -> Figure:
    try:
        return Figure(value=compute(), n=n)
    except UndefinedError:
        return Figure(value=None, n=0)


def _answered_and_judged(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if not row.abstained and row.scores.get("right") is not None]


def _judged(rows: Iterable[Row]) -> int:
    return sum(row.scores.get("right") is not None for row in rows)


def _rights_by_language(rows: Iterable[Row]) -> dict[str, list[float]]:
    rights: dict[str, list[float]] = {}
    for row in rows:
        if (right := row.scores.get("right")) is not None:
            rights.setdefault(row.question.language, []).append(right)
    return rights


def _outcomes(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    counted: dict[str, Counter[str]] = {}
    for row in rows:
        counted.setdefault(row.question.kind, Counter())[row.outcome or "unscored"] += 1
    return {kind: dict(outcomes) for kind, outcomes in counted.items()}


def _grouped(rows: Iterable[Row], k: int, key: Callable[[Row], str]) -> dict[str, Figures]:
    members: dict[str, list[Row]] = {}
    for row in rows:
        members.setdefault(key(row), []).append(row)
    return {name: _figures(members[name], k) for name in sorted(members)}


def _mean_stages(rows: Sequence[Row]) -> dict[str, float]:
    timings = [row.answer.timings_ms for row in rows if row.answer is not None]
    return {stage: sum(getattr(each, stage) for each in timings) / max(1, len(timings)) for stage in STAGES}
