"""A bounded load test: readers who ask a server one question after another for some seconds.

It is a closed loop: each reader waits for the answer before asking again, so the rate follows from the server.
"""

import asyncio
import ipaddress
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from rag.evaluation.errors import EvaluationError
from rag.evaluation.metrics.latency import percentile

MAX_READERS = 200
MAX_SECONDS = 300


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What came of it. `failures` counts what was not an answer, by reason; times are those of answers alone."""

    readers: int
    seconds: float
    answered: int
    failures: dict[str, int]
    per_second: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    max_ms: float | None

    @property
    def failed(self) -> int:
        """Requests that did not end in an answer."""
        return sum(self.failures.values())


def run_load(
    url: str, questions: Sequence[str], *, readers: int, seconds: float, timeout_s: float = 60, remote: bool = False
) -> LoadResult:
    """Asks `questions` in turn from `readers` readers at once, for `seconds`; answers under way may still finish.

    Raises EvaluationError for a server on another machine unless `remote` is set, and beyond the bounds.
    """
    if not questions:
        raise EvaluationError("there is nothing to ask; give --questions")
    if not 1 <= readers <= MAX_READERS or not 0 < seconds <= MAX_SECONDS:
        raise EvaluationError(
            f"{readers} readers for {seconds:g} s is out of bounds; at most {MAX_READERS} for {MAX_SECONDS} s"
        )
    if not remote and not is_loopback(url):
        raise EvaluationError(f"{url} is not this machine; if you may load it, say --remote")
    return asyncio.run(_read_together(url.rstrip("/"), questions, readers, seconds, timeout_s))


def is_loopback(url: str) -> bool:
    """Whether the host of `url` is this machine by name or number; nothing is looked up."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _read_together(
    url: str, questions: Sequence[str], readers: int, seconds: float, timeout_s: float
) -> LoadResult:
    times: list[float] = []
    failures: Counter[str] = Counter()
    limits = httpx.Limits(max_connections=readers, max_keepalive_connections=readers)
    started = time.monotonic()
    async with httpx.AsyncClient(base_url=url, timeout=timeout_s, limits=limits) as http:
        end = started + seconds
        await asyncio.gather(*(_read(http, questions, number, end, times, failures) for number in range(readers)))
    took = time.monotonic() - started
    return LoadResult(
        readers=readers,
        seconds=took,
        answered=len(times),
        failures=dict(failures.most_common()),
        per_second=len(times) / took,
        p50_ms=percentile(times, 50) if times else None,
        p95_ms=percentile(times, 95) if times else None,
        p99_ms=percentile(times, 99) if times else None,
        max_ms=max(times, default=None),
    )


async def _read(
    http: httpx.AsyncClient, questions: Sequence[str], number: int, end: float, times: list[float], failures: Counter
) -> None:
    """One reader; each starts at another question."""
    while time.monotonic() < end:
        asked = time.perf_counter()
        try:
            response = await http.post("/api/ask", json={"question": questions[number % len(questions)]})
        except httpx.HTTPError as error:
            failures[type(error).__name__] += 1
            await asyncio.sleep(0.1)  # a refused connection must not turn into a busy loop
        else:
            if response.is_success:
                times.append((time.perf_counter() - asked) * 1000)
            else:
                failures[f"HTTP {response.status_code}"] += 1
                await asyncio.sleep(0.1)
        number += 1
