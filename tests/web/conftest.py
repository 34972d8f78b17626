"""A real server over a real index of a few documents, and a real browser to look at it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from library import HOSTILE
from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import Error as BrowserError

from index.offline import silence_telemetry

silence_telemetry()  # before gradio and chromadb are imported

from serving import STARTUP_S, RunningServer, ThreadedServer, library_settings, type_question  # noqa: E402

from rag.service import Ready, Service  # noqa: E402

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP *.test 127.0.0.1",  # other sites, under names of their own
]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that is ready, over the test documents."""
    service = Service(library_settings(tmp_path_factory.mktemp("library")))
    service.start()
    state = service.wait(STARTUP_S)
    assert isinstance(state, Ready), state
    yield service
    service.close()


@pytest.fixture(scope="session")
def server(service: Service) -> Iterator[RunningServer]:
    with ThreadedServer(service) as running:
        yield RunningServer(running.url, service)


@pytest.fixture
def hostile_url(tmp_path: Path, serve: Callable[[Service], str]) -> Iterator[str]:
    """The address of a server whose only document attacks its readers."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "zembla.md").write_text(HOSTILE, encoding="utf-8")
    service = Service(library_settings(tmp_path))
    service.start()
    assert isinstance(service.wait(STARTUP_S), Ready), service.state
    yield serve(service)
    service.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Service], str]]:
    """Serves another service for one test; gives its address."""
    servers: list[ThreadedServer] = []

    def start(service: Service) -> str:
        servers.append(ThreadedServer(service))
        return servers[-1].__enter__().url

    yield start
    for running in servers:
        running.__exit__()


expect.set_options(timeout=20_000)  # a busy machine is no error


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium. Without one the test is skipped; in CI it fails."""
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS)
        except BrowserError as error:
            reason = f"no Chromium starts here, so the page was not looked at: {str(error).splitlines()[0]}"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, server: RunningServer) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh context. Afterwards: nothing left this server, no script failed, none was refused."""
    contexts = []
    problems: list[str] = []

    def opened(
        path: str = "/",
        *,
        url: str = server.url,
        width: int = 1280,
        scheme: str = "light",
        before: str = "",
        **options,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        if before:
            context.add_init_script(before)  # runs before the page's own scripts
        contexts.append(context)
        context.on("request", lambda request: _note_foreign(request.url, url, problems))
        context.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        page = context.new_page()
        page.goto(url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def _note_foreign(address: str, own: str, problems: list[str]) -> None:
    if not address.startswith((own, "data:", "blob:", "about:")):
        problems.append(f"a request left the server: {address}")


@pytest.fixture
def ask(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens the page, types a question and waits for the turn to be complete."""

    def asked(question: str, **options) -> Page:
        page = open_page(**options)
        type_question(page, question)
        return page

    return asked
