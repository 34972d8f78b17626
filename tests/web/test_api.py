"""The HTTP interface over a real index: answers, events, documents, health, and errors in one shape."""

import json
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest
from serving import RunningServer

from index.types import Progress
from rag.question import MAX_QUESTION_CHARS
from rag.service import Building, Failed, Service
from rag.types import Answer
from rag.web.application import MAX_BODY_BYTES
from rag.web.streaming import MAX_HISTORY

QUESTION = "What did the mediator Ilse Brandt say about the exchange of prisoners?"


@pytest.fixture
def http(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def ask_json(http: httpx.Client, **body: object) -> httpx.Response:
    return http.post("/api/ask", json=body)


def error_of(response: httpx.Response) -> dict[str, str]:
    """The error, after a look at its shape."""
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert "Traceback" not in response.text
    return body["error"]


def test_ask_gives_an_answer_whose_quotes_stand_in_the_documents(http: httpx.Client) -> None:
    answer = Answer.model_validate(ask_json(http, question=QUESTION).json())
    assert answer.status == "answered"
    assert "120 prisoners" in answer.text
    for citation in answer.citations:
        text = http.get(f"/api/documents/{citation.document_id}").json()["text"]
        assert text[citation.start : citation.end] == citation.quote


def test_as_of_leaves_later_documents_out(http: httpx.Client) -> None:
    answer = ask_json(http, question=QUESTION, as_of="2026-01-31").json()
    assert answer["coverage"]["as_of"] == "2026-01-31"
    assert all(citation["date"] <= "2026-01-31" for citation in answer["citations"])


def test_the_event_stream_ends_with_the_same_answer_and_its_tokens_add_up(http: httpx.Client) -> None:
    response = http.post("/api/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = parse_events(response.text)
    names = [name for name, _ in events]
    assert names[0] == "status"
    assert names[-1] == "answer"
    assert set(names) == {"status", "token", "answer"}
    answer = events[-1][1]
    assert "".join(data["text"] for name, data in events if name == "token") == answer["text"]
    plain = ask_json(http, question=QUESTION).json()
    own = {"timings_ms": None, "answer_id": None, "conversation_id": None}
    assert {**answer, **own} == {**plain, **own}


def test_a_bad_question_is_refused_before_the_stream_begins(http: httpx.Client) -> None:
    response = http.post("/api/ask", json={"question": " "}, headers={"Accept": "text/event-stream"})
    assert response.status_code == 400
    assert error_of(response)["code"] == "bad_question"


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"question": ""}, "bad_question", "empty"),
        ({"question": "\u0000\u001b"}, "bad_question", "empty"),
        ({"question": "a" * 20_000}, "bad_question", f"at most {MAX_QUESTION_CHARS:,}"),
        ({"question": 5}, "bad_request", "question cannot be used"),
        ({"question": None}, "bad_request", "question cannot be used"),
        ({"question": ["a"]}, "bad_request", "question cannot be used"),
        ({}, "bad_request", "question cannot be used: field required"),
        ({"question": "Who?", "as_of": "yesterday"}, "bad_request", "as_of cannot be used"),
        ({"question": "Who?", "history": [""]}, "bad_question", "empty"),
        ({"question": "Who?", "history": ["Who?"] * (MAX_HISTORY + 1)}, "bad_request", "history cannot be used"),
    ],
)
def test_what_cannot_be_asked_is_a_400_with_one_sentence(
    http: httpx.Client, body: dict[str, object], code: str, words: str
) -> None:
    response = ask_json(http, **body)
    assert response.status_code == 400
    error = error_of(response)
    assert error["code"] == code
    assert words in error["message"]
    assert "\n" not in error["message"]


def test_a_body_that_is_not_json_is_a_400(http: httpx.Client) -> None:
    response = http.post("/api/ask", content=b"{", headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert "not valid JSON" in error_of(response)["message"]


def test_a_body_over_the_limit_is_a_413_with_or_without_a_length(http: httpx.Client) -> None:
    body = json.dumps({"question": "a" * MAX_BODY_BYTES}).encode()
    for content in (body, iter([body])):
        response = http.post("/api/ask", content=content, headers={"Content-Type": "application/json"})
        assert response.status_code == 413
        assert error_of(response)["code"] == "content_too_large"


@pytest.mark.parametrize("path", ["/nothing", "/api/nothing", "/api/documents/nothing", "/parley/nothing"])
def test_an_unknown_address_is_a_404_in_the_same_shape(http: httpx.Client, path: str) -> None:
    response = http.get(path)
    assert response.status_code == 404
    assert error_of(response)["code"] == "not_found"


def test_a_wrong_method_is_a_405_in_the_same_shape(http: httpx.Client) -> None:
    response = http.delete("/api/documents")
    assert response.status_code == 405
    assert error_of(response)["code"] == "method_not_allowed"


def test_the_list_of_documents_has_the_newest_first_and_no_texts(http: httpx.Client) -> None:
    listed = http.get("/api/documents").json()
    assert [document["id"] for document in listed["documents"]] == ["ferry", "lake-conference", "grain"]
    assert listed["coverage"] == {"documents": 3, "oldest": "2026-01-10", "newest": "2026-02-20", "as_of": None}
    assert all("text" not in document for document in listed["documents"])


def test_health_and_readiness_of_a_ready_server(http: httpx.Client) -> None:
    assert http.get("/healthz").json() == {"status": "alive"}
    ready = http.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["answerer"] == "extractive"
    assert len(ready.json()["index_version"]) == 12
    assert ready.json()["coverage"]["documents"] == 3


def test_while_building_everything_that_needs_the_index_is_a_503_with_retry_after(
    serve: Callable[[Service], str], service: Service
) -> None:
    building = Service(service.settings)
    building._state = Building(Progress("embedding", 3, 9, 1.5, 4.0))
    with httpx.Client(base_url=serve(building)) as http:
        assert http.get("/healthz").status_code == 200
        ready = http.get("/readyz")
        assert ready.status_code == 503
        pace = {"per_second": 1.5, "seconds_left": 4.0}
        assert ready.json()["progress"] == {"stage": "embedding", "done": 3, "total": 9, **pace}
        for response in (ask_json(http, question=QUESTION), http.get("/api/documents"), http.get("/documents/ferry")):
            assert response.status_code == 503
            assert int(response.headers["retry-after"]) > 0
        assert error_of(ask_json(http, question=QUESTION))["code"] == "index_not_ready"


def test_a_failed_server_says_why(serve: Callable[[Service], str], service: Service) -> None:
    failed = Service(service.settings)
    failed._state = Failed("storage", "The disk is full; free some space.")
    with httpx.Client(base_url=serve(failed)) as http:
        ready = http.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["error"] == {"code": "storage", "message": "The disk is full; free some space."}
        assert error_of(ask_json(http, question=QUESTION))["message"] == "The disk is full; free some space."


@pytest.mark.parametrize(
    "request_line",
    [
        "POST /gradio_api/upload",
        "POST /upload",
        "GET /gradio_api/upload_progress",
        "GET /gradio_api/file=/etc/passwd",
        "GET /file=/etc/passwd",
        "GET /gradio_api/file/etc/passwd",
        "GET /gradio_api/proxy=http://127.0.0.1/",
        "GET /proxy=http://127.0.0.1/",
        "GET /monitoring",
        "GET /monitoring/summary",
        "GET /gradio_api/deep_link",
        "GET /gradio_api/runs",
        "GET /gradio_api/info",
        "GET /gradio_api/openapi.json",
        "GET /gradio_api/token",
        "POST /login",
        "POST /gradio_api/call/answer",
        "POST /gradio_api/vibe-edit",
        "POST /gradio_api/process_recording",
        "GET /custom_component/a/b/c/d",
        "GET /static/../routes.py",
        "GET /assets/..%2f..%2froutes.py",
        "GET /redoc",
    ],
)
def test_gradio_routes_that_the_page_does_not_need_are_closed(http: httpx.Client, request_line: str) -> None:
    method, path = request_line.split(" ")
    response = http.request(method, path)
    assert response.status_code == 404
    assert error_of(response)["code"] == "not_found"


@pytest.mark.parametrize(
    "path", ["/", "/documents/ferry", "/documents/nothing", "/api/documents", "/parley/page.js", "/embed", "/demo"]
)
def test_every_response_has_a_policy_without_eval(http: httpx.Client, path: str) -> None:
    headers = http.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert "unsafe-inline" not in policy["script-src"]
    assert policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_page_names_no_other_host(http: httpx.Client) -> None:
    page = http.get("/").text
    assert "githubusercontent" not in page
    assert "gradio.app" not in page.split("<script")[0]


def test_twenty_readers_at_once_all_get_the_same_answer(http: httpx.Client) -> None:
    texts: list[str] = []
    readers = [
        threading.Thread(target=lambda: texts.append(ask_json(http, question=QUESTION).json()["text"]))
        for _ in range(20)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(texts) == 20
    assert len(set(texts)) == 1


def test_a_reader_who_leaves_a_stream_does_not_block_the_next(http: httpx.Client, server: RunningServer) -> None:
    for _ in range(8):
        with http.stream(
            "POST", "/api/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}
        ) as left:
            next(left.iter_lines())
    assert ask_json(http, question=QUESTION).json()["status"] == "answered"


def parse_events(text: str) -> list[tuple[str, dict[str, object]]]:
    """An independent reading of text/event-stream: (event, data) in order; comments are skipped."""
    events = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events
