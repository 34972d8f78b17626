"""The reader's features as MCP tools, named as their HTTP routes are and giving the same."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from pydantic import Field

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.names import load_names
from rag.question import clean_question
from rag.reading.changes import ChangeFinder, Changes
from rag.reading.positions import Positions, find_positions
from rag.reading.quotation_index import QuotationFilters, QuotationIndex, QuotationPage
from rag.reading.quotation_questions import as_filters
from rag.reading.sourcing import Sourcing, find_sourcing
from rag.reading.status import StatusReport, find_status
from rag.reading.timeline import Timeline, TimelineFilters, Timelines
from rag.service import Service
from rag.web.mcp_calls import AsOf, client_name, told
from rag.web.streaming import AnswerStreams

MOST_LINES = 200  # of a timeline: a caller reads it whole

Subject = Annotated[str, Field(min_length=1, description="the subject, in a few words")]
FirstDay = Annotated[dt.date | None, Field(description="the first day")]
LastDay = Annotated[dt.date | None, Field(description="the last day")]
Found = TypeVar("Found")


def add_reading_tools(server: MCPServer, service: Service, streams: AnswerStreams) -> None:
    """`timeline`, `changes`, `quotations`, `positions`, `sourcing` and `status`."""
    names = load_names(service.settings.names)
    timelines, index = Timelines(names), QuotationIndex(names)

    async def read(find: Callable[[Snapshot, Embedder], Found], context: Context) -> Found:
        def work() -> Found:
            collection = service.ready().collection
            with collection.snapshot() as snapshot:
                return find(snapshot, collection.embedder)

        return await told(streams.work(work, client_name(context)))

    @server.tool()
    async def timeline(
        context: Context,
        person: str = "",
        place: str = "",
        topic: str = "",
        since: FirstDay = None,
        until: LastDay = None,
        as_of: AsOf = None,
    ) -> Timeline:
        """What the documents tell, by the days that they tell of, each line with its exact words and source."""
        filters = TimelineFilters(person, place, topic, since, until, as_of)
        return await read(lambda snapshot, _: timelines.build(snapshot, filters, size=MOST_LINES), context)

    @server.tool()
    async def changes(
        since: Annotated[dt.date, Field(description="the first day that counts as now")],
        context: Context,
        topic: str = "",
        as_of: AsOf = None,
    ) -> Changes:
        """Claims now beside claims before a day, what is not found again, and the documents that are new."""

        def find(snapshot: Snapshot, embedder: Embedder) -> Changes:
            return ChangeFinder(embedder, names).find(snapshot, _cleaned(topic), since, as_of)

        return await read(find, context)

    @server.tool()
    async def quotations(
        context: Context,
        words: Annotated[str, Field(description="words, or a whole question")] = "",
        speaker: str = "",
        topic: str = "",
        since: FirstDay = None,
        until: LastDay = None,
        as_of: AsOf = None,
    ) -> QuotationPage:
        """What was said, verbatim, with who said it, when and where as the text tells it, and the sentence around."""

        def find(snapshot: Snapshot, embedder: Embedder) -> QuotationPage:
            asked = QuotationFilters(_cleaned(words), "", speaker, topic, since, until, as_of)
            return index.search(snapshot, embedder, as_filters(asked, names, as_of or dt.date.today()))

        return await read(find, context)

    @server.tool()
    async def positions(topic: Subject, context: Context, as_of: AsOf = None) -> Positions:
        """Who says what on a subject, by side, the newest first, and the accounts that do not agree."""
        return await read(
            lambda snapshot, embedder: find_positions(snapshot, clean_question(topic), names, embedder, as_of), context
        )

    @server.tool()
    async def sourcing(
        claim: Annotated[str, Field(min_length=1, description="one sentence")], context: Context, as_of: AsOf = None
    ) -> Sourcing:
        """Which reports say a claim, who published them, and how many of them are independent."""
        return await read(
            lambda snapshot, embedder: find_sourcing(snapshot, clean_question(claim), names, embedder, as_of), context
        )

    @server.tool()
    async def status(topic: Subject, context: Context, as_of: AsOf = None) -> StatusReport:
        """How far something has got: proposed, agreed, signed, denied, lapsed or superseded, as documents say."""
        return await read(
            lambda snapshot, embedder: find_status(snapshot, clean_question(topic), names, embedder, as_of), context
        )


def _cleaned(words: str) -> str:
    return clean_question(words) if words.strip() else ""
