"""Quotes and who says what over HTTP, as pages without a script, and in the page's tab."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Page, expect
from serving import serving
from test_page import serious_violations

TALKS = """\
---
id: talks
title: "Corvin: talks end"
date: 2026-02-03
kind: event
language: en
places: [Geneva]
sources: [{publisher: "Corvin Gazette", title: "Talks end", date: 2026-02-04, url: "https://gazette.example/talks"}]
---
In Geneva on 2 February 2026 Rubio said of the lake islands: "The ball is now in their court." Accounts differ on the \
lake islands: Ushakov spoke of two days, Umerov of three. Lavrov said Russia would leave the lake islands to others.

"<img src=x onerror=window.pwned=1> is what we found," said <script>window.pwned=2</script> Jane Doe.
"""

LATER = """\
---
id: later
title: "Corvin: talks go on"
date: 2026-03-10
kind: event
language: en
sources: []
---
Zelensky said the lake islands are no subject: "We have said everything twice."
"""


@pytest.fixture(scope="module")
def voices_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("voices"), {"talks.md": TALKS, "later.md": LATER}) as url:
        yield url


def test_quotations_over_http_are_verbatim_filtered_and_cut_off(voices_url: str) -> None:
    def quotes(**query: str) -> list[tuple[str, str | None]]:
        response = httpx.get(f"{voices_url}/api/quotations", params=query)
        assert response.status_code == 200, response.text
        return [(one["quote"], one["speaker"]) for one in response.json()["quotations"]]

    ball = ("The ball is now in their court.", "Marco Rubio")
    assert quotes(q="What exactly did Rubio say about the ball?") == [ball]
    assert quotes(speaker="Rubio") == [ball]
    assert quotes(**{"from": "2026-03-01"}) == [("We have said everything twice.", "Volodymyr Zelensky")]
    assert ball in quotes(as_of="2026-03-09")
    assert len(quotes(as_of="2026-03-09")) == len(quotes()) - 1
    one = httpx.get(f"{voices_url}/api/quotations", params={"speaker": "Rubio"}).json()["quotations"][0]
    text = httpx.get(f"{voices_url}/api/documents/talks").json()["text"]
    assert text[one["start"] : one["end"]] == one["quote"]
    assert (one["said_on"], one["place"], one["publisher"]) == ("2026-02-02", "Geneva", "Corvin Gazette")


def test_positions_over_http_name_the_sides_and_the_accounts_that_differ(voices_url: str) -> None:
    found = httpx.get(f"{voices_url}/api/positions", params={"q": "the lake islands"}).json()
    sides = {side["side"]: [one["speaker"] for one in side["positions"]] for side in found["sides"]}
    assert sides["washington"] == ["Marco Rubio"]
    assert sides["kyiv"] == ["Volodymyr Zelensky"]
    assert "Sergey Lavrov" in sides["moscow"]
    (disagreement,) = found["disagreements"]
    assert disagreement["ground"] == "told"
    assert disagreement["accounts"][0]["quote"].startswith("Accounts differ on the lake islands")
    earlier = httpx.get(f"{voices_url}/api/positions", params={"q": "the lake islands", "as_of": "2026-03-01"}).json()
    assert "kyiv" not in {side["side"] for side in earlier["sides"]}
    assert httpx.get(f"{voices_url}/api/positions").status_code == 400


def test_the_pages_need_no_script_and_open_the_source_at_the_words(
    open_page: Callable[..., Page], voices_url: str
) -> None:
    page = open_page("/quotes?q=the+ball&speaker=Rubio&from=nonsense", url=voices_url, java_script_enabled=False)
    expect(page.locator(".quotation")).to_have_count(1)
    expect(page.locator(".quotation")).to_contain_text("Marco Rubio · 2 Feb 2026 · Geneva")
    expect(page.locator(".notice")).to_contain_text("nonsense")
    page.click(".quotation .source-title")
    expect(page.locator("mark")).to_have_text("The ball is now in their court.")
    page.goto(f"{voices_url}/positions?q=the+lake+islands")
    expect(page.locator(".side h2").first).to_have_text("Kyiv")
    expect(page.locator(".disagreement")).to_contain_text("Accounts differ on the lake islands")


def test_what_documents_say_stays_text(open_page: Callable[..., Page], voices_url: str) -> None:
    page = open_page("/quotes", url=voices_url)
    expect(page.locator(".results")).to_contain_text("<img src=x onerror=window.pwned=1> is what we found,")
    assert page.evaluate("window.pwned") is None


def test_the_tab_searches_as_one_types_and_fits_a_phone(open_page: Callable[..., Page], voices_url: str) -> None:
    page = open_page(url=voices_url, width=375)
    page.get_by_role("tab", name="Quotes").click()
    expect(page.locator("#quotes-place .quotation")).to_have_count(3)
    page.fill("#quotes-place input[name=speaker]", "Zelensky")
    expect(page.locator("#quotes-place .quotation")).to_have_count(1)
    expect(page.locator("#quotes-place .quotation")).to_contain_text("We have said everything twice.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert serious_violations(page) == []


def test_a_claim_and_its_sources_and_how_far_it_got_over_http_and_as_pages(
    open_page: Callable[..., Page], voices_url: str
) -> None:
    claim = "Zelensky said the lake islands are no subject."
    found = httpx.get(f"{voices_url}/api/sourcing", params={"q": claim}).json()
    assert [one["document_id"] for one in found["reports"]] == ["later"]
    assert found["reports"][0]["notes"] == ["no_source"]
    assert httpx.get(f"{voices_url}/api/sourcing", params={"q": claim, "as_of": "2026-03-01"}).json()["reports"] == []
    assert httpx.get(f"{voices_url}/api/status", params={"q": "lake islands"}).json()["newest"] is None
    page = open_page(f"/sourcing?{urlencode({'q': claim})}", url=voices_url, java_script_enabled=False)
    expect(page.locator(".line")).to_contain_text("names no source")
    page.goto(f"{voices_url}/status?q=lake+islands")
    expect(page.locator(".found")).to_have_text("The documents have no word on how far this has got.")
    page.goto(f"{voices_url}/documents/talks")
    expect(page.locator("main")).to_contain_text("rests on one publisher")
