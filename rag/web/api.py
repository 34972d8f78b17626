"""The HTTP interface for programs: ask and search, read and judge answers, list and read documents."""

import datetime as dt
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from pydantic import BaseModel, ConfigDict, Field

from index.storage.lineage import EarlierVersion
from index.types import Coverage, Document, DocumentSummary
from rag.question import clean_question
from rag.records import Rating, Records, StoredAnswer
from rag.service import Building, Failed, Ready, Service
from rag.types import (
    Answer,
    AnswerEvent,
    Event,
    FoundPassage,
    Passage,
    PendingEvent,
    Question,
    StatusEvent,
    TokenEvent,
)
from rag.web import api_examples
from rag.web.asking import EVENT_HEADERS, HEARTBEAT_S, client_of, while_connected
from rag.web.error_responses import RETRY_AFTER_S, described, error_body
from rag.web.site_caps import SiteCaps
from rag.web.streaming import MAX_HISTORY, AnswerStreams, with_heartbeat

MAX_COMMENT_CHARS = 2_000
MAX_PASSAGES = 100


class AskRequest(BaseModel):
    """The body of `POST /api/ask`."""

    model_config = ConfigDict(json_schema_extra={"examples": api_examples.ASK_REQUESTS})

    question: str = Field(description="what to answer, in any language of the documents")
    history: list[str] = Field([], max_length=MAX_HISTORY, description="earlier questions, the oldest first")
    conversation_id: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="goes on with a conversation; without `history`, its earlier questions are the history",
    )
    as_of: dt.date | None = Field(None, description="leave out documents that are dated later")

    def cleaned(self) -> Question:
        """The question to ask; raises QuestionError."""
        return Question(
            question=clean_question(self.question),
            history=tuple(clean_question(earlier) for earlier in self.history),
            as_of=self.as_of,
            conversation_id=self.conversation_id,
        )


class KeptAnswer(Answer):
    """An answer as it was given, and when."""

    asked_at: dt.datetime


class FeedbackRequest(BaseModel):
    """The body of `POST /api/feedback`."""

    answer_id: str = Field(max_length=100)
    rating: Rating
    comment: str = Field("", max_length=MAX_COMMENT_CHARS)


class Deleted(BaseModel):
    """How many answers are gone."""

    deleted: int


class SearchResults(BaseModel):
    """Passages, best first."""

    passages: list[FoundPassage]


class Documents(BaseModel):
    """What the collection holds, newest first, undated last."""

    coverage: Coverage
    documents: list[DocumentSummary]


def api_router(service: Service, streams: AnswerStreams, records: Records, caps: SiteCaps) -> APIRouter:
    """The routes, over one service."""
    router = APIRouter()

    @router.post("/api/ask", response_model=Answer, summary="Ask a question", tags=["Ask"], responses=_streamed())
    async def ask(body: AskRequest, request: Request) -> Response | Answer:
        """The cited answer; with `Accept: text/event-stream`, events: status, pending, token, answer, error."""
        question = body.cleaned()
        assistant = service.ready().assistant
        if site := request.state.site:
            stored = await run_in_threadpool(records.questions, body.conversation_id or "", caps.a_conversation)
            await run_in_threadpool(caps.spend, site, max(len(body.history), len(stored)))
        client = client_of(request)
        if "text/event-stream" in request.headers.get("accept", ""):
            streams.check(client)
            events = server_sent(streams.events(assistant, question, client))
            return EventSourceResponse(events, headers=EVENT_HEADERS)
        return await while_connected(request, streams.answer(assistant, question, client))

    @router.get("/api/search", summary="Find passages", tags=["Ask"], responses=api_examples.refusals())
    async def search(
        request: Request,
        q: Annotated[str, Query(description="a question or any words")],
        k: Annotated[int, Query(ge=1, le=MAX_PASSAGES, description="how many passages")] = 10,
        as_of: Annotated[dt.date | None, Query(description="leave out documents that are dated later")] = None,
    ) -> SearchResults:
        """The passages that an answer would be looked for in, best first; a larger `score` is better."""
        words = clean_question(q)
        return found(await streams.search(service.ready().assistant, words, k, as_of, client_of(request)))

    @router.get("/api/answers/{answer_id}", summary="Read an answer again", tags=["Answers"])
    def answer(answer_id: str) -> KeptAnswer:
        return kept_answer(find_answer(records, answer_id))

    @router.post("/api/feedback", summary="Say what an answer is worth", tags=["Answers"])
    def feedback(body: FeedbackRequest) -> FeedbackRequest:
        """Gives back what is kept now; a second verdict on an answer takes the place of the first."""
        records.add_feedback(body.answer_id, body.rating, body.comment)
        return body

    @router.delete("/api/conversations/{conversation_id:path}", summary="Delete a conversation", tags=["Answers"])
    def delete_conversation(conversation_id: str) -> Deleted:
        """Its questions, its answers and the feedback on them, for good."""
        return Deleted(deleted=records.delete_conversation(conversation_id))

    @router.get("/api/documents", summary="List the documents", tags=["Documents"])
    def documents() -> Documents:
        with service.ready().collection.snapshot() as snapshot:
            return Documents(coverage=snapshot.coverage(None), documents=newest_first(snapshot.documents()))

    @router.get("/api/documents/{document_id}", summary="Read one document", tags=["Documents"])
    def document(document_id: str) -> Document:
        return find_document(service, document_id)

    @router.get(
        "/api/documents/{document_id}/versions",
        summary="Read what a document was before it changed",
        tags=["Documents"],
    )
    def versions(document_id: str) -> list[EarlierVersion]:
        find_document(service, document_id)
        with service.ready().collection.snapshot() as snapshot:
            return snapshot.versions(document_id)

    @router.get("/healthz", summary="Is the server alive?", tags=["Health"])
    def alive() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz", summary="Can it answer?", tags=["Health"])
    def readiness() -> JSONResponse:
        return readiness_of(service)

    return router


def _streamed() -> dict[int | str, dict[str, Any]]:
    events = api_examples.shown(api_examples.events(), "The answer, or an abstention.", "text/event-stream")
    return {200: events, **api_examples.refusals()}


def found(passages: list[Passage]) -> SearchResults:
    """The passages as they are sent."""
    return SearchResults(
        passages=[
            FoundPassage(
                document_id=passage.document.id,
                title=passage.document.title,
                date=passage.document.date,
                quote=passage.chunk.text,
                start=passage.chunk.start,
                end=passage.chunk.end,
                score=passage.score,
            )
            for passage in passages
        ]
    )


def newest_first(documents: list[DocumentSummary]) -> list[DocumentSummary]:
    """By date, the newest first; undated documents at the end."""
    return sorted(documents, key=lambda document: (document.date or dt.date.min, document.id), reverse=True)


def find_document(service: Service, document_id: str) -> Document:
    """The document; raises HTTPException 404 where the collection holds none by that name."""
    with service.ready().collection.snapshot() as snapshot:
        document = snapshot.document(document_id)
    if document is None:
        raise HTTPException(404, "The collection holds no document of this name; it may have been removed.")
    return document


def find_answer(records: Records, answer_id: str) -> StoredAnswer:
    """The stored answer; raises HTTPException 404 where there is none of this id."""
    stored = records.answer(answer_id)
    if stored is None:
        raise HTTPException(404, "No answer of this id is stored; its conversation may have been deleted.")
    return stored


def kept_answer(stored: StoredAnswer) -> KeptAnswer:
    return KeptAnswer(**stored.answer.model_dump(), asked_at=stored.asked_at)


def readiness_of(service: Service) -> JSONResponse:
    """200 with what answers and from what; 503 with the progress or the reason."""
    match service.state:
        case Ready(assistant=assistant, collection=collection):
            model = assistant.model
            with collection.snapshot() as snapshot:
                return JSONResponse(
                    {
                        "status": "ready",
                        "answerer": assistant.answerer,
                        "model": model and {"name": model.name, "status": model.status},
                        "index_version": snapshot.version,
                        "coverage": snapshot.coverage(None).model_dump(mode="json"),
                        "notice": service.notice,
                    }
                )
        case Building(progress=progress):
            body = {"status": "building", "progress": asdict(progress)}
            return JSONResponse(body, 503, {"Retry-After": str(RETRY_AFTER_S)})
        case Failed(code=code, message=message):
            return JSONResponse({"status": "failed", **error_body(code, message)}, 503)


async def server_sent(events: AsyncGenerator[Event]) -> AsyncIterator[bytes]:
    """The events on the wire; an error ends them as an event of its own."""
    try:
        async with aclosing(with_heartbeat(events, HEARTBEAT_S)) as beating:
            async for event in beating:
                yield KEEPALIVE_COMMENT if event is None else wire_event(event)
    except Exception as error:
        _, code, message = described(error)
        yield format_sse_event(event="error", data_str=JSONResponse(error_body(code, message)).body.decode())


def wire_event(event: Event) -> bytes:
    """One event of `Assistant.stream` as text/event-stream has it."""
    match event:
        case StatusEvent(stage=stage):
            return format_sse_event(event="status", data_str=JSONResponse({"stage": stage}).body.decode())
        case TokenEvent(text=text):
            return format_sse_event(event="token", data_str=JSONResponse({"text": text}).body.decode())
        case PendingEvent(text=text):
            return format_sse_event(event="pending", data_str=JSONResponse({"text": text}).body.decode())
        case AnswerEvent(answer=answer):
            return format_sse_event(event="answer", data_str=answer.model_dump_json())
