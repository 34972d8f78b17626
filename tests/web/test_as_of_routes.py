"""A cut-off holds on every way to an answer, and each says it."""

import json
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect
from serving import RunningServer, type_question
from test_mcp_server import call

QUESTION = "How much is the ticket for the ferry between Arland and Borland?"
AS_OF = "2026-02-10"
TOLD_LATER = ("ferry", "Паром", "вісім крон")  # the id, the title and the words of a document of 20 February


def ask(url: str, **more: object) -> str:
    response = httpx.post(f"{url}/api/ask", json={"question": QUESTION, **more}, timeout=60)
    assert response.status_code == 200
    return response.text


def stream(url: str, **more: object) -> str:
    headers = {"Accept": "text/event-stream"}
    return httpx.post(f"{url}/api/ask", json={"question": QUESTION, **more}, headers=headers, timeout=60).text


def complete(url: str, **more: object) -> str:
    body = {"messages": [{"role": "user", "content": QUESTION}], **more}
    return httpx.post(f"{url}/v1/chat/completions", json=body, timeout=60).text


def search(url: str, **more: str) -> str:
    return httpx.get(f"{url}/api/search", params={"q": QUESTION, **more}, timeout=60).text


def mcp(url: str, **more: object) -> str:
    return json.dumps(call(url, "ask", question=QUESTION, **more).structured_content, ensure_ascii=False)


def mcp_search(url: str, **more: object) -> str:
    return json.dumps(call(url, "search", query=QUESTION, **more).structured_content, ensure_ascii=False)


def timeline(url: str, **more: str) -> str:
    return "".join(
        httpx.get(f"{url}{path}", params=more, timeout=60).text
        for path in ("/api/timeline", "/api/timeline.csv", "/api/timeline.ics", "/timeline")
    )


def changes(url: str, **more: str) -> str:
    query = {"since": "2026-02-01", "q": "паром", **more}
    return "".join(httpx.get(f"{url}{path}", params=query, timeout=60).text for path in ("/api/changes", "/changes"))


def briefing(url: str, **more: str) -> str:
    query = {"topic": "паром", **more}
    written = [
        httpx.get(f"{url}/api/briefing", params={**query, "format": form}, timeout=60).text
        for form in ("json", "markdown", "html")
    ]
    return "".join([*written, httpx.get(f"{url}/briefing", params=query, timeout=60).text]).replace("паром", "")


def mcp_briefing(url: str, **more: object) -> str:
    told = json.dumps(call(url, "briefing", topic="паром", **more).structured_content, ensure_ascii=False)
    return told.replace("паром", "")


@pytest.mark.parametrize(
    "way", [ask, stream, complete, search, mcp, mcp_search, timeline, changes, briefing, mcp_briefing]
)
def test_nothing_later_comes_out(server: RunningServer, way: Callable[..., str]) -> None:
    def told(text: str) -> list[str]:
        without_echo = text.replace(QUESTION, "").replace('value="паром"', "").replace('"topic":"паром"', "")
        return [word for word in TOLD_LATER if word in without_echo]

    assert told(way(server.url))  # it is there without a cut-off
    assert told(way(server.url, as_of=AS_OF)) == []


def test_openai_clients_read_the_cut_off_in_the_text(server: RunningServer) -> None:
    message = json.loads(complete(server.url, as_of=AS_OF))["choices"][0]["message"]
    assert message["content"].endswith("Only documents up to 10 Feb 2026 were read.")
    streamed = complete(server.url, as_of=AS_OF, stream=True)
    assert "Only documents up to 10 Feb 2026 were read." in streamed


def test_the_page_says_the_cut_off_and_shows_nothing_later(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait_for_selector("#question textarea:enabled")
    page.fill("#as-of input", AS_OF)
    type_question(page, QUESTION)
    expect(page.locator("#current")).to_contain_text("10 Feb 2026")
    shown = page.locator("#current").inner_text() + page.locator("#followups").inner_text()
    assert [word for word in TOLD_LATER[1:] if word in shown] == []
