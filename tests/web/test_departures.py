"""A reader who leaves stops the work on the question, wherever it stands."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from rag.service import Ready, Service
from rag.types import Answer, Event, Question, StatusEvent

PATIENCE_S = 30
QUESTION = '{"question": "Who met?"}'
COMPLETION = '{"messages": [{"role": "user", "content": "Who met?"}]}'


class Endless:
    """An assistant that is always at work, and notices when it is stopped."""

    answerer = "extractive"

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.stopped = threading.Semaphore(0)

    def stream(self, question: Question) -> Iterator[Event]:
        self.begun.release()
        try:
            while True:
                yield StatusEvent("retrieve")
                time.sleep(0.02)
        finally:
            self.stopped.release()

    def ask(self, question: Question) -> Answer:
        raise AssertionError("what cannot be stopped must not be called")


@pytest.fixture
def endless() -> Endless:
    return Endless()


@pytest.fixture
def url(serve: Callable[[Service], str], service: Service, endless: Endless) -> str:
    changed = service.settings.model_copy(update={"concurrent_questions": 1, "queue_length": 1})
    slow = Service(changed)
    slow._state = Ready(endless, service.ready().collection)
    return serve(slow)


Send = Callable[..., socket.socket]


@pytest.fixture
def send(url: str) -> Iterator[Send]:
    """Sends a request on a connection of its own, and does not wait for the answer."""
    connections: list[socket.socket] = []

    def sent(path: str, body: str, accept: str = "*/*") -> socket.socket:
        address = urlsplit(url)
        connection = socket.create_connection((address.hostname, address.port), timeout=PATIENCE_S)
        connections.append(connection)
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAccept: {accept}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        return connection

    yield sent
    for connection in connections:
        connection.close()


@pytest.mark.parametrize(
    ("path", "body", "accept"),
    [
        ("/api/ask", QUESTION, "application/json"),
        ("/api/ask", QUESTION, "text/event-stream"),
        ("/v1/chat/completions", COMPLETION, "application/json"),
        ("/v1/chat/completions", COMPLETION.replace("}]}", '}], "stream": true}'), "text/event-stream"),
    ],
)
def test_leaving_stops_the_work(send: Send, endless: Endless, path: str, body: str, accept: str) -> None:
    connection = send(path, body, accept)
    assert endless.begun.acquire(timeout=PATIENCE_S)
    connection.close()
    assert endless.stopped.acquire(timeout=PATIENCE_S)


def waiting(url: str) -> float:
    lines = httpx.get(f"{url}/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("parley_questions_waiting "))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_leaving_while_waiting_frees_the_place_and_over_the_places_there_is_429(
    url: str, send: Send, endless: Endless
) -> None:
    first = send("/api/ask", QUESTION)
    assert endless.begun.acquire(timeout=PATIENCE_S)
    second = send("/api/ask", QUESTION)
    wait_until(lambda: waiting(url) == 1)
    for accept in ("application/json", "text/event-stream"):
        refused = httpx.post(f"{url}/api/ask", json={"question": "Who?"}, headers={"Accept": accept})
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"]["code"] == "busy"
    second.close()
    wait_until(lambda: waiting(url) == 0)
    first.close()
    assert endless.stopped.acquire(timeout=PATIENCE_S)
