"""How well a claim is sourced, and how far something has got, as JSON and as pages."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.names import Names, load_names
from rag.question import clean_question
from rag.reading.sourcing import Sourcing, find_sourcing
from rag.reading.status import StatusReport, find_status
from rag.service import Service
from rag.web import api_examples
from rag.web.asking import client_of
from rag.web.page.claims_page import sourcing_page, status_page
from rag.web.page.forms import MOST_CHARS, Fields
from rag.web.security import FORM_POLICY
from rag.web.streaming import AnswerStreams
from rag.web.strings import interface_strings

_PAGE_HEADERS = {"Vary": "Accept-Language, Cookie", "Content-Security-Policy": FORM_POLICY}

Found = TypeVar("Found", Sourcing, StatusReport)
Finder = Callable[[Snapshot, str, Names, Embedder, dt.date | None], Found]
Subject = Annotated[str, Query(min_length=1, max_length=MOST_CHARS)]
AsOf = Annotated[dt.date | None, Query(description="leave out documents that are dated later")]


def claims_router(service: Service, streams: AnswerStreams) -> APIRouter:
    """The routes, over one service."""
    router = APIRouter()
    names = load_names(service.settings.names)

    async def found(finder: Finder[Found], words: str, as_of: dt.date | None, request: Request) -> Found:
        subject = clean_question(words)

        def find() -> Found:
            collection = service.ready().collection
            with collection.snapshot() as snapshot:
                return finder(snapshot, subject, names, collection.embedder, as_of)

        return await streams.work(find, client_of(request))

    @router.get("/api/sourcing", summary="See who says a claim", tags=["Reading"], responses=api_examples.refusals())
    async def sourcing(request: Request, q: Subject, as_of: AsOf = None) -> Sourcing:
        """The reports that say it nearly in these words, their publishers, and how many are independent."""
        return await found(find_sourcing, q, as_of, request)

    @router.get("/api/status", summary="See how far it has got", tags=["Reading"], responses=api_examples.refusals())
    async def status(request: Request, q: Subject, as_of: AsOf = None) -> StatusReport:
        """Proposed, agreed, signed, denied, lapsed or superseded, in the documents' words, the newest first."""
        return await found(find_status, q, as_of, request)

    @router.get("/sourcing", include_in_schema=False)
    async def sourcing_view(request: Request) -> HTMLResponse:
        return await view(request, find_sourcing, sourcing_page)

    @router.get("/status", include_in_schema=False)
    async def status_view(request: Request) -> HTMLResponse:
        return await view(request, find_status, status_page)

    async def view(request: Request, finder: Finder[Found], page: Callable[..., str]) -> HTMLResponse:
        strings = interface_strings(request.query_params, request.cookies, request.headers.get("accept-language", ""))
        query = Fields(request)
        words, as_of = query.words("q"), query.day("as_of")
        shown = await found(finder, words, as_of, request) if words else None
        return HTMLResponse(page(words, as_of, shown, tuple(query.unreadable), strings), headers=_PAGE_HEADERS)

    return router
