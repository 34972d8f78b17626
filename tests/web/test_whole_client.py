"""The Python client against the real server."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr
from serving import RunningServer

from rag.client import ClientError, ParleyClient, ServerUnreachableError
from rag.service import Ready, Service
from rag.types import AnswerEvent, PendingEvent, StatusEvent, TokenEvent

QUESTION = "What did the mediator Ilse Brandt say about the exchange of prisoners?"


@pytest.fixture
def parley(server: RunningServer) -> Iterator[ParleyClient]:
    with ParleyClient(server.url) as client:
        yield client


def test_a_stream_has_stages_words_and_the_answer(parley: ParleyClient) -> None:
    events = list(parley.stream(QUESTION))
    assert events[0] == StatusEvent("retrieve")
    assert isinstance(events[-1], AnswerEvent)
    written = "".join(event.text for event in events if isinstance(event, TokenEvent))
    assert written == events[-1].answer.text


def test_a_conversation_is_held_judged_read_and_deleted(parley: ParleyClient) -> None:
    first = parley.ask(QUESTION)
    *_, last = parley.stream("And when did she expect it?", conversation_id=first.conversation_id)
    assert last.answer.standalone_question == f"{QUESTION} And when did she expect it?"
    assert parley.answer(first.answer_id) == first
    parley.give_feedback(first.answer_id, "up", "thanks")
    assert parley.delete_conversation(first.conversation_id) == 2
    assert parley.answer(first.answer_id) is None


def test_a_search_finds_passages_that_stand_in_their_documents(parley: ParleyClient) -> None:
    passages = parley.search("exchange of prisoners", 2, as_of=dt.date(2026, 2, 10))
    assert len(passages) == 2
    assert passages[0].score >= passages[1].score
    for passage in passages:
        assert passage.date <= dt.date(2026, 2, 10)
        assert parley.document(passage.document_id).text[passage.start : passage.end] == passage.quote


def test_a_question_that_cannot_be_asked_is_refused_in_a_stream_too(parley: ParleyClient) -> None:
    with pytest.raises(ClientError, match="empty") as caught:
        next(parley.stream(" "))
    assert (caught.value.status, caught.value.code) == (400, "bad_question")


class Breaking:
    """An assistant that fails after it has begun."""

    answerer = "extractive"

    def stream(self, question: object) -> Iterator[StatusEvent | PendingEvent]:
        yield StatusEvent("retrieve")
        yield PendingEvent("They met in")
        raise RuntimeError("a fault inside")


def test_an_answer_that_breaks_off_is_an_error(serve: Callable[[Service], str], service: Service) -> None:
    broken = Service(service.settings)
    broken._state = Ready(Breaking(), service.ready().collection)
    with ParleyClient(serve(broken)) as parley:
        events = parley.stream(QUESTION)
        assert [next(events), next(events)] == [StatusEvent("retrieve"), PendingEvent("They met in")]
        with pytest.raises(ClientError, match="broke off") as caught:
            next(events)
    assert caught.value.code == "internal"


def test_a_key_is_sent(serve: Callable[[Service], str], service: Service) -> None:
    closed = Service(service.settings.model_copy(update={"api_keys": SecretStr("a-key")}))
    closed._state = service.state
    url = serve(closed)
    with ParleyClient(url, api_key="a-key") as parley:
        assert parley.search("ferry", 1)
    with ParleyClient(url) as parley, pytest.raises(ClientError, match="needs a key") as caught:
        parley.search("ferry", 1)
    assert caught.value.status == 401


def test_a_stream_from_nobody_is_told_apart() -> None:
    with ParleyClient("http://127.0.0.1:9") as parley, pytest.raises(ServerUnreachableError):
        next(parley.stream("Who?"))
