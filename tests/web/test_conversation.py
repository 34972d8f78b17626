"""A conversation in the browser: kept, gone back to, asked again, edited, copied, exported, judged, cut off."""

import json
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from serving import RunningServer, ThreadedServer, type_question
from test_page import QUESTION, Unhurried, serious_violations

from rag.records import Records
from rag.service import Ready, Service

pytestmark = pytest.mark.browser

Ask = Callable[..., Page]
ISLANDS = "What was agreed about the islands?"


def answer_id(page: Page) -> str:
    return page.locator("#current .permalink").get_attribute("href").removeprefix("/answers/")


def test_a_reload_brings_the_conversation_back_and_it_goes_on(ask: Ask) -> None:
    page = ask(QUESTION)
    type_question(page, ISLANDS)
    expect(page.locator("#transcript .question")).to_have_text([QUESTION])
    page.wait_for_url("**/?conversation=*")
    page.reload()
    expect(page.locator("#transcript .question")).to_have_text([QUESTION])
    expect(page.locator("#current .question")).to_have_text(ISLANDS)
    expect(page.locator("#starters")).to_be_hidden()
    type_question(page, "And when is the next round?")
    expect(page.locator("#transcript .question")).to_have_text([QUESTION, ISLANDS])


def test_a_server_that_goes_away_during_an_answer_costs_neither_question_nor_conversation(
    browser: Browser, service: Service
) -> None:
    slow = Service(service.settings)
    slow._state = service.state
    page = browser.new_page()
    with ThreadedServer(slow) as first:
        page.goto(first.url)
        type_question(page, QUESTION)
        slow._state = Ready(Unhurried(service.ready().assistant, 1.0), service.ready().collection)
        page.fill("#question textarea", ISLANDS)
        page.press("#question textarea", "Enter")
        expect(page.locator("#current .waiting")).to_be_visible()
    expect(page.locator("body > [role=status]")).to_contain_text("The server does not answer", timeout=20_000)
    slow._state = service.state
    with ThreadedServer(slow, port=int(first.url.rsplit(":", 1)[1])):
        field = page.locator("#question textarea")
        expect(field).to_have_value(ISLANDS, timeout=30_000)
        expect(page.locator("#current .question")).to_have_text(QUESTION)
        field.press("Enter")
        expect(page.locator("#current .question")).to_have_text(ISLANDS, timeout=20_000)
        expect(page.locator("#current .standing")).to_be_visible(timeout=20_000)
        expect(page.locator("#transcript .question")).to_have_text([QUESTION])
        page.close()


def test_asking_again_takes_the_place_of_the_answer(ask: Ask, server: RunningServer) -> None:
    page = ask(QUESTION)
    before = answer_id(page)
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("#current .permalink")).not_to_have_attribute("href", f"/answers/{before}")
    expect(page.locator("#current .question")).to_have_text(QUESTION)
    expect(page.locator("#transcript .turn")).to_have_count(0)
    assert httpx.get(f"{server.url}/answers/{before}").status_code == 200
    page.reload()
    expect(page.locator("#current .question")).to_have_text(QUESTION)
    expect(page.locator(".turn")).to_have_count(1)


def test_the_last_question_can_be_edited(ask: Ask) -> None:
    page = ask(QUESTION)
    type_question(page, "What was agreed about the mountains?")
    page.get_by_role("button", name="Edit the question").click()
    field = page.locator("#question textarea")
    expect(field).to_have_value("What was agreed about the mountains?")
    field.fill(ISLANDS)
    field.press("Enter")
    expect(page.locator("#current .question")).to_have_text(ISLANDS)
    page.wait_for_selector("#current .permalink")
    expect(page.locator("#transcript .question")).to_have_text([QUESTION])
    expect(page.get_by_role("button", name="Edit the question")).to_be_visible()


def test_editing_can_be_left(ask: Ask) -> None:
    page = ask(QUESTION)
    page.get_by_role("button", name="Edit the question").click()
    page.get_by_role("button", name="Keep the question").click()
    expect(page.locator("#question textarea")).to_have_value("")
    type_question(page, ISLANDS)
    expect(page.locator("#transcript .question")).to_have_text([QUESTION])


def test_the_conversations_of_this_browser_are_listed_opened_and_deleted(ask: Ask, server: RunningServer) -> None:
    page = ask(QUESTION)
    page.wait_for_url("**/?conversation=*")
    first = page.url
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_url(f"{server.url}/")
    type_question(page, ISLANDS)
    page.wait_for_url("**/?conversation=*")
    page.get_by_role("button", name="Conversations").click()
    dialog = page.get_by_role("dialog", name="Conversations")
    expect(dialog.locator("li a")).to_have_text([ISLANDS, QUESTION])
    assert serious_violations(page) == []
    dialog.get_by_role("link", name=QUESTION).click()
    page.wait_for_url(first)
    expect(page.locator("#current .question")).to_have_text(QUESTION)
    kept = answer_id(page)
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name=f"Delete the conversation “{ISLANDS}”").click()
    expect(dialog.locator("li a")).to_have_text([QUESTION])
    page.get_by_role("button", name=f"Delete the conversation “{QUESTION}”").click()
    page.wait_for_url(f"{server.url}/")
    expect(page.locator(".turn")).to_have_count(0)
    assert httpx.get(f"{server.url}/answers/{kept}").status_code == 404


def test_everything_works_where_storage_is_denied(open_page: Callable[..., Page], browser: Browser, server) -> None:
    denied = """for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });"""
    page = open_page(before=denied)
    type_question(page, QUESTION)
    page.wait_for_url("**/?conversation=*")
    page.get_by_role("button", name="Conversations").click()
    expect(page.locator("#history li a")).to_have_text([QUESTION])
    expect(page.locator("#history .history-note")).to_contain_text("keeps nothing for this page")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Switch to dark colours").click()
    page.reload()
    expect(page.locator("#current .question")).to_have_text(QUESTION)


def test_the_answer_is_copied_with_its_sources(ask: Ask, server: RunningServer) -> None:
    page = ask(QUESTION, permissions=["clipboard-read", "clipboard-write"])
    page.locator("#current").get_by_role("button", name="Copy").click()
    expect(page.locator("#current .copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(QUESTION)
    assert "exchange 120 prisoners. [1]" in copied
    assert "[1] Corvin, 3 February 2026: delegations meet at the lake, Corvin Gazette · 3 Feb 2026" in copied
    assert "https://gazette.example/lake" in copied
    assert copied.endswith(f"{server.url}/answers/{answer_id(page)}")


def test_a_conversation_is_exported_as_markdown_and_as_json(ask: Ask) -> None:
    page = ask(QUESTION)
    type_question(page, ISLANDS)
    files = {}
    for name in ("Markdown", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        files[name] = download.value
    text = files["Markdown"].path().read_text(encoding="utf-8")
    assert files["Markdown"].suggested_filename.endswith(".md")
    assert text.index(f"## {QUESTION}") < text.index(f"## {ISLANDS}")
    assert "> The mediator Ilse Brandt said the sides had agreed to exchange 120 prisoners." in text
    assert "https://gazette.example/lake (Publishers who say so, at most: 2)" in text
    answers = json.loads(files["JSON"].path().read_text(encoding="utf-8"))["answers"]
    assert [answer["question"] for answer in answers] == [QUESTION, ISLANDS]
    assert answers[0]["citations"]


def test_a_thumb_and_a_comment_reach_the_records(ask: Ask, server: RunningServer) -> None:
    page = ask(QUESTION)
    page.get_by_role("button", name="Not helpful").click()
    expect(page.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("What should be better?").fill("It names no day.")
    assert serious_violations(page) == []
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#current .verdict-note")).to_have_text("Thank you, that is noted.")
    given = {one.stored.id: one for one in Records(server.service.settings.database).feedback()}
    assert (given[answer_id(page)].rating, given[answer_id(page)].comment) == ("down", "It names no day.")


def test_a_cut_off_date_is_kept_to_and_named(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait_for_selector("#question textarea:enabled")
    date = page.get_by_label("As of")
    expect(date).to_have_attribute("type", "date")
    date.focus()
    page.keyboard.type("01152026")
    expect(date).to_have_value("2026-01-15")
    type_question(page, "What happened with grain in the port of Corvin?")
    expect(page.locator("#current .standing")).to_contain_text("Only documents up to 15 Jan 2026 were read.")
    assert page.locator("#current .source .byline").all_inner_texts()
    for byline in page.locator("#current .source .byline").all_inner_texts():
        assert "Feb 2026" not in byline


def test_what_the_documents_answer_next_is_asked_by_a_click(ask: Ask) -> None:
    page = ask("What did Witkoff say about the lake?")
    chip = page.locator("#followups .chip").first
    text = chip.inner_text()
    chip.click()
    expect(page.locator("#current .question")).to_have_text(text)
    page.wait_for_selector("#current .standing")
