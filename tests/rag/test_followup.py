import pytest

from index.text.names import load_names
from rag.followup import resolve_followup

FIRST = "How many prisoners were exchanged after the second round in Istanbul?"


@pytest.mark.parametrize(
    "question",
    [
        "And in Abu Dhabi?",
        "Why?",
        "How many?",
        "What was his reason?",
        "What did the mayor say that same day?",
        "And how many in the one after that?",
        "Who signed the shorter of the two papers?",
        "Was it kept?",
        "А в Абу-Дабі?",
        "Почему он отказался?",
        "Скільки?",
    ],
)
def test_a_follow_up_takes_over_the_question_before_it(question: str) -> None:
    standalone = resolve_followup(question, [FIRST], load_names())
    assert standalone.focus == question
    assert standalone.context == FIRST
    assert standalone.text == f"{FIRST} {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Who led the Ukrainian delegation in Geneva?",
        "What did Rutte say about his visit to Kyiv?",
        "Is there a deadline for the Ukrainian elections?",
        "Хто очолював делегацію України в Женеві?",
    ],
)
def test_a_fresh_topic_is_not_dragged_back(question: str) -> None:
    assert resolve_followup(question, [FIRST], load_names()).text == question


def test_a_chain_of_follow_ups_reaches_back_to_the_question_that_stands_alone() -> None:
    standalone = resolve_followup("Why?", ["Who hosted the Berlin talks?", FIRST, "Was it kept?"], load_names())
    assert standalone.context == f"{FIRST} Was it kept?"


def test_without_history_nothing_is_added() -> None:
    assert resolve_followup("Why?", [], load_names()).text == "Why?"
