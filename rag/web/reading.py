"""The reader's features over HTTP: the timeline as JSON, CSV, calendar and page; what changed as JSON and page."""

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from index.text.names import load_names
from rag.question import clean_question
from rag.reading.changes import ChangeFinder, Changes
from rag.reading.timeline import Timeline, TimelineFilters, Timelines
from rag.reading.timeline_files import timeline_csv, timeline_ics
from rag.service import Service
from rag.web import api_examples
from rag.web.asking import client_of
from rag.web.page.catalogue import Catalogue
from rag.web.page.changes_page import changes_page
from rag.web.page.forms import MOST_CHARS, Fields
from rag.web.page.timeline_page import timeline_page
from rag.web.security import FORM_POLICY
from rag.web.streaming import AnswerStreams
from rag.web.strings import Strings, interface_strings

MOST_LINES = 5_000  # in a file
_PAGE_HEADERS = {"Vary": "Accept-Language, Cookie", "Content-Security-Policy": FORM_POLICY}

Words = Annotated[str, Query(max_length=MOST_CHARS)]
From = Annotated[dt.date | None, Query(alias="from")]
To = Annotated[dt.date | None, Query(alias="to")]
AsOf = Annotated[dt.date | None, Query(description="leave out documents that are dated later, and later days")]


def reading_router(service: Service, streams: AnswerStreams) -> APIRouter:
    """The routes, over one service."""
    router = APIRouter()
    names = load_names(service.settings.names)
    timelines = Timelines(names)
    catalogue = Catalogue(names)

    def build(filters: TimelineFilters, page: int, size: int) -> Timeline:
        with service.ready().collection.snapshot() as snapshot:
            return timelines.build(snapshot, filters, page, size)

    def find(topic: str, since: dt.date, as_of: dt.date | None, language: str) -> Changes:
        collection = service.ready().collection
        with collection.snapshot() as snapshot:
            return ChangeFinder(collection.embedder, names).find(snapshot, topic, since, as_of, language)

    @router.get("/api/timeline", summary="Build a timeline", tags=["Reading"])
    def timeline(
        person: Words = "",
        place: Words = "",
        topic: Words = "",
        since: From = None,
        until: To = None,
        as_of: AsOf = None,
        language: Annotated[str, Query(max_length=8, description="of the two where a report is translated")] = "en",
        page: Annotated[int, Query(ge=1)] = 1,
        size: Annotated[int, Query(ge=1, le=MOST_LINES)] = 500,
    ) -> Timeline:
        """What the documents tell, in order of the days that they tell of, each line with its exact words."""
        return build(TimelineFilters(person, place, topic, since, until, as_of, language), page, size)

    @router.get("/api/timeline.{form}", summary="Save a timeline", tags=["Reading"], response_class=Response)
    def timeline_file(
        form: Literal["csv", "ics"],
        person: Words = "",
        place: Words = "",
        topic: Words = "",
        since: From = None,
        until: To = None,
        as_of: AsOf = None,
        language: Annotated[str, Query(max_length=8)] = "en",
    ) -> Response:
        """The same lines as CSV or as a calendar (ICS)."""
        filters = TimelineFilters(person, place, topic, since, until, as_of, language)
        entries = build(filters, 1, MOST_LINES).entries
        if form == "csv":
            return _file(timeline_csv(entries), "text/csv; charset=utf-8", "timeline.csv")
        return _file(timeline_ics(entries, dt.datetime.now(dt.UTC)), "text/calendar; charset=utf-8", "timeline.ics")

    @router.get("/api/changes", summary="See what changed", tags=["Reading"], responses=api_examples.refusals())
    async def changes(
        request: Request,
        since: Annotated[dt.date, Query(description="the first day that counts as now")],
        q: Annotated[str, Query(max_length=MOST_CHARS, description="the subject; without it, new documents only")] = "",
        as_of: AsOf = None,
        language: Annotated[str, Query(max_length=8)] = "en",
    ) -> Changes:
        """Claims now and before, newest first; what is not found again; the documents that are new."""
        topic = clean_question(q) if q.strip() else ""
        return await streams.work(lambda: find(topic, since, as_of, language), client_of(request))

    @router.get("/timeline", include_in_schema=False)
    def timeline_view(request: Request) -> HTMLResponse:
        strings, query = _strings(request), Fields(request)
        filters = TimelineFilters(
            query.words("person"),
            query.words("place"),
            query.words("topic"),
            query.day("from"),
            query.day("to"),
            query.day("as_of"),
            strings.language,
        )
        with service.ready().collection.snapshot() as snapshot:
            built = timelines.build(snapshot, filters, query.number("page"))
            offers = catalogue.offers(snapshot)
        return HTMLResponse(
            timeline_page(built, filters, offers, tuple(query.unreadable), strings), headers=_PAGE_HEADERS
        )

    @router.get("/changes", include_in_schema=False)
    async def changes_view(request: Request) -> HTMLResponse:
        strings, query = _strings(request), Fields(request)
        topic, since, as_of = query.words("q"), query.day("since"), query.day("as_of")
        topic = clean_question(topic) if topic else ""
        found = None
        if since:
            language = strings.language
            found = await streams.work(lambda: find(topic, since, as_of, language), client_of(request))
        html = changes_page(topic, since, as_of, found, tuple(query.unreadable), strings)
        return HTMLResponse(html, headers=_PAGE_HEADERS)

    return router


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def _strings(request: Request) -> Strings:
    return interface_strings(request.query_params, request.cookies, request.headers.get("accept-language", ""))
