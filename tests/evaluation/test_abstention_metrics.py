"""Abstention outcomes, AUROC against scikit-learn, the risk-coverage curve and calibration by hand."""

import datetime as dt

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from rag.evaluation.metrics.abstention import outcome, right_outcome
from rag.evaluation.metrics.auroc import auroc
from rag.evaluation.metrics.calibration import confidence_bins, expected_calibration_error
from rag.evaluation.metrics.leakage import leakage
from rag.evaluation.metrics.parity import parity_gap, same_outcome
from rag.evaluation.metrics.risk_coverage import RiskPoint, area_under_risk_coverage, risk_coverage
from rag.evaluation.metrics.stability import citation_stability, wording_stability
from rag.evaluation.metrics.undefined import UndefinedError


@pytest.mark.parametrize(
    ("kind", "abstained", "correct", "corrects", "expected", "right"),
    [
        ("answerable", False, 1.0, True, "right", 1),
        ("answerable", False, 0.0, True, "wrong", 0),
        ("answerable", True, None, False, "abstained", 0),
        ("answerable", False, None, True, "unscored", None),
        ("unanswerable", True, None, False, "abstained", 1),
        ("unanswerable", False, None, True, "wrong", 0),
        ("false-premise", True, None, False, "abstained", 1),
        ("false-premise", False, None, True, "corrected", 1),
        ("false-premise", False, None, False, "wrong", 0),
    ],
)
def test_outcomes(kind, abstained, correct, corrects, expected, right):
    what = outcome(kind, abstained=abstained, correct=correct, corrects=corrects)
    assert (what, right_outcome(kind, what)) == (expected, right)


def test_auroc_agrees_with_scikit_learn_ties_included():
    random = np.random.default_rng(3)
    scores = np.round(random.random(200), 1)
    labels = random.random(200) < scores
    assert auroc(scores, labels) == pytest.approx(roc_auc_score(labels, scores))


def test_auroc_by_hand_and_undefined_with_one_class():
    assert auroc([0.9, 0.8, 0.7], [True, False, True]) == 0.5
    assert auroc([1, 1], [True, False]) == 0.5
    with pytest.raises(UndefinedError):
        auroc([0.1, 0.2], [True, True])


def test_risk_coverage_counts_abstentions_as_not_covered_and_ties_together():
    points = risk_coverage([0.9, 0.5, 0.5], [True, False, True], asked=4)
    assert points == [RiskPoint(0.9, 0.25, 0.0), RiskPoint(0.5, 0.75, pytest.approx(1 / 3))]
    # 0.25 wide at risk 0, 0.5 wide at 1/3, over 0.75
    assert area_under_risk_coverage(points) == pytest.approx((0.5 / 3) / 0.75)


def test_risk_coverage_of_nothing_answered():
    assert risk_coverage([], [], asked=3) == []
    with pytest.raises(UndefinedError):
        area_under_risk_coverage([])


def test_calibration_error_by_hand():
    bins = confidence_bins([0.95, 1.0, 0.05], [True, False, False])
    assert [(each.low, each.n, each.share_right) for each in bins] == [(0.0, 1, 0.0), (0.9, 2, 0.5)]
    # |0.05 - 0| * 1/3 + |0.975 - 0.5| * 2/3
    assert expected_calibration_error(bins) == pytest.approx((0.05 + 2 * 0.475) / 3)


def test_leakage_is_anything_later_or_undated():
    cut = dt.date(2026, 1, 31)
    assert leakage([dt.date(2026, 1, 31), dt.date(2025, 1, 1)], cut) == 0
    assert leakage([dt.date(2026, 2, 1)], cut) == 1
    assert leakage([None], cut) == 1
    assert leakage([], cut) == 0


def test_parity_gap_is_the_largest_difference():
    assert parity_gap({"en": 0.8, "uk": 0.5, "ru": 0.7}) == pytest.approx(0.3)
    with pytest.raises(UndefinedError):
        parity_gap({"en": 0.8})


def test_same_outcome_needs_two_that_can_be_told():
    assert same_outcome(1.0, 1.0) == same_outcome(0.0, 0.0) == 1
    assert same_outcome(1.0, 0.0) == 0
    with pytest.raises(UndefinedError):
        same_outcome(None, 1.0)


def test_stability_of_citations_and_words():
    assert citation_stability({"a", "b"}, {"b", "c"}) == pytest.approx(1 / 3)
    assert citation_stability(set(), set()) == 1
    assert citation_stability({"a"}, set()) == 0
    assert wording_stability("Merz hosted", "Merz hosted") == 1
    assert wording_stability(None, None) == 1
    assert wording_stability(None, "Merz hosted") == 0
