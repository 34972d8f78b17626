"""Scores of a question against the first of its group, in another language above all."""

from collections.abc import Callable

import pytest

from index.types import Document
from rag.evaluation.pairing import variation, with_pair_scores
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.rows import Row
from rag.types import Answer

MakeRow = Callable[..., Row]


def translation(make_row: MakeRow, language: str, **fields: object) -> Row:
    return make_row(
        f"{fields.get('group', 'g')}-{language}", **{"group": "g", **fields}, type="translated", language=language
    )


def test_each_translation_is_held_against_the_first_of_its_group(make_row: MakeRow) -> None:
    english, ukrainian, russian = with_pair_scores(
        [
            translation(make_row, "en"),
            translation(make_row, "uk"),
            translation(make_row, "ru", outcome="wrong"),
        ]
    )
    assert "language_parity" not in english.scores
    assert ukrainian.scores["language_parity"] == 1
    assert russian.scores["language_parity"] == 0


def test_translations_that_all_fail_are_on_a_par(make_row: MakeRow) -> None:
    rows = with_pair_scores([translation(make_row, language, outcome="wrong") for language in ("en", "uk")])
    assert rows[1].scores["language_parity"] == 1


def test_groups_are_kept_apart(make_row: MakeRow) -> None:
    rows = with_pair_scores(
        [
            translation(make_row, "en", group="a"),
            translation(make_row, "en", group="b", outcome="wrong"),
            translation(make_row, "uk", group="b", outcome="wrong"),
            translation(make_row, "uk", group="a"),
        ]
    )
    assert [row.scores.get("language_parity") for row in rows] == [None, None, 1, 1]


def test_translations_are_not_compared_word_by_word(make_row: MakeRow) -> None:
    rows = with_pair_scores([translation(make_row, language) for language in ("en", "ru")])
    assert rows[1].scores.keys() == {"right", "language_parity", "citation_stability"}


def test_citations_of_a_translation_are_compared_with_those_of_the_first(
    make_row: MakeRow, make_answer: Callable[..., Answer], berlin: Document, davos: Document
) -> None:
    first, second = (berlin, berlin.text[:43]), (davos, davos.text[-20:])
    rows = with_pair_scores(
        [
            translation(make_row, "en", answer=make_answer("Who?", first, second)),
            translation(make_row, "uk", answer=make_answer("Хто?", first)),
        ]
    )
    assert rows[1].scores["citation_stability"] == pytest.approx(1 / 2)


def test_parity_is_undefined_where_it_is_not_known_what_is_right(make_row: MakeRow) -> None:
    rows = with_pair_scores([translation(make_row, language, scores={"right": None}) for language in ("en", "uk")])
    assert rows[1].scores["language_parity"] is None


def test_a_row_with_an_error_is_compared_with_nothing(make_row: MakeRow) -> None:
    failed = translation(make_row, "uk").model_copy(update={"answer": None, "error": "refused"})
    rows = with_pair_scores([translation(make_row, "en"), failed])
    assert "language_parity" not in rows[1].scores


@pytest.mark.parametrize(
    ("kind", "language", "expected"),
    [
        ("translated", "uk", "language"),
        ("reworded", "uk", "language"),
        ("reworded", "en", "wording"),
        ("name-variant", "en", "name"),
    ],
)
def test_language_comes_before_the_type_in_telling_what_varies(kind: str, language: str, expected: str) -> None:
    first = EvalQuestion(id="a", question="Who hosted?", language="en", group="g")
    other = EvalQuestion(id="b", question="Who was the host?", type=kind, language=language, group="g")
    assert variation(first, other) == expected
