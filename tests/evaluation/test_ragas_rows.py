"""Rows judged by ragas; its judge is a real HTTP server that speaks the OpenAI protocol and says what a test wants."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rag.evaluation.errors import EvaluationError
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.ragas_rows import judge_rows, main, mean_lines, open_ragas_judge, ragas_rows
from rag.evaluation.rows import Row, write_rows
from rag.evaluation.targets import FoundPassage

# ragas reads a file of its own and leaves it open.
pytestmark = pytest.mark.filterwarnings(r"ignore:(?s).*ragas/uuid\.json:pytest.PytestUnraisableExceptionWarning")

QUESTION = EvalQuestion(
    id="q1", question="Who hosted?", answer="Merz hosted. It was in Berlin.", relevant={"berlin": 1, "davos": 0}
)


def with_ragas() -> None:
    pytest.importorskip("ragas", reason="the optional requirements-eval.txt is not installed")


@dataclass
class ScriptedJudge:
    """Replies by the shape that is asked for, which ragas puts into its prompt as a JSON schema."""

    url: str = ""
    replies: dict[str, Callable[[str], dict]] = field(default_factory=dict)
    models: set[str] = field(default_factory=set)
    prompts: list[str] = field(default_factory=list)

    def complete(self, body: dict) -> str:
        prompt = "\n".join(message["content"] for message in body["messages"])
        self.models.add(body["model"])
        self.prompts.append(prompt)
        for shape, reply in self.replies.items():
            if shape in prompt:
                return json.dumps(reply(prompt))
        return "I would rather not say."


def verdicts(*supported: int) -> dict:
    return {"statements": [{"statement": "s", "reason": "r", "verdict": each} for each in supported]}


def attributions(*attributed: int) -> dict:
    return {"classifications": [{"statement": "s", "reason": "r", "attributed": each} for each in attributed]}


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ScriptedJudge]:
    """Finds one of two statements supported, useful only what is about Berlin, and all of the reference covered."""
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    scripted = ScriptedJudge(
        replies={
            "StatementFaithfulnessAnswer": lambda prompt: verdicts(1, 0),
            "The generated statements": lambda prompt: {"statements": ["Merz hosted.", "It rained."]},
            "ContextRecallClassification": lambda prompt: attributions(1, 1),
            "Reason for verification": lambda prompt: {
                "reason": "r",
                "verdict": int("Berlin talks" in prompt.rpartition('"context"')[2]),
            },
        }
    )
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(scripted))
    http.daemon_threads = True
    scripted.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield scripted
    http.shutdown()
    thread.join()
    http.server_close()


def _handler(judge: ScriptedJudge) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            message = {"role": "assistant", "content": judge.complete(body)}
            reply = {
                "id": "c",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
            data = json.dumps(reply).encode()
            self.send_response(200 if self.path == "/v1/chat/completions" else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            """Quiet: a test's output is its own."""

    return Handler


@pytest.fixture
def answered(make_answer, berlin, davos) -> Row:
    """An answer whose passages are, in this order, one about Davos and one about Berlin."""
    passages = tuple(
        FoundPassage(
            document_id=each.id,
            title=each.title,
            date=each.date,
            start=0,
            end=len(each.text),
            score=1.0,
            text=each.text,
        )
        for each in (davos, berlin)
    )
    answer = make_answer(QUESTION.question, (berlin, berlin.text[:43]))
    return Row(question=QUESTION, answer=answer, outcome="right", passages=passages)


def test_a_row_becomes_a_sample_with_passages_under_title_and_date(answered, berlin, davos):
    with_ragas()
    sample = ragas_rows([answered]).dataset[0]
    assert sample.user_input == "Who hosted?"
    assert sample.response == "Chancellor Friedrich Merz hosted the talks."
    assert sample.reference == "Merz hosted. It was in Berlin."
    assert sample.retrieved_context_ids == ["davos", "berlin"]
    assert sample.retrieved_contexts[1].startswith("Berlin talks. 2025-12-15 15 December 2025")
    assert sample.retrieved_contexts[1].endswith(berlin.text)
    assert sample.reference_context_ids == ["berlin"]


def test_without_passages_the_quotes_are_the_contexts(answered):
    with_ragas()
    sample = ragas_rows([answered.model_copy(update={"passages": None})]).dataset[0]
    assert sample.retrieved_context_ids == ["berlin"]
    assert sample.retrieved_contexts[0].endswith("Chancellor Friedrich Merz hosted the talks.")


def test_abstentions_and_failures_are_counted_but_not_judged(answered, make_row):
    with_ragas()
    failed = Row(question=EvalQuestion(id="q3", question="And?"), error="timeout: no answer")
    judged = ragas_rows([make_row("q2", outcome="abstained"), answered, failed])
    assert judged.ids == ("q1",)
    assert (len(judged.dataset), judged.abstained, judged.failed) == (1, 1, 1)


def test_a_run_without_any_answer_cannot_be_judged(make_row):
    with pytest.raises(EvaluationError, match="none of the 1 rows is an answer"):
        ragas_rows([make_row("q2", outcome="abstained")])


def test_ragas_scores_what_the_judge_finds(answered, judge):
    with_ragas()
    scores = judge_rows(ragas_rows([answered]), open_ragas_judge("scripted", judge.url))
    assert scores == [
        {
            "faithfulness": 0.5,  # one of the two statements
            "context_precision": pytest.approx(0.5),  # the only useful passage stands second
            "context_recall": 1.0,
        }
    ]
    assert judge.models == {"scripted"}
    assert any("Merz hosted. It was in Berlin." in prompt for prompt in judge.prompts)


def test_a_row_without_a_reference_answer_has_only_the_scores_that_need_none(answered, judge):
    with_ragas()
    row = answered.model_copy(update={"question": QUESTION.model_copy(update={"answer": None})})
    judged = ragas_rows([row])
    scores = judge_rows(judged, open_ragas_judge("scripted", judge.url))
    assert scores == [{"faithfulness": 0.5, "context_precision": None, "context_recall": None}]
    assert "context_recall       none   0 of 1 answers scored" in mean_lines(judged, scores)


def test_a_judge_that_gives_no_verdict_leaves_no_score(answered, judge):
    with_ragas()
    del judge.replies["StatementFaithfulnessAnswer"]
    (scores,) = judge_rows(ragas_rows([answered]), open_ragas_judge("scripted", judge.url))
    assert scores["faithfulness"] is None
    assert scores["context_recall"] == 1.0


def test_a_judge_that_refuses_stops_the_run_and_says_why(answered, judge):
    with_ragas()
    with pytest.raises(EvaluationError, match="refused or cannot be reached: Error code: 404"):
        judge_rows(ragas_rows([answered]), open_ragas_judge("scripted", judge.url + "/elsewhere"))


def test_the_command_prints_a_line_a_row_and_the_means(answered, judge, make_row, tmp_path, capsys):
    with_ragas()
    write_rows(tmp_path, [answered, make_row("q2", outcome="abstained")])
    assert main([str(tmp_path), "--judge", "scripted", "--base-url", judge.url]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["id"] == "q1"
    assert re.search(r"faithfulness +0\.500 +1 of 1 answers scored", output.err)
    assert "left out: 1 abstentions, 0 failed questions" in output.err


def test_without_ragas_the_command_says_what_to_install(answered, tmp_path):
    write_rows(tmp_path, [answered])
    code = (
        "import sys; sys.modules['ragas'] = None\n"
        "from rag.evaluation.ragas_rows import main\n"
        f"sys.exit(main([{str(tmp_path)!r}, '--judge', 'nobody']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install -r requirements-eval.txt" in done.stderr
