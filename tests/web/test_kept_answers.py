"""Answers that are kept: read again, judged, gone on from, deleted, exported."""

import csv
import io
import json
from collections.abc import Iterator

import httpx
import pytest
from serving import RunningServer

from rag import feedback
from rag.types import Answer

QUESTION = "What did the mediator Ilse Brandt say about the exchange of prisoners?"


@pytest.fixture
def http(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def ask(http: httpx.Client, question: str = QUESTION, **body: object) -> dict:
    response = http.post("/api/ask", json={"question": question, **body})
    assert response.status_code == 200, response.text
    return response.json()


def test_an_answer_can_be_read_again_as_it_was_given(http: httpx.Client) -> None:
    answer = ask(http)
    kept = http.get(f"/api/answers/{answer['answer_id']}").json()
    asked_at = kept.pop("asked_at")
    assert kept == answer
    assert asked_at.endswith("Z")
    assert Answer.model_validate(kept).conversation_id


def test_an_answer_that_is_not_kept_is_a_404(http: httpx.Client) -> None:
    response = http.get("/api/answers/nothing")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_the_history_of_a_known_conversation_need_not_be_sent(http: httpx.Client) -> None:
    first = ask(http)
    second = ask(http, "And when did she expect it?", conversation_id=first["conversation_id"])
    assert second["conversation_id"] == first["conversation_id"]
    assert second["standalone_question"] == f"{QUESTION} And when did she expect it?"


def test_a_history_that_is_sent_goes_before_the_stored_one(http: httpx.Client) -> None:
    first = ask(http)
    second = ask(
        http,
        "And when did it come back?",
        conversation_id=first["conversation_id"],
        history=["When did the ferry run?"],
    )
    assert second["standalone_question"] == "When did the ferry run? And when did it come back?"


def test_a_conversation_may_be_named_by_the_caller(http: httpx.Client) -> None:
    assert ask(http, conversation_id="reader-7/talk 1")["conversation_id"] == "reader-7/talk 1"
    assert http.delete("/api/conversations/reader-7/talk 1").json() == {"deleted": 1}


def test_a_deleted_conversation_cannot_be_read_or_gone_on_from(http: httpx.Client) -> None:
    first = ask(http)
    ask(http, conversation_id=first["conversation_id"])
    address = f"/api/conversations/{first['conversation_id']}"
    assert http.delete(address).json() == {"deleted": 2}
    assert http.get(f"/api/answers/{first['answer_id']}").status_code == 404
    alone = ask(http, "And when did she expect it?", conversation_id=first["conversation_id"])
    assert alone["standalone_question"] == "And when did she expect it?"
    assert http.delete("/api/conversations/nothing").json() == {"deleted": 0}


def test_feedback_is_kept_and_exported(
    http: httpx.Client, server: RunningServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARLEY_HOME", str(server.service.settings.home))
    answer = ask(http)
    given = {"answer_id": answer["answer_id"], "rating": "down", "comment": '=HYPERLINK("https://evil.example")'}
    assert http.post("/api/feedback", json=given).json() == given

    assert feedback.main(["export"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (row,) = [row for row in rows if row["answer_id"] == answer["answer_id"]]
    assert (row["rating"], row["comment"], row["question"]) == ("down", given["comment"], QUESTION)
    assert row["documents"] == ["lake-conference"]
    assert row["text"] == answer["text"]

    assert feedback.main(["export", "--format", "csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    (cells,) = [cells for cells in table if cells["answer_id"].removeprefix("'") == answer["answer_id"]]
    assert cells["comment"] == "'" + given["comment"]
    assert cells["text"] == answer["text"]


def test_an_export_without_a_home_says_so(
    tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARLEY_HOME", str(tmp_path / "nowhere"))
    assert feedback.main(["export"]) == 1
    assert "PARLEY_HOME" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"answer_id": "nothing", "rating": "up"}, 404, "unknown_answer"),
        ({"answer_id": "nothing", "rating": "sideways"}, 400, "bad_request"),
        ({"answer_id": "nothing", "rating": "up", "comment": "a" * 2_001}, 400, "bad_request"),
        ({"rating": "up"}, 400, "bad_request"),
    ],
)
def test_feedback_that_cannot_be_kept_is_refused(
    http: httpx.Client, body: dict[str, str], status: int, code: str
) -> None:
    response = http.post("/api/feedback", json=body)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
