"""The widget on other people's pages, in a real browser: another port, another name, a phone, without storage."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from host_site import HostSite, embedding
from playwright.sync_api import Browser, BrowserContext, Page, expect
from serving import ROOT, ThreadedServer

from index.types import Progress
from rag.assistant import Assistant
from rag.records import Records
from rag.service import Building, Ready, Service
from rag.types import Event, Question

pytestmark = pytest.mark.browser

QUESTION = "What did the mediator Ilse Brandt say about the exchange of prisoners?"
STORAGE_REFUSAL = "() => { try { sessionStorage.length } catch (error) { return error.name } }"
NONSENSE = ["{", '{"turns": 5}', '{"turns": [null, {"question": 3}, {"question": "q", "answer": {"text": 1}}]}']
UNKNOWN = "What did Zelensky say about the treasury of Zembla?"


@pytest.fixture(scope="module")
def news() -> Iterator[HostSite]:
    with HostSite() as site:
        yield site


@pytest.fixture(scope="module")
def port(news: HostSite, service: Service) -> Iterator[int]:
    """The port of a server that two origins of `news` may use."""
    open_service = Service(
        service.settings.model_copy(update={"allowed_origins": f"{news.url()},{news.url('news.test')}"})
    )
    open_service._state = service.state
    with ThreadedServer(open_service) as running:
        yield int(running.url.rpartition(":")[2])


@pytest.fixture
def server(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def browse(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh context; afterwards nothing had asked another server or left a cookie."""
    contexts: list[BrowserContext] = []
    asked: set[str] = set()

    def opened(address: str, *, width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        context.on("request", lambda request: asked.add(request.url))
        page = context.new_page()
        page.goto(address)
        return page

    yield opened
    cookies = [context.cookies() for context in contexts]
    for context in contexts:
        context.close()
    assert not [url for url in asked if not re.match(r"http://(127\.0\.0\.1|[\w.-]+\.test):\d+/", url)]
    assert not any(cookies)


def put(page: Page, question: str) -> None:
    """Types a question into the widget and waits until something stands under it."""
    turns = page.locator(".turn").count()
    page.locator("parley-chat textarea").fill(question)
    page.locator("parley-chat textarea").press("Enter")
    page.locator(f".turn >> nth={turns}").locator(":is(.standing, .abstention, .notice)").first.wait_for()


@pytest.mark.parametrize(("host", "server_host"), [("127.0.0.1", "127.0.0.1"), ("news.test", "parley.test")])
def test_on_an_allowed_site_a_question_gets_an_answer_whose_citation_opens_the_source(
    browse: Callable[..., Page], news: HostSite, port: int, host: str, server_host: str
) -> None:
    news.html = embedding(f"http://{server_host}:{port}")
    page = browse(news.url(host))
    put(page, QUESTION)
    expect(page.locator(".answer")).to_contain_text("120 prisoners")
    expect(page.locator(".byline").first).to_have_text("Corvin Gazette · 3\xa0Feb\xa02026")
    expect(page.locator(".standing")).to_contain_text("The collection ends 20\xa0Feb\xa02026")
    cite = page.locator(".answer p", has_text="120 prisoners").locator(".cite").first
    marker = cite.evaluate("link => link.firstChild.textContent")
    quote = page.locator(".quote", has=page.locator(f".number:text-is('{marker}')")).locator("blockquote").inner_text()
    with page.context.expect_page() as opened:
        cite.click()
    expect(opened.value.locator("mark")).to_have_text(quote)
    expect(opened.value.locator("mark")).to_be_in_viewport()
    assert opened.value.evaluate("window.opener") is None


def test_five_other_origins_get_nothing(
    browse: Callable[..., Page], news: HostSite, server: str, serve: Callable[[Service], str]
) -> None:
    news.html = embedding(server)
    with HostSite() as other_port, HostSite() as sandboxed:
        other_port.html = sandboxed.html = news.html
        sandboxed.headers = {"Content-Security-Policy": "sandbox allow-scripts"}
        strangers = [
            other_port.url(),
            news.url("evilnews.test"),
            news.url("www.news.test"),
            news.url("news.test.evil.test"),
            sandboxed.url(),  # its origin is `null`
        ]
        for stranger in strangers:
            page = browse(stranger)
            put(page, QUESTION)
            expect(page.locator(".notice")).to_contain_text("cannot be reached, or this web site may not use it")
            expect(page.get_by_role("button", name="Try again")).to_be_visible()
            assert page.locator(".cite, .answer").count() == 0


def test_the_frame_works_on_an_allowed_site_although_the_browser_denies_it_storage(
    browse: Callable[..., Page], news: HostSite, port: int
) -> None:
    news.html = f'<iframe src="http://parley.test:{port}/embed?language=uk&accent=%23aa3300&heading=Новини"></iframe>'
    page = browse(news.url("news.test"))
    frame = page.frames[1]
    assert frame.evaluate(STORAGE_REFUSAL) == "SecurityError"  # third-party cookies and storage are blocked
    expect(frame.locator("h2")).to_have_text("Новини")
    expect(frame.locator(".ask")).to_have_css("background-color", "rgb(170, 51, 0)")
    with page.expect_request("**/api/ask") as asked:
        frame.locator("textarea").fill(QUESTION)
        frame.locator("textarea").press("Enter")
    frame.locator(".standing").wait_for()
    expect(frame.locator(".answer")).to_contain_text("120 prisoners")
    assert asked.value.headers["parley-site"] == news.url("news.test")


def test_the_frame_stays_empty_on_a_site_that_is_not_allowed(
    browse: Callable[..., Page], news: HostSite, port: int
) -> None:
    news.html = f'<iframe src="http://parley.test:{port}/embed"></iframe>'
    page = browse(news.url("evilnews.test"))
    for _ in range(100):
        if page.frames[1].url:
            break
        page.wait_for_timeout(100)
    assert page.frames[1].url.startswith("chrome-error:")


def test_in_a_window_of_its_own_the_frame_page_takes_no_words_from_its_address(
    browse: Callable[..., Page], server: str
) -> None:
    page = browse(f"{server}/embed?heading=Send+money&greeting=to+me&starters=now&theme=dark")
    expect(page.locator("h2")).to_have_text("Ask about the talks")
    assert "money" not in page.locator("parley-chat").inner_text()
    expect(page.locator("parley-chat")).to_have_attribute("theme", "dark")


def test_where_the_browser_denies_all_storage_it_answers_all_the_same(
    browser: Browser, news: HostSite, server: str, tmp_path: Path
) -> None:
    (tmp_path / "Default").mkdir()
    denied = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(denied))
    news.html = embedding(server)
    context = launch_with_profile(browser, tmp_path)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(news.url())
    assert page.evaluate(STORAGE_REFUSAL) == "SecurityError"
    put(page, QUESTION)
    put(page, "And about the islands?")
    expect(page.locator(".standing, .abstention")).to_have_count(2)
    page.reload()
    expect(page.locator(".turn")).to_have_count(0)
    context.close()
    assert problems == []


def launch_with_profile(browser: Browser, folder: Path) -> BrowserContext:
    """Another browser, with settings of its own."""
    kind = browser.browser_type
    return kind.launch_persistent_context(folder, executable_path="/usr/bin/chromium", args=["--no-sandbox"])


def test_a_conversation_lasts_over_pages_of_the_site_until_a_new_one_is_begun(
    browse: Callable[..., Page], news: HostSite, server: str
) -> None:
    news.html = embedding(server)
    page = browse(news.url())
    put(page, QUESTION)
    answer = page.locator(".turn").inner_text()
    page.goto(news.url() + "/?next")
    page.goto(news.url())
    expect(page.locator(".turn")).to_have_count(1)
    assert page.locator(".turn").inner_text() == answer
    with page.expect_request("**/api/ask") as asked:
        put(page, "When does she expect it?")
    body = asked.value.post_data_json
    assert body["history"] == [QUESTION]
    assert body["conversation_id"]
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("textarea")).to_be_focused()
    page.reload()
    page.locator("textarea").wait_for()
    expect(page.locator(".turn")).to_have_count(0)


def test_what_the_site_keeps_in_its_storage_is_not_believed(
    browse: Callable[..., Page], news: HostSite, server: str
) -> None:
    news.html = embedding(server)
    page = browse(news.url())
    for nonsense in (
        "{",
        '{"turns": 5}',
        '{"turns": [null, {"question": 3}, {"question": "q", "answer": {"text": 1}}]}',
    ):
        page.evaluate("([key, value]) => sessionStorage.setItem(key, value)", [f"parley:{server}", nonsense])
        page.reload()
        page.locator("parley-chat textarea").wait_for()
        expect(page.locator(".turn")).to_have_count(0)


def test_the_bubble_opens_and_closes_by_keyboard_and_is_open_on_the_next_page(
    browse: Callable[..., Page], news: HostSite, server: str
) -> None:
    news.html = embedding(server, 'mode="bubble"')
    page = browse(news.url())
    launcher = page.get_by_role("button", name="Ask about the talks")
    launcher.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Ask about the talks")).to_be_visible()
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".standing").wait_for()
    page.reload()
    expect(page.locator("dialog .standing")).to_be_visible()
    page.locator(".cite").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#peek")).to_be_visible()
    page.keyboard.press("Escape")  # the quote first, then the bubble
    expect(page.locator("#peek")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_on_a_phone_the_open_bubble_fills_the_screen_and_holds_the_focus(
    browse: Callable[..., Page], news: HostSite, server: str
) -> None:
    news.html = embedding(server, 'mode="bubble"').replace("</h1>", "</h1><a href='/'>elsewhere</a>")
    page = browse(news.url(), width=375)
    page.get_by_role("button", name="Ask about the talks").click()
    box = page.locator("dialog").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 375, 800)
    put(page, QUESTION)
    assert page.locator("dialog").evaluate("box => box.matches(':modal') && box.scrollWidth") == 375
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".launcher")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 375


def test_hovering_over_a_citation_shows_quote_publisher_and_date(
    browse: Callable[..., Page], news: HostSite, server: str
) -> None:
    news.html = embedding(server)
    page = browse(news.url())
    put(page, QUESTION)
    page.locator(".cite").first.hover()
    expect(page.locator("#peek .byline")).to_have_text("Corvin Gazette · 3\xa0Feb\xa02026")
    assert page.locator("#peek blockquote").inner_text() in page.locator(".quote blockquote").all_inner_texts()


def test_an_answer_says_how_well_it_is_sourced_and_where_it_was_cut_off(
    browse: Callable[..., Page], news: HostSite, server: str
) -> None:
    news.html = embedding(server)
    page = browse(news.url())
    put(page, "What was known on 10 February 2026 about the exchange of prisoners?")
    expect(page.locator(".standing")).to_contain_text("Only documents up to 10\xa0Feb\xa02026 were read.")
    expect(page.locator(".sourcing").first).to_have_text("publishers who say so, at most: 2")


def test_an_abstention_is_the_same_as_on_the_page(browse: Callable[..., Page], news: HostSite, server: str) -> None:
    news.html = embedding(server)
    page = browse(news.url())
    put(page, UNKNOWN)
    expect(page.locator(".verdict")).to_have_text("No answer in the documents")
    expect(page.locator(".abstention")).to_contain_text("20 February 2026")
    assert page.locator(".cite").count() == 0
    expect(page.locator(".sources h4")).to_have_text("The closest passages")
    assert re.search(
        r"/documents/[\w-]+\?start=\d+&end=\d+#span$", page.locator(".source-title").first.get_attribute("href")
    )


def test_a_finished_answer_is_told_to_screen_readers_without_markers(
    browse: Callable[..., Page], news: HostSite, server: str
) -> None:
    news.html = embedding(server)
    page = browse(news.url())
    put(page, QUESTION)
    expect(page.locator("div.hidden-text[role=status]")).to_contain_text("120 prisoners")
    assert "[1]" not in page.locator("div.hidden-text[role=status]").inner_text()


def test_the_page_sets_looks_words_and_language(browse: Callable[..., Page], news: HostSite, server: str) -> None:
    attributes = (
        'language="uk" heading="<b>Заголовок</b>" greeting="Вітаємо" starters="Перше? | Друге?" theme="dark" '
        'style="--parley-accent: rgb(1, 2, 3); --parley-radius: 3px; --parley-font: monospace"'
    )
    news.html = embedding(server, attributes).replace("<h1>", "<style>button { color: red !important }</style><h1>")
    page = browse(news.url())
    expect(page.locator("h2")).to_have_text("<b>Заголовок</b>")
    expect(page.locator(".greeting")).to_have_text("Вітаємо")
    expect(page.locator(".questions button")).to_have_text(["Перше?", "Друге?"])
    ask = page.get_by_role("button", name="Запитати")
    expect(ask).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(ask).to_have_css("color", "rgb(16, 38, 43)")
    expect(page.locator(".frame")).to_have_css("border-radius", "3px")
    expect(page.locator(".frame")).to_have_css("background-color", "rgb(23, 24, 27)")
    page.locator(".questions button").first.click()
    expect(page.locator(".turn h3")).to_have_text("Перше?")


def test_a_strict_policy_of_the_site_is_enough(browse: Callable[..., Page], news: HostSite, server: str) -> None:
    with HostSite() as strict:
        strict.html = embedding(server)
        strict.headers = {"Content-Security-Policy": f"default-src 'none'; script-src {server}; connect-src {server}"}
        problems: list[str] = []
        page = browse("about:blank")
        page.on("console", lambda message: problems.append(message.text))
        page.goto(strict.url())
        page.locator("parley-chat textarea").wait_for()
        assert page.locator(".frame").evaluate("made => getComputedStyle(made).display") == "flex"
        assert [problem for problem in problems if "favicon" not in problem and "404" not in problem] == []


def test_feedback_reaches_the_records(
    browse: Callable[..., Page], news: HostSite, server: str, service: Service
) -> None:
    news.html = embedding(server)
    page = browse(news.url())
    put(page, QUESTION)
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_role("textbox", name="What is missing or wrong?").fill("The year is missing.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".said")).to_have_text("Thank you.")
    expect(page.locator(".comment")).to_have_count(0)
    given = list(Records(service.settings.database).feedback())[-1]
    assert (given.stored.answer.question, given.rating, given.comment) == (QUESTION, "down", "The year is missing.")
    page.reload()
    expect(page.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")


class Unhurried:
    """The real assistant, with a pause before each event."""

    answerer = "extractive"
    model = None

    def __init__(self, assistant: Assistant, pause_s: float) -> None:
        self._assistant = assistant
        self._pause_s = pause_s
        self.left = False

    def stream(self, question: Question) -> Iterator[Event]:
        try:
            for event in self._assistant.stream(question):
                time.sleep(self._pause_s)
                yield event
        except GeneratorExit:
            self.left = True
            raise


def test_an_answer_is_shown_as_it_is_written_can_be_stopped_and_ends_with_the_element(
    browse: Callable[..., Page], serve: Callable[[Service], str], service: Service
) -> None:
    slow = Service(service.settings)
    slow._state = Ready(Unhurried(service.ready().assistant, 0.2), service.ready().collection)
    page = browse(serve(slow) + "/demo")
    field = page.locator("parley-chat textarea")
    field.fill(QUESTION)
    field.press("Enter")
    expect(page.locator(".waiting")).to_be_visible()
    expect(page.locator(".unfinished")).to_contain_text("Brandt")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".notice")).to_have_text("Stopped before the answer was complete.")
    expect(field).to_be_focused()
    field.fill(QUESTION)
    field.press("Enter")
    expect(page.locator(".unfinished")).to_contain_text("Brandt")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/api/ask")):
        page.evaluate("document.querySelector('parley-chat').remove()")


def test_a_sentence_that_is_being_checked_stands_apart_from_what_was_checked(
    browse: Callable[..., Page], server: str
) -> None:
    page = browse(f"{server}/demo")
    checked, pending = page.evaluate("""async () => {
        const { renderPartial } = await import("/widget/rendering.js");
        const { wordsFor } = await import("/widget/words.js");
        const shown = renderPartial("It was agreed. [1]", "It was <b>signed</b>.", wordsFor("en"));
        return shown.map(each => [each.className, each.textContent]);
    }""")
    assert checked == ["answer unfinished", "It was agreed.1"]
    assert pending == ["pending", "It was <b>signed</b>. (being checked against the documents)"]


def test_while_the_next_sentence_is_written_the_widget_says_so_and_last_shows_the_notice(
    browse: Callable[..., Page], server: str
) -> None:
    page = browse(f"{server}/demo")
    page.route("**/api/ask", lambda route: route.fulfill(content_type="text/event-stream", body=held["body"]))
    answer = {
        "question": QUESTION,
        "standalone_question": QUESTION,
        "status": "answered",
        "text": "It was agreed. [1]",
        "citations": [
            {"marker": 1, "document_id": "d", "title": "T", "language": "en", "quote": "q", "start": 0, "end": 1}
        ],
        "nearest": [],
        "followups": [],
        "notice": "The model <b>broke off</b>.",
    }
    held = {"body": f"event: answer\ndata: {json.dumps(answer)}\n\n"}
    put(page, QUESTION)
    expect(page.locator(".turn .notice")).to_have_text("The model <b>broke off</b>.")
    expect(page.locator(".turn .answer")).to_contain_text("It was agreed.")
    shown = page.evaluate("""async () => {
        const { renderPartial } = await import("/widget/rendering.js");
        const { wordsFor } = await import("/widget/words.js");
        return renderPartial("It was agreed. [1]", "", wordsFor("en")).map(each => [each.className, each.textContent]);
    }""")
    assert shown[1] == ["waiting", "The next sentence is being written and checked"]


def test_while_the_index_is_built_it_says_so_and_trying_again_helps(
    browse: Callable[..., Page], serve: Callable[[Service], str], service: Service
) -> None:
    building = Service(service.settings)
    building._state = Building(Progress("embedding", 3, 9))
    page = browse(serve(building) + "/demo")
    put(page, QUESTION)
    expect(page.locator(".notice")).to_have_text("The documents are still being read. Ask again in a moment.")
    building._state = service.state
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".answer")).to_contain_text("120 prisoners")
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.parametrize(("width", "scheme", "mode"), [(375, "dark", "bubble"), (1280, "light", "inline")])
def test_axe_finds_no_serious_problem(
    browse: Callable[..., Page], news: HostSite, server: str, width: int, scheme: str, mode: str
) -> None:
    news.html = embedding(server, f'mode="{mode}" starters="Who met?"').replace("<h1>", "<main><h1>")
    page = browse(news.url(), width=width, scheme=scheme)
    if mode == "bubble":
        assert serious_violations(page) == []
        page.locator(".launcher").click()
    page.locator("parley-chat textarea").wait_for()
    assert serious_violations(page) == []
    put(page, QUESTION)
    put(page, UNKNOWN)
    page.get_by_role("button", name="Not helpful").first.click()
    page.locator(".comment").wait_for()
    assert serious_violations(page) == []


def test_axe_finds_no_serious_problem_on_the_demo_which_writes_the_lines_for_a_page(
    browse: Callable[..., Page], server: str
) -> None:
    page = browse(f"{server}/demo", width=375)
    page.locator("parley-chat textarea").wait_for()
    assert serious_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    page.get_by_label("Heading").fill('Say "why"')
    page.get_by_label("Language").select_option("ru")
    page.get_by_label("Accent").fill("#aa0000")
    code = page.locator("pre code")
    expect(code).to_contain_text(f'server="{server}" language="ru" heading="Say &quot;why&quot;"')
    expect(code).to_contain_text("--parley-accent: #aa0000;")
    expect(page.locator("parley-chat h2")).to_have_text('Say "why"')
    expect(page.get_by_role("button", name="Спросить")).to_have_css("background-color", "rgb(170, 0, 0)")


def serious_violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {violation['nodes'][0]['html']}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
    ]


def test_the_page_in_the_documentation_works_as_it_is(browse: Callable[..., Page], news: HostSite, server: str) -> None:
    documentation = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    (page_html,) = re.findall(r"```html\n(<!doctype html>.*?)```", documentation, re.DOTALL)
    news.html = page_html.replace("https://parley.example", server)
    page = browse(news.url())
    expect(page.locator("parley-chat h2")).to_have_text("What do the documents say?")
    put(page, QUESTION)
    expect(page.locator(".answer")).to_contain_text("120 prisoners")
