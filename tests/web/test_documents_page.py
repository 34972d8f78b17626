"""The list of documents: as a page that needs no script, and as the Documents tab."""

import datetime as dt
from collections.abc import Callable

import httpx
import pytest
from library import LAKE
from playwright.sync_api import Page, expect
from serving import STARTUP_S, RunningServer, library_settings
from test_page import serious_violations

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.types import DocumentSummary
from rag.service import Ready, Service
from rag.web.page.catalogue import PAGE_SIZE, Catalogue, Filters
from rag.web.page.documents_page import read_filters

LAKE_TITLE = "Corvin, 3 February 2026: delegations meet at the lake"
FERRY_TITLE = "Паром між Арландією та Борландією"
GRAIN_TITLE = "Зерно через порт Корвин"


@pytest.fixture
def collection(settings: Settings, embedder: Embedder):
    """Five documents with people, topics and languages."""
    rows = [
        ("a", "2026-01-01", "en", "Volodymyr Zelensky, Steve Witkoff", "energy", "Zelensky spoke of the ceasefires."),
        ("b", "2026-01-02", "uk", "Володимир Зеленський", "energy", "Зеленського запитали про припинення вогню."),
        ("c", "2026-02-01", "en", "Marco Rubio", "sanctions", "Rubio spoke of the ceasefire."),
        ("d", "2026-03-01", "ru", "", "", "Ни о чём."),
        ("e", "", "en", "", "sanctions", "Undated words."),
    ]
    for name, date, language, people, topic, text in rows:
        dated = f"date: {date}\n" if date else ""
        topics = f"topics: [{topic}]\n" if topic else ""
        head = f"id: {name}\ntitle: Title of {name}\n{dated}language: {language}\npeople: [{people}]\n{topics}"
        (settings.seeds / f"{name}.md").write_text(f"---\n{head}---\n{text}\n", encoding="utf-8")
    sync(settings, embedder)
    with Collection(settings, embedder) as collection:
        yield collection


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), "dcbae"),
        (Filters(words="ceasefire"), "ca"),
        (Filters(words="Zelenskyy"), "ba"),
        (Filters(words="Зеленський ceasefire"), "a"),
        (Filters(words="title c"), "c"),
        (Filters(words="nothing-of-the-sort"), ""),
        (Filters(since=dt.date(2026, 1, 2), until=dt.date(2026, 2, 1)), "cb"),
        (Filters(person="witkoff"), "a"),
        (Filters(topic="sanct"), "ce"),
        (Filters(language="en", topic="sanctions"), "ce"),
        (Filters(words="spoke", person="rubio"), "c"),
    ],
)
def test_filters_find_what_fits_newest_first(collection: Collection, filters: Filters, found: str) -> None:
    with collection.snapshot() as snapshot:
        listing = Catalogue().find(snapshot, filters, 1)
    assert "".join(document.id for document in listing.documents) == found
    assert listing.found == len(found)


def test_the_list_follows_the_collection(collection: Collection, settings: Settings, embedder: Embedder) -> None:
    catalogue = Catalogue()
    with collection.snapshot() as snapshot:
        assert catalogue.find(snapshot, Filters(), 1).found == 5
    (settings.seeds / "a.md").unlink()
    sync(settings, embedder)
    with collection.snapshot() as snapshot:
        assert catalogue.find(snapshot, Filters(), 1).found == 4


class ManyDocuments:
    """A snapshot of ten thousand documents, of which only the summaries are asked for."""

    version = "0" * 12

    def __init__(self, count: int) -> None:
        self.reads = 0
        day = dt.date(2000, 1, 1)
        empty = {"kind": "event", "language": "en", "people": (), "places": (), "topics": (), "sources": ()}
        self._summaries = [
            DocumentSummary(id=f"d{n}", title=f"D{n}", date=day + dt.timedelta(n), characters=1, **empty)
            for n in range(count)
        ]

    def documents(self) -> list[DocumentSummary]:
        self.reads += 1
        return self._summaries


def test_ten_thousand_documents_are_read_once_and_shown_a_page_at_a_time() -> None:
    snapshot, catalogue = ManyDocuments(10_000), Catalogue()
    first = catalogue.find(snapshot, Filters(), 1)
    last = catalogue.find(snapshot, Filters(), 99_999)
    assert (first.found, first.page, first.pages) == (10_000, 1, -(-10_000 // PAGE_SIZE))
    assert len(first.documents) == PAGE_SIZE
    assert last.page == last.pages
    assert last.documents[-1].id == "d9999"
    assert catalogue.find(snapshot, Filters(), -5).page == 1
    assert snapshot.reads == 1


@pytest.mark.parametrize("page", ["", "x", "-1", "1.5", "9" * 50, "٣"])
def test_a_page_that_is_no_number_is_the_first(page: str) -> None:
    assert read_filters({"page": page})[1] == 1


def test_the_page_needs_no_script_and_keeps_what_was_looked_for(server: RunningServer) -> None:
    page = httpx.get(f"{server.url}/documents", params={"q": "ferry", "from": "not a day", "language": "uk"})
    assert page.status_code == 200
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert "“not a day” is no date and was left out." in page.text
    assert 'name="q" value="ferry"' in page.text
    assert '<option value="uk" selected>Ukrainian</option>' in page.text
    everything = httpx.get(f"{server.url}/documents").text
    for title in (LAKE_TITLE, FERRY_TITLE, GRAIN_TITLE):
        assert title in everything
    assert 'href="https://gazette.example/lake"' in everything


def test_what_is_looked_for_is_shown_as_text(server: RunningServer) -> None:
    attack = "\"><script>x</script><img src=x onerror=y>'"
    page = httpx.get(f"{server.url}/documents", params=dict.fromkeys(("q", "from", "person", "topic"), attack)).text
    assert "<script>x" not in page
    assert "<img" not in page


@pytest.mark.browser
def test_the_tab_searches_filters_and_opens_documents(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait_for_selector("#question textarea:enabled")
    page.get_by_role("tab", name="Documents").click()
    titles = page.locator("#catalogue-place .entry .source-title")
    expect(titles).to_have_text([FERRY_TITLE, LAKE_TITLE, GRAIN_TITLE])
    assert serious_violations(page) == []
    page.get_by_label("Search").fill("mediator")
    expect(titles).to_have_text([LAKE_TITLE])
    expect(page.get_by_label("Search")).to_be_focused()
    page.get_by_role("link", name="Clear").click()
    expect(titles).to_have_count(3)
    page.get_by_role("combobox", name="Language").select_option("ru")
    expect(titles).to_have_text([GRAIN_TITLE])
    page.get_by_role("combobox", name="Language").select_option("")
    page.get_by_label("From", exact=True).fill("2026-02-01")
    page.get_by_label("To", exact=True).fill("2026-02-10")
    expect(titles).to_have_text([LAKE_TITLE])
    titles.first.click()
    expect(page.frame_locator("#reader iframe").locator("h1")).to_have_text(LAKE_TITLE)
    page.keyboard.press("Escape")
    for width in (320, 375, 768):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.browser
def test_the_tab_turns_pages(open_page: Callable[..., Page], serve: Callable[[Service], str], tmp_path) -> None:
    settings = library_settings(tmp_path)
    for number in range(PAGE_SIZE):
        text = LAKE.replace("lake-conference", f"lake-{number}").replace("2026-02-03", f"2025-{number % 12 + 1:02}-03")
        (settings.seeds / f"lake-{number}.md").write_text(text, encoding="utf-8")
    service = Service(settings)
    service.start()
    assert isinstance(service.wait(STARTUP_S), Ready)
    page = open_page(url=serve(service))
    page.wait_for_selector("#question textarea:enabled")
    page.get_by_role("tab", name="Documents").click()
    expect(page.locator(".pager span")).to_have_text("Page 1 of 2")
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".pager span")).to_have_text("Page 2 of 2")
    expect(page.locator(".entry")).to_have_count(3)
    page.get_by_role("link", name="Newer").click()
    expect(page.locator(".entry")).to_have_count(PAGE_SIZE)
    assert "/documents" not in page.url
    service.close()


@pytest.mark.browser
def test_the_page_of_documents_works_by_itself(open_page: Callable[..., Page]) -> None:
    page = open_page("/documents", java_script_enabled=False)
    page.get_by_label("Search").fill("mediator")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".entry .source-title")).to_have_text([LAKE_TITLE])
