"""Accounts that do not agree, and pairs that only seem to."""

import datetime as dt

import pytest

from index.text.names import load_names
from index.types import Document
from rag.reading.disagreements import Disagreement, number_disagreements, told_disagreements
from rag.reading.speakers import Spoken
from rag.reading.statements import statements_at

DAY = dt.date(2026, 2, 3)


def told(text: str) -> list[tuple[str, list[str]]]:
    document = Document(id="d", title="A day", date=DAY, kind="event", language="en", text=text)
    spoken = Spoken(document, load_names())
    found = [one for index in range(len(spoken.spans)) for one in told_disagreements(spoken, index, load_names())]
    return [(one.ground, [text[a.span.start : a.span.end] for a in one.accounts]) for one in found]


def counted(*reports: tuple[str, dt.date | None], languages: tuple[str, ...] = ()) -> list[Disagreement]:
    rows = []
    for number, (text, date) in enumerate(reports):
        language = languages[number] if languages else "en"
        document = Document(id=f"d{number}", title="", date=date, kind="event", language=language, text=text)
        spoken = Spoken(document, load_names())
        said = statements_at(spoken, 0, load_names())
        rows.append((document, spoken.spans[0], said[0].voice.label if said else None, None))
    return number_disagreements(rows, load_names())


@pytest.mark.parametrize(
    "text",
    [
        "Accounts differ on the bodies: Umerov described 6,000, Medinsky none.",
        "Sources differ on the number of visits: one counts six, another seven.",
        "Authorship is disputed: senators said Rubio called it Russian; Rubio denied that.",
        "Джерела розходяться в датах: одні пишуть про п'яте, інші про шосте.",
        "Данные расходятся: Умеров говорит о тысяче, Мединский о двух.",
    ],
)
def test_where_a_text_says_that_accounts_differ_its_sentence_is_shown(text: str) -> None:
    assert told(text) == [("told", [text])]


def test_the_accounts_that_follow_are_shown_too() -> None:
    text = "The two presidents gave different figures. Zelensky spoke of 90 per cent. Trump spoke of 95. It rained."
    sentences = [
        "The two presidents gave different figures.",
        "Zelensky spoke of 90 per cent.",
        "Trump spoke of 95.",
    ]
    assert told(text) == [("told", sentences)]


def test_who_gives_another_picture_is_shown_with_what_he_answers() -> None:
    text = "Rubio said the plan was discussed. Ushakov gave a different picture."
    assert told(text) == [("told", ["Rubio said the plan was discussed.", "Ushakov gave a different picture."])]


def test_a_denial_is_shown_with_what_is_denied() -> None:
    text = "The Financial Times wrote of a demand for both votes. Zelensky denied it the same day."
    assert told(text) == [
        ("denied", ["The Financial Times wrote of a demand for both votes.", "Zelensky denied it the same day."])
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The sides hold different positions.",
        "Putin's words were very different from reality.",
        "Two different votes are discussed.",
        "Rubio described the dispute as small.",
        "Lavrov said the delegations differ in size and rank.",
    ],
)
def test_other_differences_are_no_disagreement_of_accounts(text: str) -> None:
    assert told(text) == []


def test_two_reports_of_a_day_that_count_differently_disagree() -> None:
    (found,) = counted(
        ("Umerov said 157 prisoners returned home through Belarus on that day.", DAY),
        ("Medinsky said 160 prisoners returned home through Belarus on that day.", DAY),
    )
    assert found.ground == "numbers"
    assert [account.label for account in found.accounts] == ["Rustem Umerov", "Vladimir Medinsky"]


@pytest.mark.parametrize(
    ("first", "second", "second_day"),
    [
        ("157 prisoners returned home through Belarus.", "160 prisoners returned home through Belarus.", 30),
        ("157 prisoners returned home through Belarus.", "160 drones returned home through Belarus.", 0),
        ("157 prisoners returned home through Belarus.", "160 prisoners fell ill in a camp near Moscow.", 0),
        ("About 160 prisoners returned home through Belarus.", "160 prisoners returned home through Belarus.", 0),
    ],
)
def test_other_days_units_subjects_and_roundings_are_no_disagreement(first: str, second: str, second_day: int) -> None:
    assert counted((first, DAY), (second, DAY + dt.timedelta(days=second_day))) == []


def test_reports_without_a_day_are_not_held_against_each_other() -> None:
    assert counted(("157 prisoners returned home today.", None), ("160 prisoners returned home today.", DAY)) == []
