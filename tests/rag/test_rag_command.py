import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.settings import Settings
from rag.types import Answer

ROOT = Path(__file__).parents[2]
FLIGHT = "Where were Witkoff and Kushner to fly after Moscow in January 2026?"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(seed_settings: Settings) -> Run:
    """Runs `python -m rag …` over the index of the shipped documents."""

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PARLEY_HOME": str(seed_settings.home), "PARLEY_SEEDS": str(seed_settings.seeds)}
        command = [sys.executable, "-m", "rag", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, input=stdin, capture_output=True, text=True)

    return run


def rows_of(result: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_ask_prints_the_answer_with_its_sources(run: Run) -> None:
    result = run("ask", FLIGHT)
    assert result.returncode == 0, result.stderr
    assert "[1]" in result.stdout
    assert "“" in result.stdout
    assert "2026-01-22" in result.stdout


def test_ask_as_json_is_the_answer_contract(run: Run) -> None:
    result = run("ask", "-", "--json", "--as-of", "2026-02-01", stdin=FLIGHT)
    answer = Answer.model_validate_json(result.stdout)
    assert answer.question == FLIGHT
    assert answer.coverage.as_of.isoformat() == "2026-02-01"


def test_batch_answers_each_line_and_keeps_its_id(run: Run, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    follow_up = {"id": "b", "question": "And why?", "history": [FLIGHT], "as_of": None}
    lines = [{"id": "a", "question": FLIGHT}, follow_up, {"id": 3, "question": "Who is Rutte?", "as_of": "2026-03-01"}]
    questions.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", encoding="utf-8")
    result = run("batch", str(questions))
    assert result.returncode == 0, result.stderr
    rows = rows_of(result)
    assert [row["id"] for row in rows] == ["a", "b", 3]
    assert FLIGHT in rows[1]["standalone_question"]
    assert rows[2]["coverage"]["as_of"] == "2026-03-01"


def test_a_bad_row_gets_its_error_and_the_others_their_answers(run: Run) -> None:
    lines = [
        {"id": "empty", "question": ""},
        {"id": "none"},
        {"id": "number", "question": 7},
        {"id": "date", "question": FLIGHT, "as_of": "soon"},
        {"id": "history", "question": FLIGHT, "history": 5},
        {"id": "good", "question": FLIGHT},
    ]
    result = run("batch", "-", stdin="\n".join(map(json.dumps, lines)))
    rows = {row["id"]: row for row in rows_of(result)}
    assert len(rows) == 6
    assert rows["good"]["status"] == "answered"
    assert all(rows[line["id"]]["error"]["message"] for line in lines[:5])
    assert result.returncode == 1
    assert "5 of 6 questions" in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [("{not json}", "line 1 is not JSON"), ("[1]", "line 1 is list"), (b"\xff\xfe\x00", "cannot be read")],
)
def test_a_file_that_is_no_jsonl_is_one_clear_error(
    run: Run, tmp_path: Path, content: str | bytes, message: str
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("batch", str(file))
    assert (result.returncode, result.stdout) == (1, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_search_gives_k_passages_with_their_place(run: Run, seed_settings: Settings) -> None:
    result = run("search", "-", "-k", "3", stdin=json.dumps({"id": "a", "question": FLIGHT}))
    (row,) = rows_of(result)
    assert len(row["passages"]) == 3
    assert row["passages"][0].keys() == {"document_id", "start", "end", "score"}


def test_check_scores_pairs_without_an_index(run: Run) -> None:
    evidence = "Umerov led the Ukrainian team in Abu Dhabi."
    lines = [
        {"id": 1, "evidence": evidence, "claim": evidence},
        {"id": 2, "evidence": evidence, "claim": "Lavrov hosted a dinner in Lisbon."},
        {"id": 3, "evidence": evidence},
    ]
    result = run("check", "-", stdin="\n".join(map(json.dumps, lines)))
    rows = rows_of(result)
    assert rows[0]["support"] == 1.0
    assert rows[1]["support"] < 0.3
    assert "claim" in rows[2]["error"]["message"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ask", ""), "empty"),
        (("ask", "\u200b"), "empty"),
        (("ask", "x" * 20_000), "20,000 characters"),
        (("ask", "?!"), "no letters"),
        (("batch", "no-such-file.jsonl"), "cannot be read"),
    ],
)
def test_bad_input_is_one_line_on_stderr(run: Run, arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (1, "")
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [("ask", "Who?", "--as-of", "tomorrow"), ("search", "-", "-k", "0"), ()])
def test_bad_options_are_refused_with_what_would_do(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.returncode == 2
    assert "error" in result.stderr
