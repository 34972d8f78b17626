"""Comparing two runs, and the gate."""

import datetime as dt

import pytest

from rag.evaluation.compare import compare_runs
from rag.evaluation.errors import EvaluationError
from rag.evaluation.gate import check_bounds, parse_bound
from rag.evaluation.summary import RunSettings, summarise


def report_on(rows, **changes):
    settings = RunSettings(
        questions="q.jsonl",
        fingerprint="f",
        asked=len(rows),
        target="library",
        answerer="extractive",
        index_version="v",
        as_of=None,
        k=10,
        word_limit=80,
        support_threshold=0.5,
    )
    return summarise(rows, settings.model_copy(update=changes), {}, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def difference(comparison, name):
    return next(each for each in comparison.differences if each.measure.name == name)


@pytest.fixture
def rows(make_row):
    return lambda outcomes, **fields: [
        make_row(f"q{n}", outcome=outcome, **fields) for n, outcome in enumerate(outcomes)
    ]


def test_a_loss_beyond_doubt_is_worse_and_lists_its_questions(rows):
    before, after = rows(["right"] * 20), rows(["right"] * 10 + ["wrong"] * 10)
    comparison = compare_runs(report_on(before), before, report_on(after, k=5), after)
    right = difference(comparison, "right")
    assert (right.before, right.after, right.change, right.verdict) == (1, 0.5, -0.5, "worse")
    assert right.interval.n == 20
    assert right.interval.high < 0
    assert [(flip.question_id, flip.change) for flip in comparison.flips] == [(f"q{n}", -1) for n in range(10, 20)]
    assert comparison.settings == ["k: 10 -> 5"]


def test_the_other_way_round_is_better(rows):
    before, after = rows(["wrong"] * 10), rows(["right"] * 10)
    assert difference(compare_runs(report_on(before), before, report_on(after), after), "right").verdict == "better"


def test_slower_is_worse(rows):
    before, after = rows(["right"] * 5, wall_ms=10.0), rows(["right"] * 5, wall_ms=30.0)
    comparison = compare_runs(report_on(before), before, report_on(after), after)
    assert difference(comparison, "latency_ms").verdict == "worse"
    assert difference(comparison, "latency_p95_ms").verdict == "unclear"  # a figure of the whole run has no interval


def test_one_flip_of_many_is_unclear(rows):
    before, after = rows(["right"] * 20), rows(["right"] * 19 + ["wrong"])
    assert difference(compare_runs(report_on(before), before, report_on(after), after), "right").verdict == "unclear"


def test_equal_runs_are_the_same(rows):
    before = rows(["right", "wrong"])
    comparison = compare_runs(report_on(before), before, report_on(before), before)
    assert {each.verdict for each in comparison.differences} == {"same"}
    assert comparison.flips == []


def test_only_questions_of_both_runs_are_compared_and_the_rest_counted(rows, make_row):
    before, after = rows(["right"] * 3), [*rows(["right"] * 2), make_row("other")]
    comparison = compare_runs(report_on(before), before, report_on(after), after)
    assert (comparison.common, comparison.left_out) == (2, 2)


def test_runs_without_a_common_question_are_refused(rows, make_row):
    before, after = rows(["right"]), [make_row("other")]
    with pytest.raises(EvaluationError, match="no question in common"):
        compare_runs(report_on(before), before, report_on(after), after)


def test_a_gate_holds_figures_against_floors_and_ceilings(rows):
    report = report_on(rows(["right", "right", "wrong", "wrong"], wall_ms=5.0))
    checks = check_bounds(report, {"right": 0.5, "token_f1": 0}, {"latency_p95_ms": 4, "errors": 0})
    passed = {check.name: check.passed for check in checks}
    assert passed == {"right": True, "token_f1": False, "latency_p95_ms": False, "errors": True}


def test_a_gate_on_an_unknown_figure_names_those_there_are(rows):
    with pytest.raises(EvaluationError, match=r"'rigth'.*right"):
        check_bounds(report_on(rows(["right"])), {"rigth": 0.5}, {})


def test_bounds_read_name_and_number():
    assert parse_bound("hit@10=0.9") == ("hit@10", 0.9)
    for wrong in ("right", "right=", "right=high"):
        with pytest.raises(EvaluationError, match="NAME=VALUE"):
            parse_bound(wrong)
