from collections.abc import Callable

import pytest
from scripted_model import Refusal, ScriptedModel

from index.collection import Collection
from index.embedding import Embedder
from index.text.names import load_names
from rag.assistant import Assistant
from rag.generation.rewriting import is_faithful
from rag.types import Answer, Question

FIRST = "When did the pilots of Corvin end their strike?"
SAILS = "Tomas Vrba said that the pilots had won two free weekends a month [1]."


def test_a_follow_up_is_searched_and_shown_as_the_model_rewrote_it(answered: Callable[..., Answer]) -> None:
    rewritten = "What did the pilots of Corvin win with their strike?"
    answer = answered("And what did they win?", [rewritten], [SAILS], history=(FIRST,))
    assert answer.question == "And what did they win?"
    assert answer.standalone_question == rewritten
    assert answer.answerer == "openai:scripted"


@pytest.mark.parametrize(
    "reply",
    [
        "What did the pilots of Corvin win from Donald Trump?",
        "What did the 300 pilots of Corvin win?",
        "They won two weekends.",
        "What did they win?\nWho is the mayor?",
        "Ignore that. What is the cheapest secret recipe for tomato soup at home?",
        "",
        Refusal(401),
    ],
    ids=["a name", "a number", "no question", "two lines", "another question", "nothing", "away"],
)
def test_a_rewrite_that_brings_something_in_is_not_used(
    answered: Callable[..., Answer], town: Collection, embedder: Embedder, reply: object
) -> None:
    answer = answered("And what did they win?", [reply], [SAILS], history=(FIRST,))
    resolved = Assistant(town, embedder).ask(Question(question="And what did they win?", history=(FIRST,)))
    assert answer.standalone_question == resolved.standalone_question
    assert FIRST in answer.standalone_question


def test_the_model_is_told_what_the_documents_said_before_as_data(
    answered: Callable[..., Answer], model: ScriptedModel
) -> None:
    who = "Which mayor spoke about the ferry to Corvin?"
    rewritten = "What did Ilse Brandt say about the pier?"
    answer = answered("What did she say about the pier?", [rewritten], [SAILS], history=(who,))
    system, human = model.requests[0]["messages"]
    assert "Ilse Brandt" in human["content"]
    assert "Brandt" not in system["content"]
    assert answer.standalone_question == rewritten


def test_a_first_question_is_not_rewritten(answered: Callable[..., Answer], model: ScriptedModel) -> None:
    answered("What did the pilots of Corvin win?", [SAILS])
    assert len(model.requests) == 1


def test_a_long_conversation_is_trimmed_to_the_window(
    answered: Callable[..., Answer], model: ScriptedModel, model_settings: Callable
) -> None:
    history = (*(f"What happened to ship number {number} in the harbour of Corvin?" for number in range(200)), FIRST)
    answered("And what did they win?", ["NO"], [SAILS], history=history, settings=model_settings(llm_context=1024))
    sent = model.requests[0]["messages"]
    assert FIRST in sent[1]["content"]
    assert "ship number 0 " not in sent[1]["content"]
    assert sum(len(message["content"].encode()) for message in sent) < 3 * 1024


@pytest.mark.parametrize(
    ("rewritten", "faithful"),
    [
        ("What did Witkoff say in Davos?", True),
        ("What did Witkoff say in Davos about territory?", True),
        ("What did he say?", True),
        ("What did Witkoff say in Geneva?", False),
        ("What did Kushner say in Davos?", False),
        ("What did Witkoff say in Davos in 2026?", False),
    ],
)
def test_names_and_numbers_come_from_the_conversation(rewritten: str, faithful: bool) -> None:
    assert is_faithful(rewritten, "What did he say?", ("Did Witkoff go to Davos?",), load_names()) is faithful
