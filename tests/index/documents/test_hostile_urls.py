"""Addresses that must not be asked, and servers that answer badly: each gets its refusal, and the rest is read."""

import re
import time
from functools import partial

import pytest
from small_web import PUBLIC, SmallWeb, answer, gzip_bomb, raw, redirect

from index.documents.loading import load_paths
from index.documents.web import pages
from index.documents.web.fetching import fetch, fetch_if_changed
from index.errors import DocumentError

PAGE = (
    "<html><head><title>Talks</title></head><body><article><p>The envoys met in the palace.</p></article></body></html>"
)
TEXT = "The envoys met in the palace."
PRIVATE = "on this machine or a private network"

FORBIDDEN = {
    "file:///etc/passwd": "only http:// and https:// are read",
    "ftp://good.example/a": "only http:// and https://",
    "gopher://good.example/a": "only http:// and https://",
    "ws://good.example/": "only http:// and https://",
    "data://text/html,<p>x": "only http:// and https://",
    "http://user:secret@good.example/": "user name or password",
    "http://good.example@127.0.0.1/": "user name or password",
    "http://": "names no host",
    "http:///etc/passwd": "names no host",
    "http://good.example:0/": "port 0",
    "http://good.example:99999/": "cannot be understood",
    "http://good.example:port/": "cannot be understood",
    "http://[::1/": "cannot be understood",
    "http://good.example/a b": "a space, a backslash",
    "http://good.example\\@127.0.0.1/": "a space, a backslash",
    "http://good.example/\r\nHost: other": "a space, a backslash",
    "http://good.example/\0": "a space, a backslash",
    "http://good.example/" + "a" * 2_000: "2020 characters",
    "http://[fe80::1%25eth0]/": "host that can be looked up",
    "http://127.0.0.1/": PRIVATE,
    "http://127.0.0.1:6379/": PRIVATE,
    "http://127.1/": PRIVATE,
    "http://2130706433/": PRIVATE,
    "http://0x7f000001/": PRIVATE,
    "http://0177.0.0.1/": f"{PRIVATE}|Invalid IPv4 address",
    "http://0.0.0.0/": PRIVATE,
    "http://localhost/": PRIVATE,
    "http://[::1]/": PRIVATE,
    "http://[::]/": PRIVATE,
    "http://[::ffff:127.0.0.1]/": PRIVATE,
    "http://[::127.0.0.1]/": PRIVATE,
    "http://[64:ff9b::7f00:1]/": PRIVATE,
    "http://[2002:7f00:1::]/": PRIVATE,
    "http://[fd00:ec2::254]/": PRIVATE,
    "http://[fe80::1]/": PRIVATE,
    "http://[ff02::1]/": PRIVATE,
    "http://10.0.0.1/": PRIVATE,
    "http://172.16.0.1/": PRIVATE,
    "http://192.168.1.1/": PRIVATE,
    "http://100.64.0.1/": PRIVATE,
    "http://169.254.169.254/latest/meta-data/": PRIVATE,
    "http://168.63.129.16/": PRIVATE,
    "http://100.100.100.200/": PRIVATE,
    "http://192.0.0.192/": PRIVATE,
    "http://224.0.0.1/": PRIVATE,
    "http://240.0.0.1/": PRIVATE,
    "http://255.255.255.255/": PRIVATE,
    "http://inside.example/": f"inside.example, which leads to 10.1.2.3, is {PRIVATE}",
    "http://both.example/": PRIVATE,
    "http://nowhere.invalid/": "not known",
}

BAD_ANSWERS = {
    "to-loopback": (redirect("http://127.0.0.1/"), PRIVATE),
    "to-metadata": (redirect("http://169.254.169.254/"), PRIVATE),
    "to-name-inside": (redirect("http://inside.example/"), PRIVATE),
    "to-file": (redirect("file:///etc/passwd"), "leads to an address that is not read: file:"),
    "to-password": (redirect("http://a:b@good.example/"), "user name or password"),
    "to-nothing": (redirect(""), "without saying where to go"),
    "to-nonsense": (redirect("http://[/"), "cannot be understood"),
    "round": (redirect("/round"), "more than 5 times"),
    "missing": (answer("Gone", status=404), "answers 404: there is nothing"),
    "closed": (answer("No", status=403), "answers 403: the site refuses"),
    "broken": (answer("Oops", status=500), "answers 500: try again later"),
    "partial": (answer("x", status=206), "answers 206"),
    "huge": (answer("x", Content_Length="99999999999"), "larger than 1 MB"),
    "endless": (raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x" * 1_500_000), "larger than 1 MB"),
    "gzip-bomb": (answer(gzip_bomb(200_000_000), Content_Encoding="gzip"), "larger than 1 MB"),
    "gzip-broken": (answer(b"\x1f\x8bnothing", Content_Encoding="gzip"), "damaged"),
    "gzip-half": (answer(gzip_bomb(500_000_000)[:20], Content_Encoding="gzip"), "breaks off|damaged"),
    "brotli": (answer(b"x", Content_Encoding="br"), "packs its answer as 'br'"),
    "untyped": (answer(PAGE, content_type=""), "does not say what it sends"),
    "octets": (answer(PAGE, "application/octet-stream"), "does not say what it sends"),
    "picture": (answer(b"\x89PNG", "image/png"), "'image/png', which is no text"),
    "film": (answer(b"x", "video/mp4"), "'video/mp4', which is no text"),
    "json": (answer("{}", "application/json"), "which is no text"),
    "false-pdf": (answer(PAGE, "application/pdf"), "not a PDF"),
    "false-page": (answer(b"%PDF-1.7 x", "text/html"), "a PDF and not the text"),
    "nul": (answer(b"<p>a\0b</p>", "text/html"), "NUL character"),
    "bare": (answer("<nav>Home</nav>"), "no article"),
    "xml": (answer("<inventory/>", "application/xml"), "neither RSS nor Atom"),
    "laughs": (
        answer('<!DOCTYPE x [<!ENTITY a "ha">]><rss><channel><title>&a;</title></channel></rss>', "text/xml"),
        "declares XML entities",
    ),
    "no-http": (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "does not speak HTTP|cannot be fetched"),
    "silent": (raw(), "cannot be fetched"),
    "slow-body": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", *[b"x"] * 40, pause_s=0.1),
        "not there after 1 seconds",
    ),
    "slow-head": (raw(b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 40, pause_s=0.1), "not there after 1 seconds"),
    "long-head": (raw(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 300_000), "does not speak HTTP|cannot be fetched"),
}


@pytest.fixture(autouse=True)
def hosts(web: SmallWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts beside the good one, and limits that are reached soon."""
    web.names["inside.example"] = [["10.1.2.3"]]
    web.names["both.example"] = [[PUBLIC, "192.168.0.5"]]
    web.pages["good.example/page"] = answer(TEXT, "text/plain")
    web.pages.update({f"good.example/{name}": given for name, (given, _) in BAD_ANSWERS.items()})
    for asked in (fetch, fetch_if_changed):
        monkeypatch.setattr(pages, asked.__name__, partial(asked, timeout_s=1, max_bytes=1_000_000))


def refused_beside_good(url: str) -> str:
    loaded = load_paths([url, "http://good.example/page"])
    assert [entry.path for entry in loaded.documents] == ["http://good.example/page"]
    assert [refusal.path for refusal in loaded.refusals] == [url]
    return loaded.refusals[0].message


@pytest.mark.parametrize("url", FORBIDDEN)
def test_forbidden_address_is_refused_and_never_connected_to(url: str, web: SmallWeb) -> None:
    message = refused_beside_good(url)
    assert re.search(FORBIDDEN[url], message), message
    assert len(message) < 300
    assert web.connected == [PUBLIC]


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_bad_answer_is_refused_and_the_rest_is_read(name: str, web: SmallWeb) -> None:
    started = time.monotonic()
    message = refused_beside_good(f"http://good.example/{name}")
    assert re.search(BAD_ANSWERS[name][1], message), message
    assert "\n" not in message
    assert len(message) < 300
    assert set(web.connected) == {PUBLIC}
    assert time.monotonic() - started < 60


def test_name_that_resolves_anew_is_connected_to_as_checked(web: SmallWeb) -> None:
    web.names["rebind.example"] = [[PUBLIC], ["127.0.0.1"]]
    web.pages["rebind.example/page"] = answer(PAGE)
    loaded = load_paths(["http://rebind.example/page"])
    assert [entry.path for entry in loaded.documents] == ["http://rebind.example/page"]
    assert web.connected == [PUBLIC]
    assert web.names["rebind.example"] == [["127.0.0.1"]]
    assert PRIVATE in load_paths(["http://rebind.example/page"]).refusals[0].message
    assert web.connected == [PUBLIC]


def test_name_that_resolves_anew_between_redirects_is_checked_again(web: SmallWeb) -> None:
    web.names["rebind.example"] = [[PUBLIC], ["10.0.0.1"]]
    web.pages["rebind.example/a"] = redirect("/b")
    web.pages["rebind.example/b"] = answer(PAGE)
    assert "10.0.0.1" in load_paths(["http://rebind.example/a"]).refusals[0].message
    assert web.asked == ["rebind.example/a"]


def test_certificate_must_name_the_host(web: SmallWeb) -> None:
    """The server speaks no TLS; what counts is that https is tried with it and nothing is read in the clear."""
    assert "cannot be fetched" in refused_beside_good("https://good.example/page")


def test_private_addresses_are_read_where_that_is_allowed(web: SmallWeb) -> None:
    url = f"http://localhost:{web.port}/page"
    web.pages["localhost/page"] = answer(PAGE)
    (entry,) = load_paths([url], allow_private_urls=True).documents
    assert entry.document.sources[0].url == url


def test_proxy_of_the_environment_is_not_used(web: SmallWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert fetch("http://good.example/page").data == TEXT.encode()
    assert web.connected == [PUBLIC]


def test_redirects_are_followed_to_where_they_end(web: SmallWeb) -> None:
    web.pages["good.example/old"] = redirect("/older?utm_source=x", 301)
    web.pages["good.example/older"] = redirect("http://good.example/page", 308)
    fetched = fetch("HTTP://GOOD.example:80/old#top")
    assert (fetched.url, fetched.content_type, fetched.charset) == ("http://good.example/page", "text/plain", None)


def test_packed_answer_is_unpacked(web: SmallWeb) -> None:
    web.pages["good.example/packed"] = answer(gzip_bomb(3_000_000), Content_Encoding="gzip")
    assert fetch("http://good.example/packed").data == b" " * 3_000_000


def test_size_limit_is_exact(web: SmallWeb) -> None:
    web.pages["good.example/data"] = answer(b"x" * 1_000)
    assert len(fetch("http://good.example/data", max_bytes=1_000).data) == 1_000
    with pytest.raises(DocumentError, match="larger than"):
        fetch("http://good.example/data", max_bytes=999)
