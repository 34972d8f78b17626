"""Documents, answers and questions that attack their readers, on every page of ours, in a real browser."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from hostile import ABSTAIN, OTHER_HOST, Reciter, groups, payloads, write_hostile_documents
from playwright.sync_api import Locator, Page, expect
from serving import STARTUP_S, ThreadedServer, library_settings, type_question

from rag.question import MAX_QUESTION_CHARS
from rag.service import Ready, Service
from rag.web.markup import visible, web_address

# Elements that no answer and no document has a use for.
MARKUP = (
    "script, img, svg, form, input, iframe, object, embed, style, link, meta, base, math, details, video, dialog, "
    "slot, [style], [srcdoc], [srcset], [popover], [onerror], [onload], [onfocus]"
)
UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u00ad\u3164\u2800\u115f\U000e0000-\U000e007f]")


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile_documents(folder / "seeds")
    service = Service(library_settings(folder))
    service.start()
    state = service.wait(STARTUP_S)
    assert isinstance(state, Ready), state
    with state.collection.snapshot() as snapshot:
        documents = [snapshot.document(f"vault-{number}") for number in range(len(groups()))]
    assert None not in documents, service.state
    service._state = Ready(Reciter(documents), state.collection)
    with ThreadedServer(service) as running:
        yield running.url
    service.close()


@pytest.fixture
def visit(open_page: Callable[..., Page], hostile_server: str) -> Callable[[str], Page]:
    """Opens a page of the hostile server; a dialog, a window, a request elsewhere or a refused one fails the test."""

    def opened(path: str = "/") -> Page:
        page = open_page(path, url=hostile_server)
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog said {dialog.message}"))
        page.context.on("page", lambda other: pytest.fail(f"a window opened at {other.url}"))
        return page

    return opened


def questions() -> list[str]:
    """All payloads, in questions of the length that is read."""
    packed = [""]
    for payload in payloads():
        if len(packed[-1]) + len(payload.text) + 1 > MAX_QUESTION_CHARS - 20:
            packed.append("")
        packed[-1] += " " + payload.text
    return packed


def test_there_are_at_least_forty_payloads_of_every_kind_that_is_known() -> None:
    assert len(payloads()) >= 40
    kinds = {payload.name.split("/")[0] for payload in payloads()}
    assert kinds >= {
        "script",
        "handlers",
        "links",
        "forms",
        "beacons",
        "overlays",
        "svg",
        "markdown",
        "templates",
        "unseen",
    }


def test_the_page_shows_attacks_as_text(visit: Callable[[str], Page]) -> None:
    page = visit("/")
    for question in questions():
        type_question(page, question)
    expect(page.locator("#current .source")).to_have_count(len(groups()))
    expect(page.locator("#current .answer")).to_contain_text("<script>window.pwned='script/plain'</script>")
    page.hover("#current .cite >> nth=0")
    is_harmless(page, page.locator(".turn"))
    page.keyboard.press("Escape")
    type_question(page, f"{ABSTAIN} {questions()[0]}")
    is_harmless(page, page.locator(".turn"))
    composer = page.locator("#composer").bounding_box()
    at = [composer["x"] + 40, composer["y"] + composer["height"] / 2]
    assert page.evaluate("at => document.elementFromPoint(...at).closest('#composer') !== null", at)


def test_the_widget_shows_attacks_as_text(visit: Callable[[str], Page]) -> None:
    page = visit("/embed")
    turns = 0
    for question in [*questions(), f"{ABSTAIN} {questions()[0]}"]:
        page.locator("parley-chat textarea").fill(question)
        page.locator("parley-chat textarea").press("Enter")
        page.locator(f".turn >> nth={turns}").locator(".sources").wait_for()
        turns += 1
        is_harmless(page, page.locator(".turn"))
    expect(page.locator(".turn >> nth=0").locator(".sources li")).to_have_count(len(groups()))
    expect(page.locator(".answer >> nth=0")).to_contain_text("<script>window.pwned='script/plain'</script>")
    page.locator(".cite >> nth=0").hover()
    expect(page.locator("#peek")).to_be_visible()
    is_harmless(page, page.locator(".frame"), ours="svg, #peek")
    for part in (".head h2", ".composer textarea"):
        box = page.locator(part).bounding_box()
        at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        met = page.evaluate(
            "at => document.querySelector('parley-chat').shadowRoot.elementFromPoint(...at)?.tagName", at
        )
        assert met == part.rpartition(" ")[2].upper()
    page.reload()
    expect(page.locator(".turn")).to_have_count(turns)  # kept in storage, and shown from there in the same way
    is_harmless(page, page.locator(".turn"))


def test_the_source_pages_show_attacks_as_text(visit: Callable[[str], Page], hostile_server: str) -> None:
    page = visit("/documents/vault-0?start=0&end=12")
    expect(page.locator("mark")).to_have_text("The vault of")
    for number in range(len(groups())):
        page.goto(f"{hostile_server}/documents/vault-{number}?start=0&end=12#span", wait_until="domcontentloaded")
        is_harmless(page, page.locator("body"), ours="script, link")
        assert page.title().endswith("· Parley")


def test_the_address_of_an_answer_and_the_list_of_documents_show_attacks_as_text(
    visit: Callable[[str], Page], hostile_server: str
) -> None:
    answers = [
        httpx.post(f"{hostile_server}/api/ask", json={"question": question}, timeout=60).json()["answer_id"]
        for question in (questions()[0], f"{ABSTAIN} {questions()[1]}")
    ]
    page = visit("/documents")
    is_harmless(page, page.locator("main"), ours="form, input")
    for answer in answers:
        page.goto(f"{hostile_server}/answers/{answer}")
        expect(page.locator("main .sources")).to_be_visible()
        is_harmless(page, page.locator("main"))


def test_markup_in_the_address_is_not_markup_on_the_page(visit: Callable[[str], Page], hostile_server: str) -> None:
    page = visit("/demo?<script>window.pwned='query'</script>")
    for payload in payloads()[::15]:
        query = "&".join(f"{name}={payload.text}" for name in ("heading", "greeting", "starters", "accent", "language"))
        page.goto(f"{hostile_server}/embed?{query}#{payload.text}")
        page.locator("parley-chat textarea").wait_for()
        is_harmless(page, page.locator("parley-chat"), ours="svg, [style]")


LOOK = """(all, markup) => ({
    pwned: window.pwned ?? null,
    markup: all.flatMap(each => [...each.querySelectorAll(markup)].map(found => found.outerHTML)),
    links: all.flatMap(each => [...each.querySelectorAll("a")].map(link => link.href)),
    text: all.map(each => each.innerText).join(" "),
    fixed: all.some(each => [...each.querySelectorAll("*")].some(
        inner => ["fixed", "sticky"].includes(getComputedStyle(inner).position))),
})"""


def is_harmless(page: Page, shown: Locator, ours: str = "") -> None:
    """Nothing ran, no markup but `ours` came through, nothing is fixed over the page, links go to the web only."""
    found = shown.evaluate_all(LOOK, f":is({MARKUP}):not({ours or 'x'})")
    assert found["pwned"] is None
    assert found["markup"] == []
    assert [address for address in found["links"] if not re.match(r"https?://", address)] == []
    assert not UNSEEN.search(found["text"])
    assert not found["fixed"]
    for frame in page.frames[1:]:
        assert frame.evaluate("window.pwned") is None


SHOWN = {
    "the sides \u202eton did\u202c agree": "the sides \ufffdton did\ufffd agree",
    "\u2067\u2066not\u2069": "\ufffdnot\ufffd",
    "Zel\u200bens\u2060ky\u00ad": "Zelensky",
    "agreed\U000e006e\U000e006f": "agreed",
    "\u3164\u2800": "\ufffd",
    "a" + "\u0301" * 20 + "b": "a\u0301\u0301\u0301b",
    "one\n\ttwo\x07\x00": "one\n\ttwo",
    "Українська й 🕊️ e\u0301 עברית": "Українська й 🕊️ e\u0301 עברית",
}


def test_what_could_mislead_is_seen_and_what_cannot_be_seen_is_gone_on_the_pages_and_in_the_widget(
    visit: Callable[[str], Page],
) -> None:
    assert {text: visible(text) for text in SHOWN} == SHOWN
    in_the_widget = "async texts => texts.map((await import('/widget/text.js')).visible)"
    assert visit("/embed").evaluate(in_the_widget, list(SHOWN)) == list(SHOWN.values())


def test_pages_and_widget_link_to_web_addresses_only(visit: Callable[[str], Page]) -> None:
    refused = ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/x", "", None, "x", "ftp://x.example/"]
    in_the_widget = "async texts => texts.map((await import('/widget/text.js')).webAddress)"
    assert visit("/embed").evaluate(in_the_widget, [*refused, "https://x.example/a"]) == [
        *[None] * len(refused),
        "https://x.example/a",
    ]
    assert [web_address(address) for address in refused] == [None] * len(refused)


def test_the_documents_do_name_the_other_host_and_would_ask_it_without_our_care(hostile_server: str, browser) -> None:
    """The test of the tests: the same payloads as raw HTML do run and do ask elsewhere."""
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    ran: list[str] = []
    page.expose_function("tell", lambda name: ran.append(name))
    raw = [
        payload.text.replace(f"window.pwned='{payload.name}'", f"tell('{payload.name}')")
        for payload in payloads()
        if payload.name.startswith(("handlers/", "svg/", "beacons/", "script/plain")) and "refresh" not in payload.name
    ]
    page.set_content("<p>" + "<p>".join(raw), wait_until="commit")
    for _ in range(50):
        if len(set(ran)) >= 5:
            break
        page.wait_for_timeout(100)
    context.close()
    assert len(set(ran)) >= 5
    assert len({url for url in asked if OTHER_HOST in url}) >= 5
