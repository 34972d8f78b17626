"""Voices over HTTP: quotations, and who says what, as JSON and as pages."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from index.text.names import load_names
from rag.question import clean_question
from rag.reading.positions import Positions, find_positions
from rag.reading.quotation_index import QuotationFilters, QuotationIndex, QuotationPage
from rag.reading.quotation_questions import as_filters
from rag.service import Service
from rag.web import api_examples
from rag.web.asking import client_of
from rag.web.page.forms import MOST_CHARS, Fields
from rag.web.page.positions_page import positions_page
from rag.web.page.quotations_page import quotations_page
from rag.web.security import FORM_POLICY
from rag.web.streaming import AnswerStreams
from rag.web.strings import Strings, interface_strings

_PAGE_HEADERS = {"Vary": "Accept-Language, Cookie", "Content-Security-Policy": FORM_POLICY}

Words = Annotated[str, Query(max_length=MOST_CHARS)]
AsOf = Annotated[dt.date | None, Query(description="leave out documents that are dated later, and what was said later")]


def voices_router(service: Service, streams: AnswerStreams) -> APIRouter:
    """The routes, over one service."""
    router = APIRouter()
    names = load_names(service.settings.names)
    index = QuotationIndex(names)

    def search(asked: QuotationFilters, page: int) -> tuple[QuotationPage, list[str]]:
        filters = as_filters(asked, names, asked.as_of or dt.date.today())
        collection = service.ready().collection
        with collection.snapshot() as snapshot:
            found = index.search(snapshot, collection.embedder, filters, page)
            return found, index.speakers(snapshot, filters.as_of)

    def find(topic: str, as_of: dt.date | None) -> Positions:
        collection = service.ready().collection
        with collection.snapshot() as snapshot:
            return find_positions(snapshot, topic, names, collection.embedder, as_of)

    @router.get("/api/quotations", summary="Find quotations", tags=["Reading"], responses=api_examples.refusals())
    async def quotations(
        request: Request,
        q: Annotated[str, Query(max_length=MOST_CHARS, description="words, or a whole question")] = "",
        speaker: Words = "",
        topic: Words = "",
        since: Annotated[dt.date | None, Query(alias="from", description="said on this day or later")] = None,
        until: Annotated[dt.date | None, Query(alias="to")] = None,
        as_of: AsOf = None,
        page: Annotated[int, Query(ge=1)] = 1,
    ) -> QuotationPage:
        """Verbatim, with who said it, when and where as the text tells it, and the sentence around it."""
        asked = QuotationFilters(_cleaned(q), "", speaker, topic, since, until, as_of)
        found, _ = await streams.work(lambda: search(asked, page), client_of(request))
        return found

    @router.get("/api/positions", summary="See who says what", tags=["Reading"], responses=api_examples.refusals())
    async def positions(
        request: Request,
        q: Annotated[str, Query(min_length=1, max_length=MOST_CHARS, description="the subject")],
        as_of: AsOf = None,
    ) -> Positions:
        """Attributed statements by side, newest first, and the accounts that do not agree, each with its source."""
        topic = clean_question(q)
        return await streams.work(lambda: find(topic, as_of), client_of(request))

    @router.get("/quotes", include_in_schema=False)
    async def quotations_view(request: Request) -> HTMLResponse:
        strings, query = _strings(request), Fields(request)
        asked = QuotationFilters(
            _cleaned(query.words("q")),
            "",
            query.words("speaker"),
            query.words("topic"),
            query.day("from"),
            query.day("to"),
            query.day("as_of"),
        )
        number = query.number("page")
        found, speakers = await streams.work(lambda: search(asked, number), client_of(request))
        html = quotations_page(found, asked, speakers, tuple(query.unreadable), strings)
        return HTMLResponse(html, headers=_PAGE_HEADERS)

    @router.get("/positions", include_in_schema=False)
    async def positions_view(request: Request) -> HTMLResponse:
        strings, query = _strings(request), Fields(request)
        topic, as_of = _cleaned(query.words("q")), query.day("as_of")
        found = await streams.work(lambda: find(topic, as_of), client_of(request)) if topic else None
        html = positions_page(topic, as_of, found, tuple(query.unreadable), strings)
        return HTMLResponse(html, headers=_PAGE_HEADERS)

    return router


def _cleaned(words: str) -> str:
    return clean_question(words) if words.strip() else ""


def _strings(request: Request) -> Strings:
    return interface_strings(request.query_params, request.cookies, request.headers.get("accept-language", ""))
