"""Which web sites may use the server: the list, the check on every kind of request, and what a site may spend."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from serving import ThreadedServer, completed
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

import app
from index.errors import SettingsError
from rag.service import Service
from rag.web.origins import AllowedOrigins, OriginGate

SITE = "https://news.example"
OTHER_SITE = "http://localhost:8080"
QUESTION = {"question": "What did the mediator Ilse Brandt say about the exchange of prisoners?"}
STRANGERS = [
    "null",
    "",
    "https://evil.example",
    "http://news.example",  # another scheme
    "https://news.example:8443",  # another port
    "http://localhost",
    "https://www.news.example",
    "https://news.example.evil.example",
    "https://evilnews.example",
    "https://news.example.",
    "https://news.example@evil.example",
    "https://news.example/",
    "https://news.example, https://evil.example",
    "https://NEWS.example",  # no browser writes it so
]


@pytest.fixture(scope="module")
def open_server(service: Service) -> Iterator[str]:
    """A server that two sites may use."""
    with ThreadedServer(with_settings(service, allowed_origins=f"{SITE}, {OTHER_SITE}")) as running:
        yield running.url


@pytest.fixture
def http(open_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=open_server, timeout=30) as client:
        yield client


def with_settings(service: Service, **changes: object) -> Service:
    """The same documents, served with other settings."""
    other = Service(service.settings.model_copy(update=changes))
    other._state = service.state
    return other


def preflight(http: httpx.Client, origin: str, path: str = "/api/ask") -> httpx.Response:
    headers = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    return http.options(path, headers={"Origin": origin, **headers})


def ask(http: httpx.Client, body: dict[str, object] = QUESTION, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return http.post("/api/ask", json=body, headers=named)


@pytest.mark.parametrize("origin", [SITE, OTHER_SITE])
def test_a_listed_site_may_ask_and_read_and_is_named_exactly(http: httpx.Client, origin: str) -> None:
    for response in (
        preflight(http, origin),
        ask(http, Origin=origin),
        http.get("/api/documents", headers={"Origin": origin}),
    ):
        assert response.is_success
        assert response.headers["access-control-allow-origin"] == origin
        assert "access-control-allow-credentials" not in response.headers
        assert "Origin" in response.headers["vary"]
    assert "content-type" in preflight(http, origin).headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize("origin", STRANGERS)
def test_any_other_site_may_neither_ask_nor_read(http: httpx.Client, origin: str) -> None:
    refused = [preflight(http, origin), ask(http, Origin=origin)]
    for path in ("/api/documents", "/documents/ferry", "/embed", "/healthz", "/", "/v1/models", "/openapi.json"):
        refused.append(http.get(path, headers={"Origin": origin}))
    refused.append(http.post("/gradio_api/queue/join", json={}, headers={"Origin": origin}))
    for response in refused:
        assert response.status_code == 403, response.request
        assert response.json()["error"]["code"] == "origin_not_allowed"
        assert not [name for name in response.headers if name.startswith("access-control-")]


def test_two_origins_in_one_request_are_none(open_server: str) -> None:
    headers = [("Origin", SITE), ("Origin", SITE)]
    assert httpx.post(f"{open_server}/api/ask", json=QUESTION, headers=headers).status_code == 403


def test_a_listed_site_may_call_the_api_and_nothing_else(http: httpx.Client) -> None:
    for path in ("/", "/config", "/metrics", "/gradio_api/startup-events"):
        assert http.get(path, headers={"Origin": SITE}).status_code == 403
    assert preflight(http, SITE, "/gradio_api/queue/join").status_code == 403


def test_a_program_names_no_origin_and_may_ask(http: httpx.Client) -> None:
    response = ask(http)
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers
    assert "Origin" in response.headers["vary"]


def test_a_browser_that_names_no_origin_is_judged_by_where_it_says_the_request_comes_from(http: httpx.Client) -> None:
    def get(path: str, site: str, mode: str) -> int:
        return http.get(path, headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}).status_code

    for site in ("cross-site", "same-site"):
        assert get("/api/documents", site, "no-cors") == 403  # as an image or a script
        assert ask(http, Sec_Fetch_Site=site, Sec_Fetch_Mode="cors").status_code == 403
        assert get("/documents/ferry", site, "navigate") == 200  # a link on another site
    assert get("/documents/ferry", "none", "navigate") == 200  # typed by the reader
    assert get("/api/documents", "same-origin", "cors") == 200


def test_the_own_origin_may_ask_also_behind_a_proxy_that_hides_the_host(http: httpx.Client, open_server: str) -> None:
    assert ask(http, Origin=open_server).status_code == 200
    assert ask(http, Origin="https://parley.example", Sec_Fetch_Site="same-origin").status_code == 200
    assert ask(http, Origin=open_server.replace("http:", "https:")).status_code == 403
    assert ask(http, Origin=open_server, Host="elsewhere.example").status_code == 403


def test_without_the_setting_only_the_own_origin_may_ask(server) -> None:
    with httpx.Client(base_url=server.url, timeout=30) as http:
        assert ask(http, Origin=SITE).status_code == 403
        assert preflight(http, SITE).status_code == 403
        assert ask(http, Origin=server.url).status_code == 200
        assert "frame-ancestors 'self'" in http.get("/embed").headers["content-security-policy"].split("; ")


def test_only_the_listed_may_put_embed_into_a_frame_and_nobody_any_other_page(http: httpx.Client) -> None:
    def framers(path: str) -> str:
        policy = http.get(path).headers["content-security-policy"]
        return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))

    assert framers("/embed") == f"frame-ancestors 'self' {OTHER_SITE} {SITE}"
    for path in ("/", "/demo", "/documents/ferry", "/api/documents"):
        assert framers(path) == "frame-ancestors 'self'"


@pytest.mark.parametrize(
    ("setting", "origins"),
    [
        (None, set()),
        (" , ", set()),
        ("https://a.example", {"https://a.example"}),
        ("https://a.example:443 ,HTTP://B.example:80", {"https://a.example", "http://b.example"}),
        ("http://[::1]:7860,http://127.0.0.1:3000", {"http://[::1]:7860", "http://127.0.0.1:3000"}),
    ],
)
def test_the_list_is_read_into_the_form_that_browsers_send(setting: str | None, origins: set[str]) -> None:
    assert AllowedOrigins.parse(setting).listed == origins


@pytest.mark.parametrize(
    ("setting", "advice"),
    [
        ("*", "list each origin by itself"),
        ("https://*.example", "list each origin by itself"),
        ("null", "write scheme and host"),
        ("news.example", "write scheme and host"),
        ("//news.example", "write scheme and host"),
        ("ftp://news.example", "write scheme and host"),
        ("https://", "write scheme and host"),
        ("https://news.example/", "write https://news.example"),
        ("https://news.example/page?x#y", "write https://news.example"),
        ("https://user@news.example", "write https://news.example"),
        ("https://news.example:99999", "write it like https://news.example"),
        ("https://новини.example", "ASCII form"),
        ("https://a.example https://b.example", "ASCII form"),
        ("https://news.example; script-src *", "list each origin by itself"),
        ("https://news.example;x", "ASCII form"),
    ],
)
def test_what_is_not_an_origin_stops_the_start_with_its_name_and_a_way_out(setting: str, advice: str) -> None:
    with pytest.raises(SettingsError) as refused:
        AllowedOrigins.parse(f"https://fine.example,{setting}")
    assert f"PARLEY_ALLOWED_ORIGINS: {setting!r}" in str(refused.value)
    assert advice in str(refused.value)


def test_the_server_does_not_start_with_a_list_that_it_cannot_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARLEY_ALLOWED_ORIGINS", "news.example")
    assert app.main([]) == 1
    assert "PARLEY_ALLOWED_ORIGINS: 'news.example' is not an origin" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({}, {"site": None, "visitor": False}),
        ({"Parley-Site": SITE}, {"site": None, "visitor": False}),
        ({"Origin": SITE}, {"site": SITE, "visitor": True}),
        ({"Origin": SITE, "Parley-Site": OTHER_SITE}, {"site": SITE, "visitor": True}),
        ({"Origin": "http://parley.example"}, {"site": None, "visitor": True}),
        ({"Sec-Fetch-Site": "same-origin", "Parley-Site": SITE}, {"site": SITE, "visitor": True}),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, {"site": None, "visitor": False}),
    ],
)
def test_routes_are_told_for_whom_a_request_counts_and_whether_it_is_a_visitors(
    headers: dict[str, str], left: dict[str, object]
) -> None:
    state: dict[str, object] = {}

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        state.update(scope["state"])
        await Response()(scope, receive, send)

    async def ask() -> None:
        gate = OriginGate(route, AllowedOrigins(frozenset({SITE, OTHER_SITE})))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url="http://parley.example") as http:
            await http.post("/api/ask", headers=headers)

    completed(ask())
    assert state == left


def test_a_site_has_so_many_questions_a_day_and_nobody_else_loses_any(
    serve: Callable[[Service], str], service: Service
) -> None:
    url = serve(with_settings(service, allowed_origins=f"{SITE},{OTHER_SITE}", site_questions_a_day=2))
    with httpx.Client(base_url=url, timeout=30) as http:
        assert [ask(http, Origin=SITE).status_code for _ in range(3)] == [200, 200, 429]
        refused = ask(http, Origin=SITE)
        assert refused.json()["error"]["code"] == "site_full"
        assert 80_000 < int(refused.headers["retry-after"]) <= 86_400
        assert refused.headers["access-control-allow-origin"] == SITE
        assert "Retry-After" in refused.headers["access-control-expose-headers"]
        assert ask(http, Origin=OTHER_SITE).status_code == 200
        assert ask(http).status_code == 200


def test_a_frame_of_ours_counts_for_the_site_that_it_stands_on(
    serve: Callable[[Service], str], service: Service
) -> None:
    url = serve(with_settings(service, allowed_origins=SITE, site_questions_a_day=1))
    with httpx.Client(base_url=url, timeout=30) as http:
        assert ask(http, Origin=url, Parley_Site=SITE).status_code == 200
        assert ask(http, Origin=url, Parley_Site=SITE).status_code == 429
        assert ask(http, Origin=SITE).status_code == 429
        assert ask(http, Origin=url, Parley_Site="https://evil.example").status_code == 200
        assert ask(http, Origin=url).status_code == 200


def test_a_conversation_on_a_site_ends_and_a_new_one_begins(serve: Callable[[Service], str], service: Service) -> None:
    url = serve(with_settings(service, allowed_origins=SITE, site_questions_a_conversation=2))
    with httpx.Client(base_url=url, timeout=30) as http:
        first = ask(http, Origin=SITE).json()
        body = {**QUESTION, "conversation_id": first["conversation_id"]}
        assert ask(http, body, Origin=SITE).status_code == 200
        refused = ask(http, body, Origin=SITE)
        assert refused.status_code == 429
        assert refused.json()["error"]["code"] == "conversation_full"
        assert ask(http, {**QUESTION, "history": ["Who?", "When?"]}, Origin=SITE).status_code == 429
        assert ask(http, Origin=SITE).status_code == 200
        assert ask(http, body).status_code == 200
