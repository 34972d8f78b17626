"""The timeline and what changed over HTTP, as pages, and in the page's tab."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import httpx
from icalendar import Calendar
from playwright.sync_api import Page, expect
from serving import RunningServer
from test_page import serious_violations

LAKE_OPENING = "Delegations of Arland and Borland met at the lake hotel in Corvin on 3 February 2026."


def test_the_timeline_over_http_is_filtered_and_cut_off(server: RunningServer) -> None:
    def lines(**query: str) -> list[dict]:
        response = httpx.get(f"{server.url}/api/timeline", params=query)
        assert response.status_code == 200, response.text
        return response.json()["entries"]

    assert [line["document_id"] for line in lines()] == ["lake-conference", "ferry"]
    assert [line["quote"] for line in lines(to="2026-02-10")] == [LAKE_OPENING]
    assert [line["document_id"] for line in lines(**{"from": "2026-02-10"})] == ["ferry"]
    assert [line["document_id"] for line in lines(as_of="2026-02-19")] == ["lake-conference"]
    assert lines(as_of="2025-01-01") == []


def test_a_timeline_can_be_saved(server: RunningServer) -> None:
    rows = list(csv.DictReader(io.StringIO(httpx.get(f"{server.url}/api/timeline.csv").text)))
    assert [row["document_id"] for row in rows] == ["lake-conference", "ferry"]
    saved = httpx.get(f"{server.url}/api/timeline.ics", params={"as_of": "2026-02-10"})
    assert saved.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(saved.content).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [dt.date(2026, 2, 3)]
    assert httpx.get(f"{server.url}/api/timeline.exe").status_code == 400


def test_what_changed_over_http_has_nothing_after_the_cut_off(server: RunningServer) -> None:
    query = {"since": "2026-02-01", "q": "prisoners", "as_of": "2026-02-10"}
    changes = httpx.get(f"{server.url}/api/changes", params=query).json()
    assert changes["changed"]
    assert {change["now"]["document_id"] for change in changes["changed"]} == {"lake-conference"}
    assert {one["id"] for one in changes["new_documents"]} == {"lake-conference", "grain"}
    assert httpx.get(f"{server.url}/api/changes").status_code == 400


def test_the_pages_need_no_script_and_say_the_cut_off(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/timeline?as_of=2026-02-10&from=nonsense", java_script_enabled=False)
    expect(page.locator(".line")).to_have_count(1)
    expect(page.locator(".found")).to_contain_text("up to 10 Feb 2026")
    expect(page.locator(".notice")).to_contain_text("nonsense")
    page.fill("input[name=as_of]", "")
    page.click(".filters button")
    expect(page.locator(".line")).to_have_count(2)
    page.goto(page.url.split("/timeline")[0] + "/changes?since=2026-02-01&q=prisoners")
    expect(page.locator(".pair").first).to_contain_text("exchange 120 prisoners")


def test_the_tab_shows_the_timeline_on_a_phone_and_what_is_new_since_the_last_visit(
    open_page: Callable[..., Page],
) -> None:
    visited = """try { localStorage.setItem("parley-visits", '{"today": "2026-02-15"}'); } catch {}"""
    page = open_page(width=375, before=visited)
    page.wait_for_selector("#tab-timeline-button, button:has-text('Timeline')", state="attached")
    page.get_by_role("tab", name="Timeline").click()
    expect(page.locator("#timeline-place .line")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert serious_violations(page) == []
    page.fill("#timeline-place input[name=to]", "2026-02-10")
    expect(page.locator("#timeline-place .line")).to_have_count(1)
    page.click("#timeline-place a.what-changed")
    page.wait_for_url("**/changes?since=2026-02-15")
    expect(page.locator(".entry").first).to_be_visible()
