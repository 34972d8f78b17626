"""Accounts that differ, and long answers, out of documents written for the test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from rag.answering.extractive import LIMITS
from rag.answering.length import limits_for
from rag.assistant import Assistant
from rag.types import Answer, Question

ONE = "The mayor of Rivne said that 12 people were killed in the strike on the market hall on 3 March 2026."
OTHER = "The governor said that 17 people were killed in the strike on the market hall in Rivne on 3 March 2026."
SAME = "The police said that 12 people were killed in the strike on the market hall in Rivne on 3 March 2026."


@pytest.fixture
def ask(
    settings: Settings, embedder: Embedder, write_document: Callable[..., Path]
) -> Callable[[str, list[str]], Answer]:
    def asked(question: str, texts: list[str]) -> Answer:
        for number, text in enumerate(texts):
            write_document(f"report-{number}", text, title=f"Strike on Rivne, report {number}", date="2026-03-04")
        sync(settings, embedder)
        with Collection(settings, embedder) as collection:
            return Assistant(collection, embedder).ask(Question(question=question))

    return asked


def test_two_numbers_for_the_same_thing_are_both_shown(ask: Callable[[str, list[str]], Answer]) -> None:
    answer = ask("How many people were killed in the strike on Rivne?", [ONE, OTHER])
    assert "Another account differs: " in answer.text
    assert {citation.quote for citation in answer.citations} == {ONE, OTHER}


def test_two_accounts_with_one_number_do_not_differ(ask: Callable[[str, list[str]], Answer]) -> None:
    answer = ask("How many people were killed in the strike on Rivne?", [SAME, ONE])
    assert "differs" not in answer.text


def test_a_number_of_another_day_is_no_other_account(ask: Callable[[str, list[str]], Answer]) -> None:
    answer = ask("How many people were killed in the strike on Rivne?", [ONE, OTHER.replace("3 March", "29 March")])
    assert "differs" not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "List all the rounds of talks.",
        "Explain in detail what the plan says about territory",
        "Розкажи докладно про план",
        "Перечисли раунды переговоров",
    ],
)
def test_who_asks_for_more_gets_more(question: str) -> None:
    assert limits_for(question, LIMITS).words > LIMITS.words


@pytest.mark.parametrize("question", ["Who leads the team?", "Коли був раунд?", "Что сказал Песков?", "Did all agree?"])
def test_others_get_a_short_answer(question: str) -> None:
    assert limits_for(question, LIMITS) == LIMITS
