"""A tiny server that speaks Parley's HTTP contract, and builders for answers, questions and rows."""

import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index.types import Coverage, Document
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.rows import Row
from rag.types import Answer, AnswerSentence, Citation

BERLIN = Document(
    id="berlin",
    title="Berlin talks",
    date=dt.date(2025, 12, 15),
    language="en",
    text="Chancellor Friedrich Merz hosted the talks. They lasted five hours.",
)
DAVOS = Document(
    id="davos",
    title="Davos",
    date=dt.date(2026, 1, 22),
    language="en",
    text='Steve Witkoff said the talks were "down to one issue". He did not name it.',
)


def _answer(
    question: str, *cited: tuple[Document, str], said: str | None = None, as_of: dt.date | None = None
) -> Answer:
    """An answer that quotes each cited document, or an abstention if none is; `said` replaces the first sentence."""
    sentences, citations = [], []
    for marker, (document, quote) in enumerate(cited, start=1):
        start = document.text.index(quote)
        text = said if said is not None and marker == 1 else quote
        sentences.append(AnswerSentence(text=text, citations=(marker,), support=1.0))
        citations.append(
            Citation(
                marker=marker,
                document_id=document.id,
                title=document.title,
                publisher="A paper",
                date=document.date,
                url="https://example.org/a",
                language=document.language,
                quote=quote,
                start=start,
                end=start + len(quote),
            )
        )
    shown = [f"{sentence.text} [{sentence.citations[0]}]" for sentence in sentences]
    return Answer(
        question=question,
        standalone_question=question,
        status="answered" if cited else "abstained",
        text=" ".join(shown) or "The documents do not say.",
        sentences=tuple(sentences),
        citations=tuple(citations),
        coverage=Coverage(documents=2, as_of=as_of),
        index_version="0123456789ab",
    )


@dataclass
class ScriptedServer:
    """What the server does can be changed while it runs: an answer, or a status with headers, for each question."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    refusals: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=lambda: [BERLIN, DAVOS])
    index_version: str = "0123456789ab"
    asked: list[str] = field(default_factory=list)
    delay_s: float = 0

    def respond(self, method: str, path: str, body: dict) -> tuple[int, dict[str, str], object]:
        if path == "/api/ask" and method == "POST":
            return self._ask(body)
        if path == "/api/documents":
            listed = [
                document.model_dump(mode="json") | {"characters": len(document.text)} for document in self.documents
            ]
            return 200, {}, {"coverage": {"documents": len(listed)}, "documents": listed}
        if path == "/readyz":
            return 200, {}, {"status": "ready", "index_version": self.index_version}
        for document in self.documents:
            if path == f"/api/documents/{document.id}":
                return 200, {}, document.model_dump(mode="json")
        return 404, {}, {"error": {"code": "not_found", "message": "There is nothing at this address."}}

    def _ask(self, body: dict) -> tuple[int, dict[str, str], object]:
        question = body["question"]
        self.asked.append(question)
        time.sleep(self.delay_s)
        if self.refusals.get(question):
            status, headers = self.refusals[question].pop(0)
            return status, headers, {"error": {"code": "refused", "message": "Not now."}}
        answer = self.answers.get(question) or _answer(question)
        return 200, {}, json.loads(answer.model_copy(update={"index_version": self.index_version}).model_dump_json())


def _handler(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET", {})

        def do_POST(self) -> None:
            self._answer("POST", json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, method: str, body: dict) -> None:
            status, headers, reply = server.respond(method, self.path, body)
            data = json.dumps(reply).encode()
            self.send_response(status)
            for name, value in {
                "Content-Length": str(len(data)),
                "Content-Type": "application/json",
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            """Quiet: a test's output is its own."""

    return Handler


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(scripted))
    http.daemon_threads = True
    scripted.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield scripted
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture
def berlin() -> Document:
    return BERLIN


@pytest.fixture
def davos() -> Document:
    return DAVOS


@pytest.fixture
def make_answer() -> Callable[..., Answer]:
    return _answer


@pytest.fixture
def make_row() -> Callable[..., Row]:
    """A row of a given outcome, with the scores that a test is about."""

    def build(question_id: str, *, outcome: str = "right", answer: Answer | None = None, **fields: object) -> Row:
        scores = fields.pop("scores", {"right": float(outcome in ("right", "corrected"))})
        asked = {
            name: fields.pop(name) for name in ("type", "language", "group", "answerable", "relevant") if name in fields
        }
        question = EvalQuestion(id=question_id, question=f"Question {question_id}?", **asked)
        cited = answer or _answer(question.question, *([] if outcome == "abstained" else [(BERLIN, BERLIN.text[:43])]))
        return Row(question=question, answer=cited, outcome=outcome, scores=scores, confidence=1.0, **fields)

    return build


@pytest.fixture
def share_of_words() -> Callable[[str, str], float]:
    """A support scorer that can be checked by hand: the share of the claim's words that the evidence holds."""

    def support(evidence: str, claim: str) -> float:
        words = claim.casefold().split()
        return sum(word in evidence.casefold().split() for word in words) / len(words)

    return support
