"""The page in a real browser: ask, read, follow a citation; by keyboard, on a phone, in the dark, under attack."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from serving import type_question

from index.types import Progress
from rag.assistant import Assistant
from rag.service import Building, Failed, Ready, Service
from rag.types import Event, Question

pytestmark = pytest.mark.browser

QUESTION = "What did the mediator Ilse Brandt say about the exchange of prisoners?"
MARKUP = "script, img, svg, form, input, iframe, style, link, meta, base, math, details, video, [style]"
Ask = Callable[..., Page]


def test_a_question_gets_an_answer_whose_citation_opens_the_source_at_the_words(ask: Ask) -> None:
    page = ask(QUESTION)
    expect(page.locator("#current .answer")).to_contain_text("120 prisoners")
    expect(page.locator("#current .source").first).to_contain_text("Corvin Gazette · 3 Feb 2026")
    expect(page.locator("#current .standing")).to_contain_text("The collection ends 20 Feb 2026")
    cite = page.locator("#current .answer p", has_text="120 prisoners").locator(".cite").first
    quote = page.locator(f'#current .quote:has(a[href="{cite.get_attribute("href")}"]) blockquote').inner_text()
    cite.click()
    mark = page.frame_locator("#reader iframe").locator("mark")
    expect(mark).to_have_text(quote)
    expect(mark).to_be_in_viewport()
    assert mark.evaluate("mark => getComputedStyle(mark).backgroundColor") == "rgb(251, 233, 166)"


def test_every_shown_marker_is_a_link_and_every_quotation_has_one(ask: Ask) -> None:
    page = ask(QUESTION)
    shown = page.locator("#current .answer .marker").all_inner_texts()
    listed = page.locator("#current .number").evaluate_all("all => all.map(a => a.lastChild.textContent)")
    assert shown
    assert set(shown) == set(listed)


def test_hovering_over_a_citation_shows_quote_publisher_and_date(ask: Ask) -> None:
    page = ask(QUESTION)
    page.hover("#current .cite")
    peek = page.locator("#peek")
    expect(peek).to_be_visible()
    expect(peek.locator(".peek-byline")).to_have_text("Corvin Gazette · 3 Feb 2026")
    assert peek.locator(".peek-quote").inner_text() in page.locator("#current .quote").first.inner_text()


def test_a_conversation_works_by_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait_for_selector("#question textarea:enabled")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip link
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#current .standing")
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.cite')"):
            break
    expect(page.locator(".cite:focus")).to_have_count(1)
    expect(page.locator("#peek")).to_be_visible()
    assert page.locator(".cite:focus").evaluate("cite => getComputedStyle(cite).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#reader")).to_be_visible()
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator(".cite:focus")).to_have_count(1)


def test_a_finished_answer_is_told_to_screen_readers(ask: Ask) -> None:
    page = ask(QUESTION)
    expect(page.locator("body > [role=status]")).to_contain_text("120 prisoners")


def test_on_a_phone_nothing_is_wider_than_the_screen_and_citations_open_a_tab(ask: Ask) -> None:
    page = ask(QUESTION, width=375)
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    with page.context.expect_page() as opened:
        page.locator("#current .cite").first.click()
    expect(opened.value.locator("mark")).to_be_in_viewport()
    assert opened.value.evaluate("document.documentElement.scrollWidth") == 375


def test_no_width_scrolls_sideways(ask: Ask) -> None:
    page = ask(QUESTION)
    for width in (320, 600, 768, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_axe_finds_no_serious_problem(ask: Ask, width: int, scheme: str) -> None:
    page = ask(QUESTION, width=width, scheme=scheme)
    type_question(page, "???")
    if width == 1280:
        page.locator(".cite").first.click()
        page.frame_locator("#reader iframe").locator("mark").wait_for()
    assert serious_violations(page) == []


def test_axe_finds_no_serious_problem_on_the_empty_page_and_the_source_page(open_page: Callable[..., Page]) -> None:
    empty = open_page()
    empty.wait_for_selector("#starters .chip")
    assert serious_violations(empty) == []
    assert serious_violations(open_page("/documents/lake-conference?start=0&end=10")) == []


def test_the_theme_switch_overrides_the_system_and_is_remembered(open_page: Callable[..., Page]) -> None:
    page = open_page(scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.get_by_role("button", name="Switch to light colours").click()
    light = page.evaluate(paper)
    assert light != dark
    page.reload()
    assert page.evaluate(paper) == light


def test_a_foreign_quotation_keeps_its_language_and_names_it(ask: Ask) -> None:
    page = ask("Скільки коштує квиток на паром між Арландією та Борландією?")
    source = page.locator("#current .source", has_text="Вісник")
    expect(source.locator(".byline")).to_have_text("Вісник · 20 Feb 2026 · in Ukrainian")
    expect(source.locator("blockquote").first).to_have_attribute("lang", "uk")


def test_hostile_documents_run_nothing_request_nothing_and_cover_nothing(ask: Ask, hostile_url: str) -> None:
    page = ask("How many crowns does the treasury of Zembla hold? <img src=x onerror=window.pwned=99>", url=hostile_url)
    expect(page.locator("#current .source-title")).to_contain_text("<img src=x onerror=window.pwned=1>Zembla")
    page.hover("#current .cite")
    page.locator("#current .cite").first.click()
    frame = page.frame_locator("#reader iframe")
    expect(frame.locator("main")).to_contain_text("<script>window.pwned=9</script>")
    page.keyboard.press("Escape")
    # A name that the documents don't mention: the abstention shows whole passages.
    type_question(page, "What did Zelensky say about Zembla?")
    expect(page.locator("#current .nearest")).to_contain_text("<script>window.pwned=9</script>")
    page.locator("#current .source-title").first.click()
    frame.locator("mark").first.wait_for()
    assert frame.locator("body").evaluate("() => window.pwned") is None
    assert frame.locator(f"main :is({MARKUP})").count() == 0
    for address in frame.locator("a").evaluate_all("all => all.map(a => a.href)"):
        assert re.match(r"https?://", address), address
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Conversations").click()
    expect(page.locator("#history li")).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Documents").click()
    expect(page.locator("#catalogue-place .source-title")).to_contain_text("<img src=x onerror=window.pwned=1>Zembla")
    page.get_by_role("tab", name="Ask", exact=True).click()
    page.wait_for_timeout(300)  # whatever would load or run had its chance
    assert page.evaluate("window.pwned") is None
    for place in (".turn", "#history", "#catalogue-place .results"):
        assert page.locator(f"{place} :is({MARKUP})").count() == 0
        for address in page.locator(f"{place} a").evaluate_all("all => all.map(a => a.href)"):
            assert re.match(r"https?://", address), address
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.locator("body").inner_text())
    assert page.evaluate("document.elementFromPoint(640, 750).closest('#composer') !== null")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("", "The question is empty"),
        ("word " * 4_000, "The question has 19,999 characters and at most 2,000 are read"),
        ("\u0000\u0007\u200b", "The question is empty"),
        ("?!…", "The question has no letters or digits"),
    ],
    ids=["empty", "too long", "control characters", "no words"],
)
def test_a_question_that_cannot_be_asked_gets_one_sentence(ask: Ask, question: str, sentence: str) -> None:
    page = ask(question)
    expect(page.locator("#current .notice")).to_have_count(1)
    expect(page.locator("#current .notice")).to_contain_text(sentence)
    assert page.locator("#current .turn").inner_text().count("word") <= 41


def test_a_new_conversation_starts_empty(ask: Ask) -> None:
    page = ask(QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#starters .chip").first).to_be_visible()


class Unhurried:
    """The real assistant, with a pause before each event."""

    def __init__(self, assistant: Assistant, pause_s: float) -> None:
        self.answerer, self.model = assistant.answerer, assistant.model
        self._assistant = assistant
        self._pause_s = pause_s

    def stream(self, question: Question) -> Iterator[Event]:
        for event in self._assistant.stream(question):
            time.sleep(self._pause_s)
            yield event


def test_an_answer_is_shown_as_it_is_written_and_can_be_stopped(
    open_page: Callable[..., Page], serve: Callable[[Service], str], service: Service
) -> None:
    slow = Service(service.settings)
    slow._state = Ready(Unhurried(service.ready().assistant, 0.2), service.ready().collection)
    page = open_page(url=serve(slow))
    page.wait_for_selector("#question textarea:enabled")
    page.fill("#question textarea", QUESTION)
    page.press("#question textarea", "Enter")
    expect(page.locator("#current .waiting")).to_be_visible()
    expect(page.locator("#current .unfinished")).to_contain_text("Brandt")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#current .notice")).to_have_text("Stopped before the answer was complete.")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    page.wait_for_timeout(500)  # nothing more arrives
    expect(page.locator("#current .unfinished")).to_have_count(0)
    slow._state = service.state
    page.fill("#question textarea", QUESTION)
    page.press("#question textarea", "Enter")
    expect(page.locator("#current #turn-1 .standing")).to_be_visible()


def test_an_example_question_is_asked_by_clicking_it(open_page: Callable[..., Page]) -> None:
    page = open_page()
    chip = page.locator("#starters .chip").first
    text = chip.inner_text()
    chip.click()
    expect(page.locator("#current .question")).to_have_text(text)
    page.wait_for_selector("#current :is(.standing, .abstention)")


def test_earlier_turns_stay_while_the_next_is_answered(ask: Ask) -> None:
    page = ask(QUESTION)
    type_question(page, "What was agreed about the islands?")
    expect(page.locator("#transcript .turn")).to_have_count(1)
    expect(page.locator("#current #turn-2")).to_have_count(1)


def test_while_the_index_is_built_the_page_counts_and_then_lets_one_ask(
    open_page: Callable[..., Page], serve: Callable[[Service], str], service: Service
) -> None:
    building = Service(service.settings)
    page = open_page(url=serve(building))
    expect(page.locator("#status")).to_contain_text("Parley is starting")
    expect(page.locator("#question textarea")).to_be_disabled()
    for done in (3, 7):
        building._state = Building(Progress("embedding", done, 9))
        expect(page.locator("#status .count")).to_have_text(f"Embedding: {done} of 9")
    building._state = Building(Progress("embedding", 8, 900, 4.0, 223.0))
    expect(page.locator("#status .count")).to_have_text("Embedding: 8 of 900, 4.0 a second, about 3:43 left")
    building._state = service.state
    expect(page.locator("#question textarea")).to_be_enabled()
    expect(page.locator("#status .building")).to_have_count(0)
    expect(page.locator("#coverage")).to_contain_text("3 documents, 10 Jan 2026 to 20 Feb 2026")


def test_a_server_that_cannot_answer_says_why_in_one_sentence(
    open_page: Callable[..., Page], serve: Callable[[Service], str], service: Service
) -> None:
    failed = Service(service.settings)
    failed._state = Failed("storage", "The disk is full; free some space and start Parley again.")
    page = open_page(url=serve(failed))
    expect(page.locator("#status .failure .notice")).to_have_text(failed._state.message)
    expect(page.locator("#question textarea")).to_be_disabled()


def test_the_first_load_stays_small(browser, server) -> None:
    context = browser.new_context()
    page = context.new_page()
    sizes: list[float] = []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(server.url)
    page.wait_for_selector("#question textarea:enabled")
    context.close()
    assert sum(sizes) < 400_000


def serious_violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {violation['nodes'][0]['html']}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
    ]
