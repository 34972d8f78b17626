"""The OpenAI-compatible interface: `POST /v1/chat/completions` and `GET /v1/models`.

The last message of the user is the question, the earlier ones are its history. System messages, sampling parameters
and whatever else would steer a language model are read over: what may be said is decided by the documents. The
answer's citations stand beside the message as `citations`, and in it as OpenAI's `annotations`, which programs such as
Open WebUI show as sources.
"""

import datetime as dt
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from rag.errors import QuestionError
from rag.language import reader_language
from rag.question import clean_question
from rag.service import Service
from rag.types import MARKER, Answer, AnswerEvent, Citation, Question, TokenEvent
from rag.web import api_examples
from rag.web.asking import EVENT_HEADERS, HEARTBEAT_S, client_of, while_connected
from rag.web.error_responses import described, error_body
from rag.web.site_caps import SiteCaps
from rag.web.streaming import MAX_HISTORY, AnswerStreams, with_heartbeat
from rag.web.strings import Strings

MODEL = "parley"

_MAX_MESSAGES = 1_000
_HTTP = ("http://", "https://")


class Part(BaseModel):
    """A piece of a message; only text can be read."""

    type: str = "text"
    text: str | None = None


class Message(BaseModel):
    """One message of the conversation."""

    role: str
    content: str | list[Part] | None = None

    def words(self) -> str:
        """The text of the message; raises QuestionError where it has anything else."""
        if isinstance(self.content, str):
            return self.content
        unread = next((part.type for part in self.content or () if part.type != "text"), None)
        if unread:
            raise QuestionError(f"A message holds {unread!r}, and only text is read; send the question as text.")
        return "\n".join(part.text or "" for part in self.content or ())


class StreamOptions(BaseModel):
    """What a stream ends with."""

    include_usage: bool = False


class CompletionRequest(BaseModel):
    """What of OpenAI's request is used; all other fields are read over. `as_of` is our own."""

    model_config = {"json_schema_extra": {"examples": [api_examples.COMPLETION_REQUEST]}}

    model: str = MODEL
    messages: list[Message] = Field(min_length=1, max_length=_MAX_MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    as_of: dt.date | None = Field(None, description="leave out documents that are dated later")

    def question(self) -> Question:
        """The last message of the user, with the ones before it as history. Raises QuestionError."""
        asked = [message for message in self.messages if message.role == "user"]
        if not asked:
            raise QuestionError("There is no message of the user; send the question with the role `user`.")
        history = [_usable(message) for message in asked[:-1]][-MAX_HISTORY:]
        return Question(
            question=clean_question(asked[-1].words()), history=tuple(filter(None, history)), as_of=self.as_of
        )


def _usable(message: Message) -> str | None:
    """An earlier question, or None: what was no question then is no reason to refuse this one."""
    try:
        return clean_question(message.words())
    except QuestionError:
        return None


def openai_router(service: Service, streams: AnswerStreams, caps: SiteCaps) -> APIRouter:
    """The routes under /v1, over one service."""
    router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])
    created = int(time.time())

    @router.post("/chat/completions", summary="Ask, as OpenAI's clients do", responses=_completed())
    async def complete(body: CompletionRequest, request: Request) -> Response:
        """The answer as a chat completion; with `stream`, as chunks, the last of which brings the citations."""
        question = body.question()
        assistant = service.ready().assistant
        client, here = client_of(request), str(request.base_url)
        if site := request.state.site:
            await run_in_threadpool(caps.spend, site, len(question.history))
        if not body.stream:
            answer = await while_connected(request, streams.answer(assistant, question, client))
            return JSONResponse(completion(answer, here))
        streams.check(client)
        with_usage = bool(body.stream_options and body.stream_options.include_usage)
        events = streams.events(assistant, question, client)
        return EventSourceResponse(chunks(events, here, with_usage), headers=EVENT_HEADERS)

    @router.get("/models", summary="The one model")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [_model(created)]}

    @router.get("/models/{model}", summary="About the model")
    def model(model: str) -> dict[str, Any]:
        if model != MODEL:
            raise HTTPException(404, f"There is no model of this name; the one here is {MODEL!r}.")
        return _model(created)

    return router


def _completed() -> dict[int | str, dict[str, Any]]:
    example = completion(Answer.model_validate(api_examples.answer()), "http://127.0.0.1:7860/")
    return {200: api_examples.shown(example, "The completion."), **api_examples.refusals()}


def completion(answer: Answer, here: str) -> dict[str, Any]:
    """The answer as OpenAI's `chat.completion`; `here` is the address of this server, for sources without one."""
    message = {
        "role": "assistant",
        "content": answer.text + _cut_off(answer),
        "refusal": None,
        "annotations": annotations(answer, here),
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {
        **_head(f"chatcmpl-{answer.answer_id}", "chat.completion", int(time.time())),
        "choices": [choice],
        "usage": usage(answer),
        **_beside(answer),
    }


async def chunks(events: Any, here: str, with_usage: bool) -> AsyncIterator[bytes]:
    """The events as OpenAI's `chat.completion.chunk`s; an error ends them, and `[DONE]` comes last."""
    head = _head(f"chatcmpl-{time.time_ns():x}", "chat.completion.chunk", int(time.time()))
    yield _chunk({**head, "choices": [_delta({"role": "assistant", "content": ""})]})
    try:
        async with aclosing(with_heartbeat(events, HEARTBEAT_S)) as beating:
            async for event in beating:
                if event is None:
                    yield KEEPALIVE_COMMENT
                elif isinstance(event, TokenEvent):
                    yield _chunk({**head, "choices": [_delta({"content": event.text})]})
                elif isinstance(event, AnswerEvent):
                    for last in _last_chunks(event.answer, head, here, with_usage):
                        yield _chunk(last)
    except Exception as error:
        _, code, message = described(error)
        yield _chunk(error_body(code, message))
    yield format_sse_event(data_str="[DONE]")


def _last_chunks(answer: Answer, head: dict[str, Any], here: str, with_usage: bool) -> list[dict[str, Any]]:
    sources = {"annotations": annotations(answer, here)}
    last = [{**head, "choices": [_delta({"content": _cut_off(answer)})]}] if answer.coverage.as_of else []
    last += [
        {**head, "choices": [_delta(sources)], **_beside(answer)},
        {**head, "choices": [_delta({}, finish_reason="stop")]},
    ]
    return [*last, {**head, "choices": [], "usage": usage(answer)}] if with_usage else last


def _cut_off(answer: Answer) -> str:
    """A last line that says up to when documents were used, for programs that show nothing but the text."""
    as_of, strings = answer.coverage.as_of, Strings(reader_language(answer.question))
    return f"\n\n{strings('turn.cut_off', date=strings.date(as_of))}" if as_of else ""


def annotations(answer: Answer, here: str) -> list[dict[str, Any]]:
    """Each marker in the text as OpenAI's `url_citation`: where it stands, and what it leads to."""
    citations = {citation.marker: citation for citation in answer.citations}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": found.start(),
                "end_index": found.end(),
                "title": _title(citations[int(found[1])]),
                "url": _address(citations[int(found[1])], here),
            },
        }
        for found in MARKER.finditer(answer.text)
    ]


def usage(answer: Answer) -> dict[str, int]:
    """Words, where OpenAI counts tokens: there need be no model here that has any."""
    asked, said = len(answer.question.split()), len(answer.text.split())
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _title(citation: Citation) -> str:
    return ", ".join(str(part) for part in (citation.title, citation.publisher, citation.date) if part)


def _address(citation: Citation, here: str) -> str:
    if citation.url and citation.url.startswith(_HTTP):
        return citation.url
    document = quote(citation.document_id, safe="")
    return f"{here}documents/{document}?start={citation.start}&end={citation.end}"


def _head(
    completion_id: str, kind: Literal["chat.completion", "chat.completion.chunk"], created: int
) -> dict[str, Any]:
    return {"id": completion_id, "object": kind, "created": created, "model": MODEL}


def _beside(answer: Answer) -> dict[str, Any]:
    """What an Answer says and a completion has no place for."""
    members = {"citations", "status", "nearest", "coverage", "notice", "answer_id"}
    return answer.model_dump(mode="json", include=members)


def _delta(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}


def _chunk(data: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=JSONResponse(data).body.decode())


def _model(created: int) -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": created, "owned_by": MODEL}
