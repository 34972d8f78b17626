"""Correctness, token F1, exact match, quotes and latency by hand."""

import numpy as np
import pytest

from rag.evaluation.metrics.latency import percentile
from rag.evaluation.metrics.must_include import missing_slots, must_include
from rag.evaluation.metrics.quote_exactness import quotation_exactness, quote_exactness
from rag.evaluation.metrics.token_f1 import exact_match, squad_tokens, token_f1
from rag.evaluation.metrics.undefined import UndefinedError
from rag.evaluation.wording import normalise, quotations, without_markers


def test_every_slot_needs_one_of_its_alternatives():
    slots = [["15 August", "August 15"], ["Anchorage", "Alaska"]]
    assert must_include("They met in Alaska on August 15.", slots, 80) == 1
    assert must_include("They met on August 15.", slots, 80) == 0
    assert missing_slots("They met on August 15.", slots, 80) == [["Anchorage", "Alaska"]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("They said “no deal until there’s a deal”.", "no deal until there's a deal"),
        ("a 30–day pause", "30-day pause"),
        ("600\u00a0000 soldiers", "600 000"),
        ("ЖЕНЕВІ, Мединський", "Женев"),
        ("The MILITARY\n hubs", "military hubs"),
    ],
)
def test_case_marks_dashes_and_spaces_do_not_count(text, wanted):
    assert must_include(text, [[wanted]], 80) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("in 2025", "20"), ("20,000 troops", "20"), ("1,314 people", "314"), ("1.5 years", "5"), ("someone", "one")],
)
def test_part_of_a_number_or_the_end_of_a_word_is_not_enough(text, wanted):
    assert must_include(text, [[wanted]], 80) == 0


@pytest.mark.parametrize("text", ["20.", "20, then 30", "(20)", "20-point plan", "$20"])
def test_a_whole_number_is_found_beside_punctuation(text):
    assert must_include(text, [["20"]], 80) == 1


def test_what_comes_after_the_word_limit_is_not_read():
    assert must_include("one two three Merz", [["Merz"]], 4) == 1
    assert must_include("one two three Merz", [["Merz"]], 3) == 0


def test_correctness_without_slots_is_undefined():
    with pytest.raises(UndefinedError):
        must_include("anything", [], 80)


def test_token_f1_by_hand():
    # {chancellor, friedrich, merz} against {merz, chancellor}: precision 2/3, recall 1, F1 0.8
    assert token_f1("Chancellor Friedrich Merz.", ["Merz, the chancellor"]) == pytest.approx(0.8)


def test_a_repeated_word_counts_as_often_as_in_the_reference():
    # two of three tokens match once each: overlap 1, F1 = 2*1/(2+1)
    assert token_f1("yes yes", ["yes"]) == pytest.approx(2 / 3)


def test_the_best_reference_counts_and_no_overlap_is_zero():
    assert token_f1("Geneva", ["Paris", "Geneva"]) == 1
    assert token_f1("Geneva", ["Paris"]) == 0
    assert token_f1("the", ["Paris"]) == 0


def test_squad_tokens_drop_articles_and_punctuation_of_any_script():
    assert squad_tokens("The «Женева», a city — it’s!") == ["женева", "city", "its"]


def test_exact_match_after_normalisation():
    assert exact_match("The Merz.", ["merz"]) == 1
    assert exact_match("Friedrich Merz", ["Merz"]) == 0


def test_markers_go_with_the_space_in_front():
    assert without_markers("He hosted. [1] [12] They left [3].") == "He hosted. They left."


def test_normalise_is_the_same_for_every_kind_of_mark():
    assert normalise("«Так» — “it’s”") == normalise('"так" - "it\'s"')


def test_quotes_are_exact_to_the_character():
    text = "Chancellor Merz hosted."
    assert quote_exactness([("Merz", 11, 15, text)]) == 1
    assert quote_exactness([("Merz", 11, 15, text), ("merz", 11, 15, text)]) == 0.5
    assert quote_exactness([("Merz", 11, 15, None)]) == 0


def test_quotations_of_two_words_are_names_not_quotes():
    assert list(quotations('The "Dmitriev package" and “down to one issue” and «ми стоїмо тут».')) == [
        "down to one issue",
        "ми стоїмо тут",
    ]


def test_quotations_must_stand_in_what_is_cited():
    cited = ['Witkoff said they were "down to one issue" and that it was solvable.']
    assert quotation_exactness("He said “down to one issue.”", cited) == 1
    assert quotation_exactness("He said “they were … it was solvable”", cited) == 1
    assert quotation_exactness("He said “down to two issues”", cited) == 0
    with pytest.raises(UndefinedError):
        quotation_exactness("He said nothing in quotes.", cited)


def test_percentiles_are_those_of_numpy():
    values = list(np.random.default_rng(1).exponential(100, 37))
    assert percentile(values, 95) == pytest.approx(np.quantile(values, 0.95))
    assert percentile([1, 2, 3, 4], 50) == 2.5
