"""Whether a question asks how things stand now; asked on 7 June 2026."""

import datetime as dt

import pytest

from rag.time.recency import wants_latest

REFERENCE = dt.date(2026, 6, 7)

NOW = [
    "What is the latest on the plan proposed in November 2025?",
    "What is the newest thing you know about?",
    "What is the most recent meeting?",
    "What is the last American verdict on its own mediation?",
    "When did they last meet in person?",
    "When did the ministers of all four countries last meet?",
    "Is the ceasefire agreed in May 2026 still in force?",
    "Does Russia still demand the region?",
    "What still blocks a deal?",
    "Has the pact been signed yet?",
    "Has it been signed as far as you know?",
    "How many exchanges so far?",
    "How many people were freed to date?",
    "Where do things stand now?",
    "What is Moscow's current position?",
    "Who leads the delegation these days?",
    "As of today, who leads?",
    "What is the latest this week?",
    "Хто зараз очолює делегацію?",
    "Чи досі триває обмін?",
    "Який останній раунд переговорів?",
    "Чого наразі домовилися?",
    "Яка найновіша пропозиція?",
    "Що відомо станом на сьогодні?",
    "Какова последняя позиция Москвы?",
    "До сих пор ли действует перемирие?",
    "Что сейчас с переговорами?",
    "Кто на данный момент ведёт переговоры?",
    "Действует ли по-прежнему перемирие?",
]
NOT_NOW = [
    "What was the last round of 2025?",
    "What was the latest round of 2025?",
    "What was the most recent round in December 2025?",
    "In what palace were the last two of the 2025 direct rounds held?",
    "In the interview of 3 March 2026, did she still count on talks?",
    "Who was still standing after the fire?",
    "Why do the troops stand still?",
    "Which still image was shown?",
    "Why are the sides so far apart?",
    "How long did it last?",
    "Who spoke last week?",
    "When did the committee meet last year?",
    "What did he say at last?",
    "What was signed in May 2025?",
    "Now that the talks are over, who led them in 2025?",
    "How many of the electric currents were measured?",
    "Which files date back to 1990?",
    "Що вирішив останній раунд 2025 року?",
    "Що сталося в останню мить?",
    "Чем кончился последний раунд 2025 года?",
    "Что решили в последний момент?",
    "Кто приехал на прошлой неделе?",
    "",
]


@pytest.mark.parametrize("text", NOW)
def test_question_about_now_wants_the_latest(text: str) -> None:
    assert wants_latest(text, REFERENCE)


@pytest.mark.parametrize("text", NOT_NOW)
def test_question_about_then_does_not(text: str) -> None:
    assert not wants_latest(text, REFERENCE)


def test_year_that_still_runs_bounds_nothing() -> None:
    assert wants_latest("What was the last round of 2026?", REFERENCE)
    assert not wants_latest("What was the last round of 2026?", dt.date(2027, 1, 2))
