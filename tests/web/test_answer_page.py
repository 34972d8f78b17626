"""An answer under its own address, and what it says when the documents have changed since."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from library import LAKE
from playwright.sync_api import Page, expect
from serving import STARTUP_S, RunningServer, ThreadedServer, library_settings
from test_page import QUESTION, serious_violations

from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from rag.service import Ready, Service


def ask(url: str, question: str = QUESTION) -> dict:
    return httpx.post(f"{url}/api/ask", json={"question": question}, timeout=60).json()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[str, Settings]]:
    """A server over documents that the test may change."""
    settings = library_settings(tmp_path)
    service = Service(settings)
    service.start()
    assert isinstance(service.wait(STARTUP_S), Ready), service.state
    with ThreadedServer(service) as running:
        yield running.url, settings
    service.close()


def test_the_page_says_what_the_answer_was_made_from(server: RunningServer) -> None:
    answer = ask(server.url)
    page = httpx.get(f"{server.url}/answers/{answer['answer_id']}")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert QUESTION in page.text
    assert f"Answered by the extractive answerer from version {answer['index_version']} of the index." in page.text
    assert "The collection has not changed since." in page.text
    assert "Asked on " in page.text


def test_an_unknown_answer_is_a_404_page(server: RunningServer) -> None:
    page = httpx.get(f"{server.url}/answers/nothing")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "No answer of this id is stored" in page.text


def test_the_page_says_which_documents_changed_or_went(own: tuple[str, Settings], embedder: Embedder) -> None:
    url, settings = own
    answer = ask(url)
    address = f"{url}/answers/{answer['answer_id']}"
    (settings.seeds / "grain.md").unlink()
    sync(settings, embedder)
    page = httpx.get(address).text
    assert "every quoted document still holds the words" in page
    (settings.seeds / "lake.md").write_text(LAKE.replace("120 prisoners", "130 prisoners"), encoding="utf-8")
    sync(settings, embedder)
    page = httpx.get(address).text
    assert "Changed since: Corvin, 3 February 2026: delegations meet at the lake." in page
    assert "120 prisoners" in page
    (settings.seeds / "lake.md").unlink()
    sync(settings, embedder)
    assert "No longer in the collection: Corvin, 3 February 2026" in httpx.get(address).text


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_a_stored_answer_can_be_read_and_followed(
    open_page: Callable[..., Page], server: RunningServer, width: int, scheme: str
) -> None:
    page = open_page(f"/answers/{ask(server.url)['answer_id']}", width=width, scheme=scheme)
    expect(page.locator("h1")).to_have_text(QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert serious_violations(page) == []
    with page.context.expect_page() as opened:
        page.locator(".cite").first.click()
    expect(opened.value.locator("mark")).to_be_in_viewport()
