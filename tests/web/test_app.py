"""`python app.py` as a user starts it: at once, in order, and clear about what it cannot do."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from library import write_library
from serving import ROOT, free_port, wait_for


@pytest.fixture
def start_app(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts app.py over the test documents, with a home of its own."""
    write_library(tmp_path / "seeds")
    running: list[subprocess.Popen] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen:
        variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")},
            "PARLEY_HOME": str(tmp_path / "home"),
            "PARLEY_SEEDS": str(tmp_path / "seeds"),
            **environment,
        }
        command = [sys.executable, str(ROOT / "app.py"), *arguments]
        process = subprocess.Popen(command, cwd=tmp_path, env=variables, stderr=subprocess.PIPE, text=True)
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_it_serves_the_page_answers_and_stops_cleanly(start_app: Callable[..., subprocess.Popen]) -> None:
    port = free_port()
    process = start_app("--port", str(port))
    url = f"http://127.0.0.1:{port}"
    assert "Parley" in wait_for(f"{url}/").text
    wait_for(f"{url}/readyz")
    answer = httpx.post(
        f"{url}/api/ask", json={"question": "What does a ticket for the ferry cost?"}, timeout=30
    ).json()
    assert answer["coverage"]["documents"] == 3
    with httpx.stream("GET", f"{url}/gradio_api/heartbeat/reader") as open_page:  # as a page that is still open
        assert open_page.status_code == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert f"Parley is at {url}" in errors
    assert "Traceback" not in errors


def test_ctrl_c_during_the_first_build_ends_it_in_order(start_app: Callable[..., subprocess.Popen]) -> None:
    port = free_port()
    process = start_app("--port", str(port))
    wait_for(f"http://127.0.0.1:{port}/healthz")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_a_port_in_use_is_one_sentence_and_exit_code_1(start_app: Callable[..., subprocess.Popen]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start_app("--port", str(port))
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.count("\n") == 1
    assert f"port {port} on 127.0.0.1 cannot be used" in errors
    assert "--port" in errors


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        ([], {"PARLEY_QUESTION_LIMIT": "many"}, "PARLEY_QUESTION_LIMIT='many'"),
        (["--port", "70000"], {}, "70000"),
        (["--host", "no.such.host.invalid"], {}, "no.such.host.invalid"),
        ([], {"PARLEY_PORT": "eighty"}, "PARLEY_PORT='eighty'"),
    ],
)
def test_a_bad_setting_is_one_sentence_and_exit_code_1(
    start_app: Callable[..., subprocess.Popen], arguments: list[str], environment: dict[str, str], words: str
) -> None:
    process = start_app(*arguments, **environment)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert words in errors
    assert "Traceback" not in errors
    assert errors.count("\n") == 1
