"""The MCP server with the package's own client."""

import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest
from mcp.client import Client
from serving import RunningServer, completed

from index.settings import Settings
from index.types import Progress
from rag.service import Building, Service
from rag.types import Answer
from rag.web.mcp_server import host_check

QUESTION = "What did the mediator Ilse Brandt say about the exchange of prisoners?"
Result = TypeVar("Result")


def with_client(url: str, work: Callable[[Client], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        async with Client(f"{url}/mcp") as client:
            return await work(client)

    return completed(run())


def call(url: str, tool: str, **arguments: object):
    return with_client(url, lambda client: client.call_tool(tool, arguments))


CLAIM = "The sides had agreed to exchange 120 prisoners."
READING = {"timeline", "changes", "quotations", "positions", "sourcing", "status", "briefing"}


def test_the_tools_say_what_they_take(server: RunningServer) -> None:
    tools = {tool.name: tool for tool in with_client(server.url, lambda client: client.list_tools()).tools}
    assert set(tools) == {"ask", "search", "read_document"} | READING
    assert tools["ask"].input_schema["required"] == ["question"]
    assert set(tools["ask"].input_schema["properties"]) == {"question", "as_of", "history"}
    assert all(tool.description and tool.output_schema for tool in tools.values())


def test_ask_gives_the_answer_with_its_citations(server: RunningServer) -> None:
    result = call(server.url, "ask", question=QUESTION)
    assert not result.is_error
    answer = Answer.model_validate(result.structured_content)
    assert "120 prisoners" in answer.text
    assert answer.answer_id
    assert json.loads(result.content[0].text)["text"] == answer.text


def test_ask_takes_a_cut_off_and_a_history(server: RunningServer) -> None:
    result = call(server.url, "ask", question="And when did she expect it?", history=[QUESTION], as_of="2026-02-10")
    answer = Answer.model_validate(result.structured_content)
    assert answer.standalone_question == f"{QUESTION} And when did she expect it?"
    assert str(answer.coverage.as_of) == "2026-02-10"


def test_what_search_finds_can_be_read(server: RunningServer) -> None:
    passages = call(server.url, "search", query="вывоз зерна через порт", k=2).structured_content["passages"]
    assert len(passages) == 2
    assert passages[0]["document_id"] == "grain"
    document = call(server.url, "read_document", document_id="grain").structured_content
    assert document["text"][passages[0]["start"] : passages[0]["end"]] == passages[0]["quote"]


@pytest.mark.parametrize(
    ("tool", "arguments", "query"),
    [
        ("timeline", {"as_of": "2026-02-10"}, {"as_of": "2026-02-10", "size": "200"}),
        ("changes", {"since": "2026-02-01", "topic": "prisoners"}, {"since": "2026-02-01", "q": "prisoners"}),
        ("quotations", {"words": "prisoners"}, {"q": "prisoners"}),
        ("positions", {"topic": "exchange of prisoners"}, {"q": "exchange of prisoners"}),
        (
            "sourcing",
            {"claim": "The sides had agreed to exchange 120 prisoners."},
            {"q": "The sides had agreed to exchange 120 prisoners."},
        ),
        ("status", {"topic": "exchange of prisoners"}, {"q": "exchange of prisoners"}),
    ],
)
def test_a_reading_tool_gives_what_its_route_gives(
    server: RunningServer, tool: str, arguments: dict[str, str], query: dict[str, str]
) -> None:
    result = call(server.url, tool, **arguments)
    assert not result.is_error, result.content
    assert result.structured_content == httpx.get(f"{server.url}/api/{tool}", params=query).json()


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("status", {"topic": " "}, "empty"),
        ("ask", {"question": " "}, "empty"),
        ("ask", {"question": "a" * 3_000}, "at most"),
        ("read_document", {"document_id": "nothing"}, "holds no document of this name"),
        ("search", {"query": "x", "k": 5_000}, "k"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    server: RunningServer, tool: str, arguments: dict[str, object], words: str
) -> None:
    result = call(server.url, tool, **arguments)
    assert result.is_error
    assert words in result.content[0].text
    assert "Traceback" not in result.content[0].text


def test_while_the_index_is_built_the_tools_say_so(serve: Callable[[Service], str], service: Service) -> None:
    building = Service(service.settings)
    building._state = Building(Progress("embedding", 3, 9))
    result = call(serve(building), "ask", question=QUESTION)
    assert result.is_error
    assert "still being read" in result.content[0].text


LIST_TOOLS = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:7860", "localhost.evil.example"])
def test_a_browser_under_a_strange_name_is_turned_away(server: RunningServer, host: str) -> None:
    response = httpx.post(f"{server.url}/mcp", json=LIST_TOOLS, headers={"Host": host, **ACCEPT})
    assert response.status_code == 421


def test_a_listed_host_is_answered(serve: Callable[[Service], str], service: Service) -> None:
    behind_proxy = Service(service.settings.model_copy(update={"allowed_hosts": "parley.example"}))
    behind_proxy._state = service.state
    response = httpx.post(f"{serve(behind_proxy)}/mcp", json=LIST_TOOLS, headers={"Host": "parley.example", **ACCEPT})
    assert response.status_code == 200
    assert len(response.json()["result"]["tools"]) == 10


@pytest.mark.parametrize(
    ("host", "allowed", "checked"),
    [
        ("127.0.0.1", None, True),
        ("localhost", None, True),
        ("::1", None, True),
        ("0.0.0.0", None, False),
        ("192.0.2.7", None, False),
        ("0.0.0.0", "parley.example", True),
    ],
)
def test_hosts_are_checked_where_the_names_are_known(
    settings: Settings, host: str, allowed: str | None, checked: bool
) -> None:
    changed = settings.model_copy(update={"host": host, "allowed_hosts": allowed})
    assert host_check(changed).enable_dns_rebinding_protection is checked
