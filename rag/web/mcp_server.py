"""An MCP server at `/mcp` (streamable HTTP, no sessions): `ask`, `search`, `read_document` and the reading tools.

A browser that was led here under a strange name (DNS rebinding) is turned away by the Host header: while the server
listens on this machine only, it answers to this machine's own names and to those of PARLEY_ALLOWED_HOSTS.
"""

import datetime as dt
import ipaddress
from contextlib import AbstractAsyncContextManager
from typing import Annotated

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import Field
from starlette.routing import BaseRoute

from index.settings import Settings
from index.types import Document
from rag.question import clean_question
from rag.reading.briefing import Brief, Briefing, Briefings
from rag.service import Service
from rag.types import Answer, Question
from rag.web.api import MAX_PASSAGES, SearchResults, find_document, found
from rag.web.briefing import written
from rag.web.mcp_calls import AsOf, client_name, told
from rag.web.mcp_reading import add_reading_tools
from rag.web.streaming import AnswerStreams

_INSTRUCTIONS = (
    "Answers about the US-brokered talks between Ukraine and Russia, from dated, sourced documents only. Every "
    "sentence of an answer has a marker, and every marker a citation with the exact words, publisher and date. A "
    "status of `abstained` means that the documents do not say; `coverage.newest` tells how current they are."
)


class McpServer:
    """The routes to add to the application, and what has to run as long as it does."""

    def __init__(self, service: Service, streams: AnswerStreams, briefings: Briefings) -> None:
        self._server = MCPServer("parley", title="Parley", instructions=_INSTRUCTIONS)
        _add_tools(self._server, service, streams)
        _add_briefing(self._server, service, streams, briefings)
        add_reading_tools(self._server, service, streams)
        self._app = self._server.streamable_http_app(
            stateless_http=True, json_response=True, transport_security=host_check(service.settings)
        )

    @property
    def routes(self) -> list[BaseRoute]:
        return self._app.routes

    def running(self) -> AbstractAsyncContextManager[None]:
        """Once for each server."""
        return self._server.session_manager.run()


def _add_tools(server: MCPServer, service: Service, streams: AnswerStreams) -> None:
    @server.tool()
    async def ask(
        question: Annotated[str, Field(description="in any language of the documents")],
        context: Context,
        as_of: AsOf = None,
        history: Annotated[tuple[str, ...], Field(description="earlier questions, the oldest first")] = (),
    ) -> Answer:
        """Answer a question about the talks, every sentence cited, or say that the documents do not."""

        async def work() -> Answer:
            asked = Question(
                question=clean_question(question),
                history=tuple(clean_question(earlier) for earlier in history),
                as_of=as_of,
            )
            return await streams.answer(service.ready().assistant, asked, client_name(context))

        return await told(work())

    @server.tool()
    async def search(
        query: str,
        context: Context,
        k: Annotated[int, Field(ge=1, le=MAX_PASSAGES)] = 10,
        as_of: AsOf = None,
    ) -> SearchResults:
        """Find the passages of the documents that are nearest to a query, best first."""

        async def work() -> SearchResults:
            words = clean_question(query)
            passages = await streams.search(service.ready().assistant, words, k, as_of, client_name(context))
            return found(passages)

        return await told(work())

    @server.tool()
    async def read_document(document_id: str) -> Document:
        """Read one whole document, by the document_id of a citation or passage."""

        async def work() -> Document:
            return find_document(service, document_id)

        return await told(work())


def _add_briefing(server: MCPServer, service: Service, streams: AnswerStreams, briefings: Briefings) -> None:
    @server.tool()
    async def briefing(
        topic: Annotated[str, Field(description="the subject, in any language of the documents")],
        context: Context,
        as_of: AsOf = None,
        since: Annotated[dt.date | None, Field(description="count what changed from this day")] = None,
    ) -> Briefing:
        """Everything on one subject: state of play, positions, changes, open points, quotes, timeline, sources."""

        async def work() -> Briefing:
            brief = Brief(clean_question(topic), as_of, since)
            return await streams.work(lambda: written(service, briefings, brief), client_name(context))

        return await told(work())


def host_check(settings: Settings) -> TransportSecuritySettings:
    """Which Host headers are answered. Origins are no business of this check: the origin gate sees to them."""
    listed = [host.strip() for host in (settings.allowed_hosts or "").split(",") if host.strip()]
    if not listed and not _only_this_machine(settings.host):
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    hosts = ["127.0.0.1", "localhost", "[::1]", *listed]
    return TransportSecuritySettings(
        allowed_hosts=[*hosts, *(f"{host}:*" for host in hosts)],
        allowed_origins=[
            f"{scheme}://{host}{port}" for scheme in ("http", "https") for host in hosts for port in ("", ":*")
        ],
    )


def _only_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
