"""Claims made from the shipped documents by rule: what support must catch, and what it must let stand."""

import random
from pathlib import Path

import numpy as np
import pytest

from benchmarks.grounding.__main__ import auc_interval, shares_below, thresholds
from benchmarks.grounding.mutations import MUTATIONS
from benchmarks.grounding.pairs import MadePair, make_pairs
from benchmarks.grounding.paraphrases import PARAPHRASES
from benchmarks.grounding.places import Place
from index.text.names import load_names
from rag.grounding import support

SEEDS = Path(__file__).parents[2] / "seeds"
EACH = 12  # claims of a rule and language: some 400, scored in a few seconds


def pair(half: int, *, supported: bool) -> MadePair:
    return MadePair("d", "en", "kind", supported, "passage", "", "", half)


def test_the_threshold_of_a_half_comes_from_the_true_claims_of_the_other() -> None:
    pairs = [pair(0, supported=True), pair(0, supported=True), pair(1, supported=True), pair(1, supported=False)]
    assert thresholds(pairs, np.array([0.2, 0.4, 0.9, 0.1]), false_alarms=0.5).tolist() == pytest.approx(
        [0.9, 0.9, 0.3, 0.3]
    )


def test_shares_below_are_counted_by_group() -> None:
    pairs = [pair(0, supported=False), pair(0, supported=False), pair(0, supported=True)]
    assert shares_below(pairs, np.array([True, False, True]), lambda p: p.kind, supported=False) == {"kind": (0.5, 2)}


def test_an_auc_lies_in_its_interval() -> None:
    auc, low, high = auc_interval(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True]))
    assert auc == pytest.approx(0.75)
    assert low <= auc <= high


@pytest.mark.parametrize(
    ("rules", "kind", "text"),
    [
        (MUTATIONS, "number", "They exchanged 314 prisoners."),
        (MUTATIONS, "date", "They met on 4 February 2026."),
        (MUTATIONS, "speaker", "Dmitry Peskov said there was no date."),
        (MUTATIONS, "negation", "The document was signed."),
        (PARAPHRASES, "date in another form", "They met on 4 February 2026."),
        (PARAPHRASES, "digits and words", "They exchanged 12 prisoners."),
        (PARAPHRASES, "other order", "On 4 February 2026 they met again."),
    ],
)
def test_a_rule_changes_the_sentence_and_only_a_part_of_it(rules: dict, kind: str, text: str) -> None:
    names = load_names()
    place = Place(text, "en", names, ("lavrov", "putin"), ("lavrov", "putin"))
    changed = rules[kind](place, random.Random(0))
    assert changed
    assert changed != text
    assert len(set(changed.split()) & set(text.split())) >= 2


def test_most_altered_claims_fall_below_and_nearly_all_true_ones_stay_above() -> None:
    pairs = make_pairs(SEEDS, load_names(), seed=7, each=EACH)
    scores = np.array([support(made.evidence, made.claim) for made in pairs])
    altered = np.array([not made.supported for made in pairs])
    below = scores < thresholds(pairs, scores)
    assert below[altered].mean() >= 0.9
    assert (scores[altered] < 0.5).mean() >= 0.85
    assert (scores[~altered] < 0.5).mean() <= 0.05
