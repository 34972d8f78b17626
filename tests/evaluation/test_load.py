"""The load test against a real server on this machine."""

import time

import pytest

from rag.evaluation.errors import EvaluationError
from rag.evaluation.load import is_loopback, run_load


def test_readers_ask_until_the_time_is_up(server):
    started = time.monotonic()
    result = run_load(server.url, ["Who?", "When?"], readers=4, seconds=0.4)
    assert time.monotonic() - started < 5
    assert result.failed == 0
    assert result.answered == len(server.asked) > 4
    assert set(server.asked) == {"Who?", "When?"}
    assert 0 < result.p50_ms <= result.p95_ms <= result.p99_ms <= result.max_ms


def test_failures_are_counted_by_reason_and_are_no_answers(server):
    server.refusals["Who?"] = [(429, {}), (429, {}), (500, {})]
    result = run_load(server.url, ["Who?"], readers=1, seconds=0.6)
    assert result.failures == {"HTTP 429": 2, "HTTP 500": 1}
    assert result.answered > 0


def test_without_a_server_everything_fails_and_nothing_has_a_time():
    result = run_load("http://127.0.0.1:9", ["Who?"], readers=2, seconds=0.3)
    assert (result.answered, result.p95_ms) == (0, None)
    assert result.failures["ConnectError"] >= 2


@pytest.mark.parametrize("url", ["http://example.org", "https://10.0.0.1:7860", "http://127.0.0.1.example.org"])
def test_another_machine_is_left_alone_unless_asked(url):
    with pytest.raises(EvaluationError, match="--remote"):
        run_load(url, ["Who?"], readers=1, seconds=1)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "http://127.9.9.9"])
def test_this_machine_is_known_by_name_and_number(url):
    assert is_loopback(url)


@pytest.mark.parametrize(("readers", "seconds"), [(0, 1), (201, 1), (1, 0), (1, 301)])
def test_out_of_bounds_is_refused(readers, seconds):
    with pytest.raises(EvaluationError, match="out of bounds"):
        run_load("http://127.0.0.1:1", ["Who?"], readers=readers, seconds=seconds)


def test_nothing_to_ask_is_refused():
    with pytest.raises(EvaluationError, match="nothing to ask"):
        run_load("http://127.0.0.1:1", [], readers=1, seconds=1)
