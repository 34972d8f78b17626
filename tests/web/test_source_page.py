"""The source page as HTML: the span, what is around it, and links that are no way in."""

import re

import httpx
import pytest
from serving import RunningServer

from index.types import Document, Source, Span
from rag.web.markup import escape, web_address
from rag.web.source_page import parse_span, source_page
from rag.web.strings import Strings

ENGLISH = Strings("en")
LOST_SPAN = ENGLISH("source_page.lost_span")


def marked(html: str) -> list[str]:
    return re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.DOTALL)


def test_the_span_is_marked_and_carries_the_fragment(server: RunningServer) -> None:
    page = httpx.get(f"{server.url}/documents/lake-conference?start=87&end=158")
    text = httpx.get(f"{server.url}/api/documents/lake-conference").json()["text"]
    assert marked(page.text) == [text[87:158]]
    assert '<mark id="span">' in page.text
    assert page.headers["content-type"].startswith("text/html")


def test_title_date_kind_language_and_sources_are_shown(server: RunningServer) -> None:
    page = httpx.get(f"{server.url}/documents/lake-conference").text
    assert "Corvin, 3 February 2026: delegations meet at the lake</h1>" in page
    assert '<time datetime="2026-02-03">3 Feb 2026</time> · Event · in English' in page
    assert 'href="https://gazette.example/lake" target="_blank" rel="noopener noreferrer nofollow"' in page
    assert "Corvin Gazette · 4 Feb 2026" in page
    assert "Radio Borland" in page


@pytest.mark.parametrize(
    "query",
    ["start=10&end=5", "start=-1&end=5", "start=0&end=99999", "start=a&end=b", "start=5", "start=3&end=3", "end=7"],
)
def test_a_bad_span_shows_the_whole_text_and_says_so(server: RunningServer, query: str) -> None:
    page = httpx.get(f"{server.url}/documents/ferry?{query}")
    assert page.status_code == 200
    assert marked(page.text) == []
    assert LOST_SPAN in page.text
    assert "Квиток коштує вісім крон." in page.text


def test_without_a_span_there_is_no_notice(server: RunningServer) -> None:
    assert LOST_SPAN not in httpx.get(f"{server.url}/documents/ferry").text


def test_an_unknown_document_is_a_404_page(server: RunningServer) -> None:
    page = httpx.get(f"{server.url}/documents/nowhere")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "holds no document of this name" in page.text


def test_a_span_over_several_paragraphs_is_marked_in_each_with_one_id() -> None:
    text = "One. Two.\n\nThree.\n\nFour. Five."
    html = source_page(Document(id="d", title="T", text=text), Span(5, 24), ENGLISH)
    assert marked(html) == ["Two.", "Three.", "Four."]
    assert html.count('id="span"') == 1


def test_offsets_count_characters_also_after_escaped_and_astral_ones() -> None:
    text = "a & b < c 🕊 peace. Next."
    start = text.index("peace")
    html = source_page(Document(id="d", title="T", text=text), Span(start, start + 6), ENGLISH)
    assert marked(html) == ["peace."]
    assert "a &amp; b &lt; c 🕊 " in html


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ("0", "3", Span(0, 3)),
        ("0", "4", None),
        ("2", "2", None),
        (None, "2", None),
        ("1.5", "2", None),
        ("٠", "٣", Span(0, 3)),
    ],
)
def test_parse_span(start: str | None, end: str | None, span: Span | None) -> None:
    assert parse_span(start, end, 3) == span


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//host/x",
        "/x",
        "",
        None,
        "https://",
        "ftp://host/",
        "http://[",
        "vbscript:x",
    ],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert web_address(url) is None
    html = source_page(
        Document(id="d", title="T", text="x", sources=(Source(publisher="P", title="S", url=url),)), None, ENGLISH
    )
    assert re.findall(r'<li><a href="([^"]*)"', html) == []


def test_markup_in_every_field_is_text() -> None:
    attack = '"><script>x</script><img src=x onerror=y>'
    source = Source(publisher=attack, title=attack, url=f"https://host/{attack.replace(' ', '')}")
    html = source_page(
        Document(id=attack, title=attack, kind=attack, language=attack, text=attack, sources=(source,)), None, ENGLISH
    )
    assert "<script>x" not in html
    assert "<img" not in html
    assert re.findall(r"<script[^>]*>", html) == [
        '<script src="/parley/theme.js">',
        '<script type="module" src="/parley/source.js">',
    ]


def test_escape_shows_where_bidirectional_characters_were_leaves_out_unseen_ones_and_keeps_lines() -> None:
    assert escape("a\u202eb\u2066c\u0000d\u200be\nf\tg") == "a\ufffdb\ufffdcde\nf\tg"
