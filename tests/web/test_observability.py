"""What can be seen of a running server: metrics, log lines, the id of a request."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from serving import RunningServer

from index.types import Progress
from rag.log_lines import JsonLines, PlainLines, configure_logging, request_id
from rag.service import Building, Ready, Service

QUESTION = "What did the mediator Ilse Brandt say about the exchange of prisoners?"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(url: str) -> Samples:
    """Every sample, read by Prometheus' own parser."""
    response = httpx.get(f"{url}/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def grown(before: Samples, after: Samples, name: str, **labels: str) -> float:
    key = (name, tuple(sorted(labels.items())))
    return after.get(key, 0) - before.get(key, 0)


def test_requests_answers_stages_and_documents_are_counted(server: RunningServer) -> None:
    before = samples(server.url)
    httpx.post(f"{server.url}/api/ask", json={"question": QUESTION}, timeout=30)
    httpx.get(f"{server.url}/api/documents/ferry")
    httpx.get(f"{server.url}/nothing-of-this-name")
    after = samples(server.url)
    assert grown(before, after, "parley_answers_total", status="answered", answerer="extractive") == 1
    assert grown(before, after, "parley_stage_seconds_count", stage="rerank") == 1
    route = "/api/documents/{document_id}"
    assert grown(before, after, "parley_requests_total", method="GET", route=route, status="200") == 1
    assert grown(before, after, "parley_request_seconds_count", route="/api/ask") == 1
    assert grown(before, after, "parley_requests_total", method="GET", route="other", status="404") == 1
    assert after["parley_documents", ()] == 3
    assert after["parley_questions_waiting", ()] == 0
    assert after["parley_questions_running", ()] == 0


def test_a_refusal_is_counted_by_its_code(serve: Callable[[Service], str], service: Service) -> None:
    limited = Service(service.settings.model_copy(update={"question_limit": "1/hour"}))
    limited._state = service.state
    url = serve(limited)
    for _ in range(3):
        httpx.post(f"{url}/api/ask", json={"question": QUESTION}, timeout=30)
    assert samples(url)["parley_refusals_total", (("code", "rate_limited"),)] == 2


def test_without_an_index_the_metrics_say_no_documents(serve: Callable[[Service], str], service: Service) -> None:
    building = Service(service.settings)
    building._state = Building(Progress("embedding", 3, 9))
    assert samples(serve(building))["parley_documents", ()] == 0


@pytest.mark.parametrize("sent", ["a1", "trace-01.b_C", "x" * 64])
def test_a_usable_request_id_comes_back(server: RunningServer, sent: str) -> None:
    for path in ("/healthz", "/nothing", "/documents/ferry"):
        assert httpx.get(server.url + path, headers={"X-Request-ID": sent}).headers["x-request-id"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 65, "a b", "a\tb", "{}", "é"])
def test_any_other_is_replaced(server: RunningServer, sent: str) -> None:
    headers = {"X-Request-ID": sent.encode("latin-1")}
    given = [httpx.get(f"{server.url}/healthz", headers=headers).headers["x-request-id"] for _ in range(2)]
    assert len(set(given)) == 2
    assert all(len(one) == 32 and one.isalnum() for one in given)


@pytest.fixture
def log_stream() -> Iterator[io.StringIO]:
    """What the server logs as JSON, while the test runs."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("rag")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.setLevel(level)
    logger.removeHandler(handler)


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("wanted", [False, True])
def test_the_lines_of_a_request_share_its_id_and_hold_the_question_only_where_wanted(
    serve: Callable[[Service], str], service: Service, log_stream: io.StringIO, wanted: bool
) -> None:
    other = Service(service.settings.model_copy(update={"log_questions": wanted}))
    other._state = service.state
    url = serve(other)
    headers = {"X-Request-ID": "mine"}
    secret = "Has Ilse Brandt an unusual hobby?"
    httpx.post(f"{url}/api/ask", json={"question": secret, "conversation_id": "talk-7"}, headers=headers, timeout=30)
    httpx.post(f"{url}/v1/chat/completions", json={"messages": [{"role": "user", "content": secret}]}, timeout=30)
    httpx.get(f"{url}/api/search", params={"q": secret}, timeout=30)
    httpx.delete(f"{url}/api/conversations/talk-7")
    mine = [line for line in lines(log_stream) if line.get("request_id") == "mine"]
    assert [line["message"] for line in mine] == ["answered", "request"]
    answered, request = mine
    assert answered["answerer"] == "extractive"
    assert {"method": "POST", "route": "/api/ask", "status": 200}.items() <= request.items()
    assert ("unusual hobby" in log_stream.getvalue()) is wanted
    assert answered.get("question") == (secret if wanted else None)
    assert "talk-7" not in log_stream.getvalue()
    assert "127.0.0.1" not in log_stream.getvalue()


class Broken:
    """An assistant with a fault."""

    answerer = "extractive"

    def stream(self, question: object) -> Iterator[object]:
        raise RuntimeError("a fault inside")


def test_a_fault_is_a_500_without_details_and_a_line_with_them(
    serve: Callable[[Service], str], service: Service, log_stream: io.StringIO
) -> None:
    broken = Service(service.settings)
    broken._state = Ready(Broken(), service.ready().collection)
    headers = {"X-Request-ID": "broken"}
    response = httpx.post(f"{serve(broken)}/api/ask", json={"question": "Who?"}, headers=headers)
    assert response.status_code == 500
    assert response.headers["x-request-id"] == "broken"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.json()["error"]["code"] == "internal"
    assert "a fault inside" not in response.text
    (fault,) = [line for line in lines(log_stream) if "error" in line]
    assert fault["request_id"] == "broken"
    assert "a fault inside" in fault["error"]


def record(**extra: object) -> logging.LogRecord:
    made = logging.LogRecord("rag.web", logging.INFO, __file__, 1, "went %s", ("well\nand on",), None)
    made.__dict__.update(extra)
    return made


def test_a_json_line_is_one_line_and_a_plain_one_shows_the_same() -> None:
    token = request_id.set("r1")
    try:
        formatted = JsonLines().format(record(fields={"status": 200}))
        plain = PlainLines().format(record(fields={"status": 200}))
    finally:
        request_id.reset(token)
    assert "\n" not in formatted
    line = json.loads(formatted)
    assert line["time"].endswith("+00:00")
    assert {"level": "info", "logger": "rag.web", "message": "went well\nand on"}.items() <= line.items()
    assert {"request_id": "r1", "status": 200}.items() <= line.items()
    assert plain.endswith("status=200 request_id=r1")


@pytest.mark.parametrize(("log_format", "as_json"), [("json", True), ("text", False), ("auto", True)])
def test_logging_is_json_unless_it_is_read_in_a_terminal(log_format: str, as_json: bool) -> None:
    root, rag = logging.getLogger(), logging.getLogger("rag")
    kept, level = root.handlers[:], rag.level
    root.handlers.clear()  # so that none of them is closed
    stream = io.StringIO()
    try:
        configure_logging(log_format, stream)
        logging.getLogger("rag.web").info("here")
        logging.getLogger("other").info("not here")
    finally:
        root.handlers[:] = kept
        rag.setLevel(level)
    assert stream.getvalue().startswith("{") is as_json
    assert "not here" not in stream.getvalue()
