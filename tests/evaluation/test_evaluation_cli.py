"""The commands, from the files to the exit status."""

import json
import re
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from rag.evaluation.__main__ import main


@pytest.fixture
def questions(tmp_path, server, berlin, make_answer):
    rows = [
        {"id": "q1", "question": "Who hosted?", "type": "who", "must_include": [["Merz"]], "relevant": ["berlin"]},
        {"id": "q2", "question": "What did it cost?", "type": "unanswerable", "answerable": False},
    ]
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    server.answers["Who hosted?"] = make_answer("Who hosted?", (berlin, "Chancellor Friedrich Merz hosted the talks."))
    return path


def test_run_compare_and_gate_over_a_server(tmp_path, server, questions, capsys):
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    assert main(["run", str(questions), "--out", a, "--server", server.url]) == 0
    printed = capsys.readouterr()
    assert re.search(r"right +100% +100% to 100% +n=2", printed.out)
    assert "2/2" in printed.err
    assert {"report.json", "rows.jsonl", "report.html", "run.json"} == {
        path.name for path in (tmp_path / "a").iterdir()
    }

    assert main(["gate", a, "--min", "right=1", "--max", "errors=0"]) == 0
    assert main(["gate", a, "--min", "right=1.1"]) == 1
    assert "FAIL right = 1 (n=2), >= 1.1" in capsys.readouterr().out

    del server.answers["Who hosted?"]
    assert main(["run", str(questions), "--out", b, "--server", server.url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"]["right"]["value"] == 0.5
    assert main(["compare", a, b]) == 0
    assert "- q1: right -> abstained  Who hosted?" in capsys.readouterr().out
    assert main(["compare", a, b, "--json"]) == 0
    right = next(
        each for each in json.loads(capsys.readouterr().out)["differences"] if each["measure"]["name"] == "right"
    )
    assert (right["change"], right["verdict"]) == (-0.5, "unclear")


def test_failed_questions_make_the_run_fail(tmp_path, server, questions, capsys):
    server.refusals["Who hosted?"] = [(500, {})]
    assert main(["run", str(questions), "--out", str(tmp_path / "a"), "--server", server.url]) == 1
    assert "1 questions failed" in capsys.readouterr().err


def test_a_sample_is_asked(tmp_path, server, questions, capsys):
    assert main(["run", str(questions), "--out", str(tmp_path / "a"), "--server", server.url, "--sample", "1"]) == 0
    assert server.asked == ["Who hosted?"]


def test_ctrl_c_says_how_to_go_on_and_the_next_run_does(tmp_path, server, questions):
    command = [sys.executable, "-m", "rag.evaluation", "run", str(questions), "--out", str(tmp_path / "a")]
    with subprocess.Popen(
        [*command, "--server", server.url],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # tests in the background ignore it
    ) as process:
        deadline = time.monotonic() + 60
        while len(server.asked) < 2 and time.monotonic() < deadline:
            server.delay_s = 10 if server.asked else 0.5  # the second answer does not come before the signal
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "run the same command again to go on" in stderr
    assert "Traceback" not in stderr
    server.delay_s = 0
    server.asked.clear()
    assert main([*command[3:], "--server", server.url]) == 0
    assert server.asked == ["What did it cost?"]


def test_errors_are_one_line_on_stderr(tmp_path, capsys):
    assert main(["run", str(tmp_path / "none.jsonl"), "--out", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: no questions at ")


def test_validate_reads_the_documents(tmp_path, questions, capsys):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "berlin.md").write_text("---\nid: berlin\ntitle: Berlin\n---\nScholz hosted.", encoding="utf-8")
    assert main(["validate", str(questions)]) == 0
    assert main(["validate", str(questions), "--documents", str(folder)]) == 1
    assert "q1: no relevant document contains Merz" in capsys.readouterr().out


def test_load_asks_about_the_servers_own_documents(server, capsys):
    assert main(["load", server.url, "--readers", "2", "--seconds", "0.2"]) == 0
    assert set(server.asked) == {"Berlin talks", "Davos"}
    assert re.search(r"\d+ answers in", capsys.readouterr().out)


def test_a_gate_without_bounds_is_refused(tmp_path, capsys):
    assert main(["gate", str(tmp_path)]) == 1
    assert "--min NAME=VALUE" in capsys.readouterr().err
