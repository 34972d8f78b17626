"""Briefings over HTTP, as files, as a page without a script, in the page's tab and from the conversation."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from serving import serving, type_question
from test_mcp_server import call
from test_page import serious_violations

from rag.reading.briefing import Briefing

BRIDGE = """\
---
id: bridge
title: "The Corvin bridge, 3 February 2026"
date: 2026-02-03
kind: event
language: en
sources: [{publisher: "Corvin Gazette", title: "Bridge", date: 2026-02-04, url: "https://gazette.example/bridge"}]
---
Rubio said of the Corvin bridge: "The bridge opens when both sides have paid." The Corvin bridge agreement was signed \
on 2 February 2026 by both governments. Lavrov said Russia would not pay for the Corvin bridge. Who guards the Corvin \
bridge remains unresolved.

The <script>window.pwned=1</script> toll for the Corvin bridge is [four](javascript:window.pwned=2) crowns.
"""

EARLIER = """\
---
id: earlier
title: "The Corvin bridge before the talks"
date: 2025-09-01
kind: event
language: en
sources: []
---
The Corvin bridge was closed by both governments in August. Zelensky said the Corvin bridge belongs to the whole valley.
"""


@pytest.fixture(scope="module")
def bridge_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("briefing"), {"bridge.md": BRIDGE, "earlier.md": EARLIER}) as url:
        yield url


def get(url: str, **query: str) -> httpx.Response:
    response = httpx.get(f"{url}/api/briefing", params={"topic": "the Corvin bridge", **query}, timeout=60)
    assert response.status_code == 200, response.text
    return response


def test_as_json_every_section_is_there_and_every_quote_stands_where_it_says(bridge_url: str) -> None:
    made = Briefing.model_validate(get(bridge_url).json())
    texts = {one: httpx.get(f"{bridge_url}/api/documents/{one}").json()["text"] for one in ("bridge", "earlier")}
    assert [one.status for one in made.state_of_play.status] == ["signed"]
    assert {side.side for side in made.positions} >= {"moscow", "kyiv"}
    assert [one.quote for one in made.open_points.unsettled] == ["Who guards the Corvin bridge remains unresolved."]
    assert [(one.speaker, one.quote) for one in made.quotes] == [
        ("Marco Rubio", "The bridge opens when both sides have paid.")
    ]
    assert made.timeline
    assert {one.document_id: one.notes for one in made.sources}["earlier"] == ("no_source",)
    for one in made.citations:
        assert texts[one.document_id][one.start : one.end] == one.quote
    assert sorted(marker for one in made.sources for marker in one.markers) == list(range(1, len(made.citations) + 1))


def test_with_a_cut_off_no_later_document_is_in_it_in_any_form(bridge_url: str) -> None:
    for form in ("json", "markdown", "html"):
        assert "opens when both sides have paid" in get(bridge_url, format=form).text
        earlier = get(bridge_url, format=form, as_of="2026-01-31").text
        assert "belongs to the whole valley" in earlier
        assert "opens when both sides have paid" not in earlier
        assert "2026-02-03" not in earlier


def test_markdown_cites_every_line_and_lets_documents_write_no_markup(bridge_url: str) -> None:
    response = get(bridge_url, format="markdown")
    assert response.headers["content-type"].startswith("text/markdown")
    text = response.text
    assert text.startswith("# Briefing: the Corvin bridge\n")
    told, sources = text.split("## Sources")
    points = [line for line in told.splitlines() if line.startswith("- ") and not line.endswith(":")]
    assert points
    assert all(re.search(r"” \[\d+\]$", line) for line in points)
    assert "document bridge, characters" in sources
    assert "https://gazette.example/bridge" in sources
    assert f"{bridge_url}/documents/bridge" in sources
    assert "<script>" not in text.replace("\\<script>", "")
    assert "[four](" not in text.replace("\\[four\\](", "")


def test_the_file_needs_nothing_else_prints_and_fits_a_phone_in_the_dark(
    open_page: Callable[..., Page], bridge_url: str, tmp_path: Path
) -> None:
    html = get(bridge_url, format="html").text
    assert not re.search(r"<link|<script|@import|url\(", html)
    kept = tmp_path / "briefing.html"
    kept.write_text(html, encoding="utf-8")
    page = open_page("", url=kept.as_uri(), width=375, scheme="dark")
    expect(page.locator("h1")).to_have_text("Briefing: the Corvin bridge")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 24, 27)"
    assert serious_violations(page) == []
    assert page.locator(".line .mark").first.get_attribute("href").startswith(f"{bridge_url}/documents/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 250, 246)"


def test_where_the_documents_are_silent_it_says_so_and_each_section_says_it_has_nothing(bridge_url: str) -> None:
    named = get(bridge_url, topic="Mark Rutte", format="markdown").text
    assert "No document mentions Mark Rutte." in named
    assert "The documents attribute nothing on this to anybody." in named
    assert "Nothing is cited." in named
    strange = get(bridge_url, topic="вакцинація від грипу", format="markdown").text
    assert "Жоден документ не згадує нічого близького до «вакцинація від грипу»." in strange
    assert get(bridge_url, topic="Mark Rutte").json()["silent"] is True


@pytest.mark.parametrize("query", [{"topic": ""}, {"topic": "?!"}, {"topic": "bridge", "format": "pdf"}, {}])
def test_what_cannot_be_made_is_refused(bridge_url: str, query: dict[str, str]) -> None:
    response = httpx.get(f"{bridge_url}/api/briefing", params=query)
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_the_page_needs_no_script_and_opens_the_source_at_the_words(
    open_page: Callable[..., Page], bridge_url: str
) -> None:
    page = open_page("/briefing?topic=the+Corvin+bridge&since=nonsense", url=bridge_url, java_script_enabled=False)
    expect(page.locator("h1")).to_have_text("Briefing: the Corvin bridge")
    expect(page.locator(".notice")).to_contain_text("nonsense")
    expect(page.locator("section.open")).to_contain_text("Who guards the Corvin bridge remains unresolved.")
    page.click("section.open .mark")
    expect(page.locator("mark")).to_have_text("Who guards the Corvin bridge remains unresolved.")


def test_the_tab_makes_a_briefing_with_files_and_a_way_to_print(
    open_page: Callable[..., Page], bridge_url: str
) -> None:
    page = open_page(
        url=bridge_url, width=375, before="window.print = () => { document.documentElement.dataset.printed = 'yes'; }"
    )
    page.get_by_role("tab", name="Briefing").click()
    expect(page.locator("#briefing-place .found")).to_contain_text("Name a subject")
    page.fill("#briefing-place input[name=topic]", "the Corvin bridge")
    page.press("#briefing-place input[name=topic]", "Enter")
    expect(page.locator("#briefing-place section.state")).to_contain_text("signed")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert serious_violations(page) == []
    assert page.evaluate("window.pwned") is None
    with page.expect_download() as saved:
        page.click("#briefing-place .beside a:has-text('Markdown')")
    assert Path(saved.value.path()).read_text(encoding="utf-8").startswith("# Briefing: the Corvin bridge")
    with page.expect_popup() as opened:
        page.click("#briefing-place a.print")
    expect(opened.value.locator("html")).to_have_attribute("data-printed", "yes")


def test_asked_in_the_conversation_the_short_answer_leads_to_the_whole(
    open_page: Callable[..., Page], bridge_url: str
) -> None:
    page = open_page(url=bridge_url)
    type_question(page, "Brief me on the Corvin bridge")
    expect(page.locator("#current .answer")).to_contain_text("the whole briefing, with all sources, is under Briefing")
    assert page.locator("#current .answer .cite").count() >= 2
    with page.expect_popup() as opened:
        page.click("#current a.whole")
    expect(opened.value.locator("h1")).to_have_text("Briefing: the Corvin bridge")


def test_agents_get_it_too(bridge_url: str) -> None:
    made = Briefing.model_validate(call(bridge_url, "briefing", topic="the Corvin bridge").structured_content)
    assert made.citations
    assert call(bridge_url, "briefing", topic=" ").is_error


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_on_a_phone_every_tab_can_be_seen_and_opened(
    open_page: Callable[..., Page], bridge_url: str, language: str
) -> None:
    page = open_page(f"/?lang={language}", url=bridge_url, width=375)
    page.wait_for_selector("#tab-about-button")
    for name in ("documents", "timeline", "quotes", "briefing", "about", "ask"):
        tab = page.locator(f"#tab-{name}-button")
        expect(tab).to_be_in_viewport(ratio=1)
        tab.click()
        expect(page.locator(f"#tab-{name}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
