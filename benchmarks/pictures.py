"""The pictures of the page in docs/images, taken from a server over the shipped documents.

python -m benchmarks.pictures [--home .parley] [--out docs/images]
"""

import argparse
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from index.offline import silence_telemetry

QUESTION = "What did Witkoff say in Davos about the last open issue?"
TOPIC = "the Zaporizhzhia plant"
SIZES = ((1280, 860), (375, 812))
PATIENCE_MS = 180_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description="Take the README's pictures.")
    parser.add_argument("--home", type=Path, help="an index to use; without one it is built in a temporary folder")
    parser.add_argument("--out", type=Path, default=Path("docs/images"), help="default: docs/images")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        _server(options.home or Path(folder)) as url,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width, height in SIZES:
            for scheme in ("light", "dark"):
                _conversation(browser, url, width, height, scheme, options.out / f"page-{width}-{scheme}.png")
            _start(browser, url, width, height, options.out / f"start-{width}-light.png")
        _briefing(browser, url, options.out / "briefing-1280-light.png")
        browser.close()


@contextmanager
def _server(home: Path) -> Iterator[str]:
    """A server on a free port, ready to answer."""
    silence_telemetry()
    import asyncio
    import socket

    import uvicorn

    from index.settings import Settings
    from rag.service import Ready, Service
    from rag.web.application import create_application

    service = Service(Settings(home=home, chroma_url=None, _env_file=None))
    service.start()
    if not isinstance(service.wait(), Ready):
        raise SystemExit(f"there is no index to take pictures of: {service.state}")
    listener = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        servers.append(uvicorn.Server(uvicorn.Config(create_application(service), log_level="error")))
        await servers[0].serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    servers[0].should_exit = True
    thread.join()
    service.close()


def _conversation(browser: Browser, url: str, width: int, height: int, scheme: str, path: Path) -> None:
    """A question with its answer; where there is room, with the source opened beside it."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    page.wait_for_selector("#question textarea:enabled")
    page.fill("#question textarea", QUESTION)
    page.press("#question textarea", "Enter")
    page.wait_for_selector("#current .standing")
    if width > 1000:
        page.click("#current .cite >> nth=0")
        page.frame_locator("#reader iframe").locator("mark").first.wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=path)
    page.close()


def _start(browser: Browser, url: str, width: int, height: int, path: Path) -> None:
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    page.wait_for_selector("#starters .chip")
    page.screenshot(path=path)
    page.close()


def _briefing(browser: Browser, url: str, path: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    page.click("#tab-briefing-button")
    page.wait_for_selector("#briefing-place .found")
    page.fill("#briefing-place input[name=topic]", TOPIC)
    page.press("#briefing-place input[name=topic]", "Enter")
    page.wait_for_selector("#briefing-place .briefing")
    page.screenshot(path=path)
    page.close()


if __name__ == "__main__":
    main()
