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


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What did the Pope of Avignon say about Donbas?", "Pope of Avignon"),
        ("Who is Marcus Featherstone?", "Marcus Featherstone"),
        ("Why did Featherstone meet Putin in Moscow?", "Featherstone"),
        ("Що сказав Фезерстоун про Донбас?", "Фезерстоун"),
        ("Что предложил Фезерстоун на переговорах в Стамбуле?", "Фезерстоун"),
    ],
)
def test_a_name_that_no_document_mentions_is_said_and_nobody_else_quoted(
    assistant: Assistant, question: str, name: str
) -> None:
    answer = ask(assistant, question)
    assert answer.status == "abstained"
    assert name in answer.text
    assert answer.nearest


def test_an_unknown_place_is_said_beside_the_answer(assistant: Assistant) -> None:
    answer = ask(assistant, "What did Zelensky say about Donbas on his way from Quimperlé?")
    assert answer.status == "answered"
    assert answer.notice == "No document here mentions Quimperlé."


@pytest.mark.parametrize(
    "question",
    [
        "What did Zelinskyi say about the Donbass region?",
        "What did Vitkof discuss in the Kremlin?",
        "Who led the Ukrainian Delegation at the Talks in March?",
        "Why did the Foreign Minister travel to Geneva on Tuesday?",
        "What Was Agreed On the Energy Truce?",
        "Что говорил Дмитриев в Майами?",
        "Що обговорювали в Женеві у Лютому?",
        "What did the president say at Easter?",
    ],
)
def test_slips_titles_months_and_headings_are_no_unknown_names(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question)
    assert answer.notice is None
    assert "mentions" not in answer.text
    assert "не згадує" not in answer.text
    assert "не упоминает" not in answer.text


def test_a_name_is_unknown_up_to_the_cut_off(assistant: Assistant) -> None:
    question = "What did Ocalan say about the ceasefire?"
    assert "Ocalan" in ask(assistant, question, dt.date(2025, 6, 30)).text
