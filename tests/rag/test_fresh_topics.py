"""A fresh topic is not dragged back into the conversation, over the shipped documents; and the set that measures it."""

from collections import Counter

import pytest

from rag.assistant import Assistant
from rag.types import Answer, Question
from tests.questions.turns import invented_documents, read, scores

GENEVA = "Who spoke for Ukraine at the Geneva meeting of November 2025?"


def ask(assistant: Assistant, *turns: str) -> Answer:
    return assistant.ask(Question(question=turns[-1], history=turns[:-1]))


@pytest.mark.parametrize(
    "question",
    ["How do I bake bread?", "Which mushrooms are poisonous?", "But how does a fridge work?", "Як виростити огірки?"],
)
def test_a_question_about_something_else_is_met_with_silence_in_a_conversation_too(
    assistant: Assistant, question: str
) -> None:
    answer = ask(assistant, GENEVA, question)
    assert answer.standalone_question == question
    assert answer.status == "abstained"


@pytest.mark.parametrize("question", ["What is the minerals deal?", "How does the sanctions waiver work?"])
def test_another_matter_of_the_talks_is_not_looked_for_in_the_last_one(assistant: Assistant, question: str) -> None:
    assert ask(assistant, GENEVA, question).text == ask(assistant, question).text


@pytest.mark.parametrize("question", ["Which papers were discussed?", "Who else attended?", "What did they agree?"])
def test_a_short_question_on_the_same_meeting_goes_on_from_it(assistant: Assistant, question: str) -> None:
    assert ask(assistant, GENEVA, question).standalone_question == f"{GENEVA} {question}"


def test_after_a_fresh_topic_the_conversation_goes_on_from_that(assistant: Assistant) -> None:
    fresh = "What is the minerals deal?"
    assert ask(assistant, GENEVA, fresh, "When was it signed?").standalone_question == f"{fresh} When was it signed?"


def test_the_set_of_turns_is_well_formed() -> None:
    rows = read()
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["language"] for row in rows} == {"en", "uk", "ru"}
    kinds = Counter((row["collection"], row["half"], row["kind"]) for row in rows)
    assert len(kinds) == 12
    assert min(kinds.values()) >= 9
    known = {document["id"] for document in invented_documents()}
    assert {row["document"] for row in rows if "document" in row} <= known


def test_a_turn_is_scored_by_what_was_searched(assistant: Assistant) -> None:
    fresh = {"question": "How do I bake bread?", "kind": "fresh off topic"}
    assert scores(fresh, ask(assistant, fresh["question"])) == {"left alone": True, "silent": True}
    leaning = {"question": "When was it?", "kind": "follow-up", "document": "nowhere"}
    assert scores(leaning, ask(assistant, GENEVA, "When was it?")) == {"taken over": True, "cites": False}
