"""When the assistant is silent, over the shipped documents."""

import datetime as dt

import pytest

from rag.assistant import Assistant
from rag.types import Answer, Question

NEWEST = "7 June 2026"


def ask(assistant: Assistant, question: str, as_of: dt.date | None = None) -> Answer:
    return assistant.ask(Question(question=question, as_of=as_of))


@pytest.mark.parametrize(
    "question",
    [
        "How much flour goes into a sourdough loaf?",
        "Which telescope photographed the Orion nebula last spring?",
        "Скільки коштує проїзд у львівському трамваї?",
        "Как вырастить помидоры на подоконнике?",
    ],
)
def test_a_question_about_something_else_gets_no_answer(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question)
    assert answer.status == "abstained"
    assert answer.nearest


@pytest.mark.parametrize(
    "question",
    [
        "Что Витков говорил о территориях?",
        "wht did kushner demnad",
        "Чому Умєров поїхав до Маямі?",
        "Who represents Russia at the talks?",
    ],
)
def test_who_asks_about_a_negotiator_is_answered(assistant: Assistant, question: str) -> None:
    assert ask(assistant, question).status == "answered"


@pytest.mark.parametrize(
    "question",
    [
        "What happened in the talks in December 2027?",
        "Who met in Geneva in March 1987?",
        "Що сталося на переговорах у серпні 2031 року?",
        "Кто вёл переговоры в июле 2031 года?",
    ],
)
def test_a_time_that_no_document_tells_of_is_said_to_be_untold(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question)
    assert answer.status == "abstained"
    assert any(said in answer.text for said in ("the time asked about", "про який запитано", "о котором спрошено"))


def test_a_time_that_a_later_report_tells_of_is_answered(assistant: Assistant) -> None:
    """No document is dated 2018; one says who was appointed then."""
    assert ask(assistant, "Who was appointed head of the GRU in 2018?").status == "answered"


def test_days_after_the_cut_off_are_untold(assistant: Assistant) -> None:
    question = "What was agreed in Geneva in February 2026?"
    assert ask(assistant, question).status == "answered"
    before = ask(assistant, question, dt.date(2025, 6, 30))
    assert before.status == "abstained"
    assert before.coverage.as_of == dt.date(2025, 6, 30)


def test_silence_says_how_new_the_newest_document_is(assistant: Assistant) -> None:
    assert NEWEST in ask(assistant, "How much flour goes into a sourdough loaf?").text
