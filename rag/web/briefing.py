"""Briefings over HTTP: as JSON, Markdown, a file of HTML, and as a page."""

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from rag.language import reader_language
from rag.question import clean_question
from rag.reading.briefing import Brief, Briefing, Briefings
from rag.service import Service
from rag.web import api_examples
from rag.web.asking import client_of
from rag.web.page.briefing_files import FILE_POLICY, briefing_html, briefing_markdown
from rag.web.page.briefing_page import briefing_page
from rag.web.page.forms import MOST_CHARS, Fields
from rag.web.security import FORM_POLICY
from rag.web.streaming import AnswerStreams
from rag.web.strings import Strings, interface_strings

_PAGE_HEADERS = {"Vary": "Accept-Language, Cookie", "Content-Security-Policy": FORM_POLICY}
_FORMS = {
    "content": {"application/json": {}, "text/markdown": {}, "text/html": {}},
    "description": "The briefing in the format that was asked for",
}

Language = Annotated[Literal["en", "uk", "ru"] | None, Query(description="of headings; without it the topic's")]


def written(service: Service, briefings: Briefings, brief: Brief) -> Briefing:
    """The briefing from the collection as it is now. Raises IndexNotReadyError while there is none."""
    collection = service.ready().collection
    with collection.snapshot() as snapshot:
        return briefings.write(snapshot, collection.embedder, brief)


def briefing_router(service: Service, streams: AnswerStreams, briefings: Briefings) -> APIRouter:
    """The routes, over one service."""
    router = APIRouter()

    async def asked(brief: Brief, request: Request) -> Briefing:
        return await streams.work(lambda: written(service, briefings, brief), client_of(request))

    @router.get(
        "/api/briefing",
        summary="Make a briefing",
        tags=["Reading"],
        response_model=Briefing,
        responses={200: _FORMS, **api_examples.refusals()},
    )
    async def briefing(
        request: Request,
        topic: Annotated[str, Query(min_length=1, max_length=MOST_CHARS, description="the subject")],
        as_of: Annotated[dt.date | None, Query(description="leave out documents that are dated later")] = None,
        since: Annotated[
            dt.date | None, Query(description="what changed since; else three months before the newest report on it")
        ] = None,
        form: Annotated[Literal["json", "markdown", "html"], Query(alias="format")] = "json",
        language: Language = None,
    ) -> Briefing | Response:
        """State of play, positions, what changed, open points, quotes, timeline and sources, each line a quotation."""
        subject = clean_question(topic)
        made = await asked(Brief(subject, as_of, since), request)
        strings, server = Strings(language or reader_language(subject)), str(request.base_url).rstrip("/")
        match form:
            case "json":
                return made
            case "markdown":
                return Response(briefing_markdown(made, strings, server), media_type="text/markdown; charset=utf-8")
            case "html":
                policy = {"Content-Security-Policy": FILE_POLICY}
                return HTMLResponse(briefing_html(made, strings, server), headers=policy)

    @router.get("/briefing", include_in_schema=False)
    async def briefing_view(request: Request) -> HTMLResponse:
        strings = interface_strings(request.query_params, request.cookies, request.headers.get("accept-language", ""))
        query = Fields(request)
        topic, since, as_of = query.words("topic"), query.day("since"), query.day("as_of")
        topic = clean_question(topic) if topic else ""
        made = await asked(Brief(topic, as_of, since), request) if topic else None
        html = briefing_page(topic, since, as_of, made, tuple(query.unreadable), strings)
        return HTMLResponse(html, headers=_PAGE_HEADERS)

    return router
