"""Question sets over our own documents: what is found, answered, cited and kept silent about, by language and type."""

from collections.abc import Sequence

from benchmarks.quality.asking import PASSAGES, WORD_LIMIT, Asked
from benchmarks.quality.tables import NOTHING, Column, Line, Table, computed
from rag.evaluation.bootstrap import mean_interval
from rag.evaluation.metrics.latency import percentile
from rag.evaluation.rows import Row
from rag.evaluation.summary import Figure

MEASURES = {
    "right document first": "hit@1",
    "in five": "hit@5",
    "in ten": f"hit@{PASSAGES}",
    f"correct in {WORD_LIMIT} words": "correct",
    "cites a right document": "cited_hit",
    "speaks: answerable": "answered_answerable",
    "silent: unanswerable": "abstained_unanswerable",
    "silent: false premise": "false_premise_abstained",
    "silent or corrects: false premise": "false_premise_handled",
    "quotes verbatim": "quote_exactness",
}
SILENCE = Column("silent or corrects: both")
TIMES = (Column("p50 ms", "ms"), Column("p95 ms", "ms"))
COLUMNS = (*map(Column, MEASURES), SILENCE, *TIMES)

NOTES = (
    f"Each figure is followed by its n. Documents are those of the first {PASSAGES} passages of `Assistant.search`. "
    "Every question that lists relevant documents counts there, a false premise too, and any of those listed will do. "
    "A right document is cited where one of an answer's citations is relevant.",
)


def question_table(name: str, asked: Asked) -> Table:
    """The figures of one question set: all of it, then each language, then each type."""
    lines = tuple(
        Line(
            group.label,
            (
                *(group.figures[measure] for measure in MEASURES.values()),
                silence(group.rows),
                *times(group.rows),
            ),
        )
        for group in asked.groups()
    )
    return Table(f"Questions: {name}", COLUMNS, lines, (*NOTES, *asked.errors))


def silence(rows: Sequence[Row]) -> Figure:
    """Unanswerable questions and false premises that ended in silence, or in a correction with a citation."""
    due = [row for row in rows if row.question.kind != "answerable" and row.scores.get("right") is not None]
    if not due:
        return NOTHING
    interval = mean_interval([row.scores["right"] for row in due], [row.question.family for row in due])
    return Figure(value=interval.mean, n=interval.n, low=interval.low, high=interval.high)


def times(rows: Sequence[Row]) -> tuple[Figure, Figure]:
    """Milliseconds from question to answer, median and 95th percentile."""
    wall_ms = [row.wall_ms for row in rows if row.answer is not None]
    return tuple(computed(len(wall_ms), lambda q=q: percentile(wall_ms, q)) for q in (50, 95))
