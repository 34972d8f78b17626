"""Results as lines for a terminal."""

from collections.abc import Iterator

from rag.evaluation.compare import Comparison, Difference
from rag.evaluation.gate import Check
from rag.evaluation.load import LoadResult
from rag.evaluation.measures import Measure, measures
from rag.evaluation.pictures import duration
from rag.evaluation.report import percent
from rag.evaluation.summary import Report
from rag.evaluation.validation import Validation

SHOWN_FLIPS = 40


def report_lines(report: Report) -> Iterator[str]:
    """Every figure with its interval and n, by section."""
    yield f"{report.rows} questions, answerer {report.run.answerer}, index {report.run.index_version}"
    section = ""
    for measure in measures(report.run.k):
        figure = report.figures[measure.name]
        if measure.section != section:
            section = measure.section
            yield f"\n{section}"
        spread = "" if figure.low is None else f"{_shown(measure, figure.low)} to {_shown(measure, figure.high)}"
        yield f"  {measure.name:26} {_shown(measure, figure.value):>9}  {spread:20} n={figure.n}"


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Every difference, then the questions that ended differently, losses first."""
    for change in comparison.settings:
        yield f"not the same: {change}"
    yield f"{comparison.common} questions in both, {comparison.left_out} left out; differences are B - A\n"
    yield f"  {'measure':26} {'A':>9} {'B':>9} {'B - A':>9}  {'95% interval':20} {'n':>4}  verdict"
    for each in comparison.differences:
        yield f"  {_difference_line(each)}"
    if comparison.flips:
        shown = min(SHOWN_FLIPS, len(comparison.flips))
        yield f"\nquestions that ended differently, {shown} of {len(comparison.flips)}"
    for flip in comparison.flips[:SHOWN_FLIPS]:
        sign = "+" if flip.change > 0 else "-" if flip.change < 0 else "="
        yield f"  {sign} {flip.question_id}: {flip.before} -> {flip.after}  {flip.question}"


def check_line(check: Check) -> str:
    """One bound: passed or not, the value and n."""
    shown = "no value" if check.value is None else f"{check.value:.4g}"
    sign = ">=" if check.kind == "min" else "<="
    return f"{'ok  ' if check.passed else 'FAIL'} {check.name} = {shown} (n={check.n}), {sign} {check.bound:g}"


def load_lines(result: LoadResult) -> Iterator[str]:
    """How many answers, how fast, and what failed."""
    yield f"{result.answered} answers in {result.seconds:.1f} s, {result.per_second:.1f} a second"
    times = ("p50", result.p50_ms), ("p95", result.p95_ms), ("p99", result.p99_ms), ("longest", result.max_ms)
    if result.answered:
        yield ", ".join(f"{name} {duration(value)}" for name, value in times if value is not None)
    for reason, count in result.failures.items():
        yield f"{count} failed: {reason}"


def validation_lines(result: Validation) -> Iterator[str]:
    """What the set holds, then each problem."""
    for name in ("kinds", "languages", "types"):
        yield f"{name}: " + ", ".join(f"{key} {count}" for key, count in getattr(result, name).items())
    yield f"{result.questions} questions, {len(result.problems)} problems"
    for problem in result.problems:
        yield f"  {problem}"


def _difference_line(each: Difference) -> str:
    before, after, change = (_shown(each.measure, value) for value in (each.before, each.after, each.change))
    spread, n = "", min(each.n_before, each.n_after)
    if each.interval:
        spread = f"{_shown(each.measure, each.interval.low)} to {_shown(each.measure, each.interval.high)}"
        n = each.interval.n
    return f"{each.measure.name:26} {before:>9} {after:>9} {change:>9}  {spread:20} {n:>4}  {each.verdict}"


def _shown(measure: Measure, value: float | None) -> str:
    if value is None:
        return "-"
    if measure.unit == "share":
        return percent(value)
    return f"{value:.1f}" if measure.unit == "words" else f"{value:.0f} ms"
