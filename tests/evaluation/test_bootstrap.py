"""Bootstrap intervals against scipy, and what makes them wider or narrower."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from rag.evaluation.bootstrap import mean_interval, paired_interval


def test_interval_agrees_with_scipy():
    values = np.random.default_rng(5).random(60)
    ours = mean_interval(list(values), range(60))
    theirs = bootstrap((values,), np.mean, n_resamples=10_000, method="percentile", rng=np.random.default_rng(1))
    assert ours.mean == pytest.approx(values.mean())
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.004)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.004)


def test_interval_covers_the_true_mean_about_as_often_as_it_says():
    random = np.random.default_rng(11)
    covered = 0
    for seed in range(200):
        interval = mean_interval(list(random.random(50) < 0.6), range(50), resamples=500, seed=seed)
        covered += interval.low <= 0.6 <= interval.high
    assert 0.9 <= covered / 200 <= 0.99


def test_pairing_narrows_the_interval_of_a_difference():
    random = np.random.default_rng(2)
    before = random.random(80)
    after = before + 0.05
    paired = paired_interval(list(before), list(after), range(80))
    assert (paired.low, paired.high) == (pytest.approx(0.05), pytest.approx(0.05))
    assert paired.excludes_zero


def test_no_difference_includes_zero():
    values = [0.0, 1.0, 1.0]
    assert not paired_interval(values, values, range(3)).excludes_zero


def test_questions_of_one_group_are_not_independent_evidence():
    values = [1.0] * 10 + [0.0] * 10
    alone = mean_interval(values, range(20))
    grouped = mean_interval(values, [0] * 10 + [1] * 10)
    assert (grouped.low, grouped.high) == (0.0, 1.0)
    assert alone.high - alone.low < grouped.high - grouped.low


def test_the_same_seed_gives_the_same_interval():
    assert mean_interval([0.0, 1.0, 1.0], "abc") == mean_interval([0.0, 1.0, 1.0], "abc")


def test_nothing_to_average_is_an_error():
    with pytest.raises(ValueError, match="0 values"):
        mean_interval([], [])
