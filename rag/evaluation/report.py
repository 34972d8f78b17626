"""The report page: one file that opens offline, with pictures, and the worst answers beside their sources."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from rag.evaluation.measures import Measure, measures
from rag.evaluation.metrics.ranking import ranked_documents
from rag.evaluation.pictures import calibration_plot, duration, latency_histogram, risk_coverage_curve
from rag.evaluation.rows import Row, replace_text
from rag.evaluation.summary import Figure, Figures, Report
from rag.types import MARKER

HTML_FILE = "report.html"
TEMPLATE = Path(__file__).with_name("report.html")
SHOWN_OF_A_FAULT = 10
BROKEN = "A quote is not exact, or something is shown from after the cut-off"
UNDUE = "Answered where the documents do not say, or where the premise is false"
WRONG = "Answered, but without what a right answer includes"
MISSED = "Not answered, though the documents say"
FAULTS = (BROKEN, UNDUE, WRONG, MISSED)
KINDS = ("answerable", "unanswerable", "false-premise")
OUTCOMES = ("right", "corrected", "abstained", "wrong", "unscored")


@dataclass(frozen=True, slots=True)
class SourceView:
    """A citation or nearest passage as the page shows it; `url` only if a browser may follow it."""

    label: str
    document_id: str
    title: str
    publisher: str | None
    date: dt.date | None
    url: str | None
    quote: str
    relevant: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer of the worst, with everything that is needed to judge it."""

    row: Row
    text: Markup
    sources: list[SourceView]
    ranks: list[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """The answers of one fault: how many there are, and the first of them in full."""

    name: str
    total: int
    shown: list[AnswerView]


def write_report_page(folder: Path, report: Report, rows: Sequence[Row]) -> Path:
    """Writes the page beside the report and returns its path."""
    path = folder / HTML_FILE
    replace_text(path, render(report, rows))
    return path


def render(report: Report, rows: Sequence[Row]) -> str:
    """The page as one string of HTML, without script or anything to fetch."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"percent": percent, "duration": duration}
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    p50, p95 = report.figures["latency_p50_ms"].value, report.figures["latency_p95_ms"].value
    return template.render(
        report=report,
        run=report.run,
        rows=rows,
        tiles=_tiles(report),
        outcomes=_outcome_bars(report.outcomes),
        outcome_names=OUTCOMES,
        groups=_groups(report),
        sections=_sections(report),
        risk_curve=risk_coverage_curve(report.risk_coverage),
        calibration=calibration_plot(report.calibration),
        latency=latency_histogram([row.wall_ms for row in rows if row.answer], p50, p95),
        stages=_stage_shares(report.stages_ms),
        faults=[
            Fault(name, len(bad), [answer_view(row) for row in bad[:SHOWN_OF_A_FAULT]])
            for name, bad in faults(rows).items()
        ],
        searched=any(row.passages is not None for row in rows),
    )


def percent(value: float) -> str:
    """`62%`, and `99.6%` where rounding would hide that it isn't all."""
    rounded = f"{value:.0%}"
    return f"{value:.1%}" if rounded in ("0%", "-0%", "100%") and value not in (0, 1) else rounded


def faults(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The answers with a wrong outcome by what is wrong, gravest first; in each the most confident first."""
    found: dict[str, list[Row]] = {name: [] for name in FAULTS}
    for row in sorted(rows, key=lambda row: -(row.confidence or 0.0)):
        if row.answer is not None and (name := _fault(row)) is not None:
            found[name].append(row)
    return {name: bad for name, bad in found.items() if bad}


def _fault(row: Row) -> str | None:
    exact, leak = row.scores.get("quote_exactness"), row.scores.get("asof_leak")
    if (exact is not None and exact < 1) or leak == 1:
        return BROKEN
    if row.scores.get("right") != 0:
        return None
    if row.abstained:
        return MISSED
    return WRONG if row.question.answerable else UNDUE


def answer_view(row: Row) -> AnswerView:
    """What the page shows of an answered row."""
    assert row.answer is not None
    text = Markup(MARKER.sub(r"<sup>\1</sup>", str(escape(row.answer.text))))
    return AnswerView(row, text, _sources(row), _ranks(row))


def _sources(row: Row) -> list[SourceView]:
    assert row.answer is not None
    relevant = row.question.relevant
    cited = [
        SourceView(
            label=str(each.marker),
            document_id=each.document_id,
            title=each.title,
            publisher=each.publisher,
            date=each.date,
            url=each.url if each.url and each.url.startswith(("http://", "https://")) else None,
            quote=each.quote,
            relevant=each.document_id in relevant,
        )
        for each in row.answer.citations
    ]
    nearest = [
        SourceView(
            label="nearest",
            document_id=each.document_id,
            title=each.title,
            publisher=None,
            date=each.date,
            url=None,
            quote=each.quote,
            relevant=each.document_id in relevant,
        )
        for each in row.answer.nearest
    ]
    return cited + nearest


def _ranks(row: Row) -> list[tuple[str, int | None]]:
    """Each relevant document with its rank among the documents found, None if it was not."""
    if row.passages is None:
        return []
    ranked = ranked_documents(passage.document_id for passage in row.passages)
    return [(each, ranked.index(each) + 1 if each in ranked else None) for each in row.question.relevant]


def _tiles(report: Report) -> list[tuple[str, Measure, Figure]]:
    chosen = {
        "right": "right outcomes",
        "correct": "correct answers",
        "abstained_unanswerable": "unanswerable left alone",
        f"hit@{report.run.k}": f"relevant in the first {report.run.k}",
        "citation_recall": "sentences supported",
        "citation_precision": "citations of use",
        "latency_p50_ms": "median time",
        "latency_p95_ms": "95th percentile time",
    }
    known = {measure.name: measure for measure in measures(report.run.k)}
    return [(title, known[name], report.figures[name]) for name, title in chosen.items()]


def _outcome_bars(outcomes: Mapping[str, Mapping[str, int]]) -> list[tuple[str, int, list[tuple[str, int, float]]]]:
    """For each kind of question: its number, and each outcome's number and share."""
    bars = []
    for kind in KINDS:
        counted = outcomes.get(kind, {})
        total = sum(counted.values())
        if total:
            parts = [(name, counted[name], counted[name] / total) for name in OUTCOMES if counted.get(name)]
            bars.append((kind, total, parts))
    return bars


def _groups(report: Report) -> list[tuple[str, str, list[tuple[str, Figure, Figure]]]]:
    """Title, name of the retrieval measure, and each group's figures for `right` and for retrieval."""
    hit = f"hit@{report.run.k}"
    titles = {"type": "By type of question", "language": "By language", "date": "By month of the event"}
    return [(title, hit, _group_rows(report.groups[key], hit)) for key, title in titles.items()]


def _group_rows(groups: Mapping[str, Figures], hit: str) -> list[tuple[str, Figure, Figure]]:
    return [(name, figures["right"], figures[hit]) for name, figures in groups.items()]


def _sections(report: Report) -> dict[str, list[tuple[Measure, Figure]]]:
    sections: dict[str, list[tuple[Measure, Figure]]] = {}
    for measure in measures(report.run.k):
        sections.setdefault(measure.section, []).append((measure, report.figures[measure.name]))
    return sections


def _stage_shares(stages_ms: Mapping[str, float]) -> list[tuple[str, float, float]]:
    total = sum(stages_ms.values())
    return [(name, value, value / total) for name, value in stages_ms.items() if total and value]
