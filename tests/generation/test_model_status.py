"""A model that goes away and comes back, and what the health check says meanwhile."""

import json
import time
from collections.abc import Callable

import pytest
from scripted_model import Refusal, ScriptedModel

from index.settings import Settings
from rag.__main__ import readable
from rag.assistant import Assistant
from rag.generation import model as model_module
from rag.service import Ready, Service
from rag.types import PendingEvent, Question
from rag.web.api import readiness_of, wire_event

FERRY = "When will the ferry to Corvin sail again?"
SAILS = "Mayor Ilse Brandt said on 22 January 2026 that the ferry to Corvin would sail again in March [1]."


def wait_until(happened: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def test_a_model_that_is_away_is_not_waited_for_and_is_used_again_when_it_is_back(
    model: ScriptedModel,
    model_settings: Callable[..., Settings],
    assistant_of: Callable[[Settings], Assistant],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assistant = assistant_of(model_settings())
    model.says([Refusal(401)])
    assert assistant.ask(Question(question=FERRY)).answerer == "extractive"
    assert assistant.answerer == "extractive"
    asked = len(model.requests)
    answer = assistant.ask(Question(question=FERRY))
    assert readable(answer).startswith(f"{answer.notice}\n\n")
    assert len(model.requests) == asked

    model.says([SAILS])
    monkeypatch.setattr(model_module, "RECHECK_S", 0.0)
    wait_until(lambda: assistant.model.status == "available")
    assert assistant.ask(Question(question=FERRY)).answerer == "openai:scripted"


def test_one_bad_request_does_not_make_the_model_away(
    model: ScriptedModel, model_settings: Callable[..., Settings], assistant_of: Callable[[Settings], Assistant]
) -> None:
    assistant = assistant_of(model_settings())
    model.says([Refusal(400)], [SAILS])
    assert assistant.ask(Question(question=FERRY)).answerer == "extractive"
    assert assistant.ask(Question(question=FERRY)).answerer == "openai:scripted"


def body_of(service: Service) -> dict:
    return json.loads(readiness_of(service).body)


@pytest.mark.parametrize(
    ("script", "answerer", "status"),
    [(["yes"], "openai:scripted", "available"), ([Refusal(401)], "extractive", "away")],
)
def test_the_health_check_says_which_answerer_is_on(
    model: ScriptedModel,
    model_settings: Callable[..., Settings],
    town: object,
    script: list,
    answerer: str,
    status: str,
) -> None:
    model.says(script)
    service = Service(model_settings())
    service.start()
    assert isinstance(service.wait(60), Ready), service.state
    try:
        wait_until(lambda: body_of(service)["model"]["status"] == status)
        assert body_of(service)["answerer"] == answerer
        assert body_of(service)["model"] == {"name": "openai:scripted", "status": status}
    finally:
        service.close()


def test_a_pending_sentence_has_an_event_of_its_own() -> None:
    wire = wire_event(PendingEvent("It may rain.")).decode()
    assert "event: pending" in wire
    assert '"It may rain."' in wire
