"""How the tests of the web application serve: in a thread or as a process, always over documents of their own."""

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from library import write_library
from playwright.sync_api import Page

from index.settings import Settings
from rag.service import Ready, Service
from rag.web.application import create_application

ROOT = Path(__file__).parents[2]
STARTUP_S = 60

Result = TypeVar("Result")


@dataclass(frozen=True)
class RunningServer:
    url: str
    service: Service


def library_settings(folder: Path) -> Settings:
    """Settings for a home of its own over the test documents."""
    seeds = folder / "seeds"
    if not seeds.exists():
        write_library(seeds)
    return Settings(home=folder / "home", seeds=seeds, chroma_url=None, embedding_model="e5", _env_file=None)


class ThreadedServer:
    """Serves a service on `port`, or a free one, until it is closed.

    The application is made inside the running loop: outside of one, Gradio makes a loop of its own and never closes it.
    """

    def __init__(self, service: Service, port: int = 0) -> None:
        self._service = service
        self._listener = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    async def _run(self) -> None:
        application = create_application(self._service)
        self._server = uvicorn.Server(
            uvicorn.Config(application, log_level="error", timeout_graceful_shutdown=1, proxy_headers=False)
        )
        await self._server.serve(sockets=[self._listener])

    def __enter__(self) -> "ThreadedServer":
        self._thread.start()
        httpx.get(f"{self.url}/healthz", timeout=STARTUP_S).raise_for_status()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.should_exit = True
        self._thread.join(STARTUP_S)
        self._listener.close()


@contextmanager
def serving(folder: Path, documents: Mapping[str, str]) -> Iterator[str]:
    """The address of a server over these documents, texts by file name, with its home in `folder`."""
    (folder / "seeds").mkdir()
    for name, text in documents.items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    service = Service(library_settings(folder))
    service.start()
    assert isinstance(service.wait(STARTUP_S), Ready), service.state
    with ThreadedServer(service) as running:
        yield running.url
    service.close()


def completed(work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` gives, run on a thread of its own: in this one a browser of other tests may keep a loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def wait_for(url: str, seconds: float = STARTUP_S) -> httpx.Response:
    """The first answer with status 200."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            response = httpx.get(url, timeout=seconds)
        except httpx.TransportError:
            pass
        else:
            if response.status_code == 200:
                return response
        time.sleep(0.05)
    raise AssertionError(f"{url} gave no 200 in {seconds} s")


def type_question(page: Page, question: str) -> None:
    """As a reader does it: type and press Enter, then wait until the answer, the abstention or the notice is there."""
    page.wait_for_selector("#question textarea:enabled")
    before = page.locator("#current .turn").get_attribute("id") if page.locator("#current .turn").count() else None
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    changed = f":not(#{before})" if before else ""
    page.wait_for_selector(f"#current .turn{changed} :is(.standing, .abstention, .notice)")
