"""What comes out of each format: the text without what surrounds it, and the fields that can be had."""

import datetime as dt
import io
import textwrap
from pathlib import Path

import docx
import pytest
from hostile_files import pdf_of_objects
from small_web import SmallWeb, answer, redirect

from index.documents.dates import date_in_head, date_in_name
from index.documents.described import id_of_url
from index.documents.language import identify_language
from index.documents.loading import load_paths
from index.documents.readers.isolation import Parser
from index.documents.web.addresses import check_url
from index.errors import DocumentError
from index.types import Document, Source

PARAGRAPHS = [
    "Delegations of Arland and Borland met at the lake hotel in Corvin on Tuesday and agreed to exchange prisoners.",
    "The mediator Ilse Brandt told reporters that the lists had been compared name by name during the night.",
    "Neither side would say how many people were on them, and the ministry in Arland declined to comment on it.",
]
ARTICLE = f"""<!doctype html><html lang="en"><head><title>Prisoners to go home | Corvin Gazette</title>
<meta property="og:title" content="Prisoners to go home"><meta property="og:site_name" content="Corvin Gazette">
<meta name="author" content="Ada Lund"><meta property="article:published_time" content="2026-02-03T22:30:00-05:00">
<script>track("reader")</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport and leisure</a></li></ul></nav>
<article><h1>Prisoners to go home</h1>{"".join(f"<p>{each}</p>" for each in PARAGRAPHS)}</article>
<aside><h2>Most read</h2><a href="/frost">Frost kills the apple blossom</a></aside>
<section class="comments" id="comments"><p>First! says a reader who did not read the article at all.</p></section>
<footer>Copyright 2026 Corvin Gazette. Subscribe to our newsletter.</footer></body></html>"""
TEXT = "\n\n".join(PARAGRAPHS)


def load_one(path: Path, data: bytes | str) -> Document:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    loaded = load_paths([path])
    assert loaded.refusals == []
    (entry,) = loaded.documents
    return entry.document


def pdf_of_lines(*pages: list[str], info: bytes = b"") -> bytes:
    """A PDF with one line of text below the other on each page."""
    numbers = [4 + 2 * at for at in range(len(pages))]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % n for n in numbers), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in zip(numbers, pages, strict=True):
        shown = b"".join(b"(%s) Tj T*\n" % line.replace("(", "\\(").replace(")", "\\)").encode() for line in lines)
        stream = b"BT /F1 10 Tf 12 TL 40 780 Td\n" + shown + b"ET"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    data = pdf_of_objects(*objects, info or b"<< >>")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info %d 0 R" % (len(objects) + 1))


def test_article_comes_without_what_surrounds_it(web: SmallWeb) -> None:
    web.pages["good.example/news"] = redirect("/news/prisoners.html")
    web.pages["good.example/news/prisoners.html"] = answer(ARTICLE)
    (entry,) = load_paths(["http://GOOD.example/news?utm_source=mail#top"]).documents
    assert entry.path == "http://good.example/news"
    assert entry.document == Document(
        id=id_of_url("http://good.example/news"),
        title="Prisoners to go home",
        date=dt.date(2026, 2, 3),
        language="en",
        sources=(
            Source(
                publisher="Corvin Gazette",
                title="Prisoners to go home",
                date=dt.date(2026, 2, 3),
                url="http://good.example/news/prisoners.html",
                author="Ada Lund",
            ),
        ),
        text=TEXT,
    )


def test_saved_page_is_read_like_one_on_the_web(tmp_path: Path) -> None:
    document = load_one(tmp_path / "saved.html", ARTICLE)
    assert (document.id, document.title, document.text) == ("saved", "Prisoners to go home", TEXT)
    assert document.sources[0].publisher == "Corvin Gazette"


def test_page_that_says_nothing_of_itself_is_undated_and_of_its_host(web: SmallWeb) -> None:
    web.pages["good.example/bare"] = answer(f"<html><body><p>{PARAGRAPHS[0]}</p></body></html>")
    loaded = load_paths(["http://good.example/bare"])
    document = loaded.documents[0].document
    assert document.date is None
    assert document.sources == (Source(publisher="good.example", url="http://good.example/bare"),)
    assert document.title.startswith("Delegations of Arland and Borland met")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-u"])
def test_encoding_comes_from_server_or_page(web: SmallWeb, tmp_path: Path, encoding: str) -> None:
    text = "Переговори у Женеві тривали п'ять годин і завершилися без угоди, сказав речник."
    page = f"<html><head><meta charset={encoding}><title>Звіт</title></head><body><p>{text}</p></body></html>"
    plain = page.replace(f"<meta charset={encoding}>", "").encode(encoding)
    web.pages["good.example/uk"] = answer(plain, f"text/html; charset={encoding}")
    served = load_paths(["http://good.example/uk"]).documents[0].document
    saved = load_one(tmp_path / "uk.html", page.encode(encoding))
    assert (served.text, served.language) == (saved.text, saved.language) == (text, "uk")


def test_pdf_gives_running_paragraphs_without_headers(tmp_path: Path) -> None:
    pages = []
    for number in range(1, 5):
        body = textwrap.wrap(f"On page {number} the mediator re" + "-", 90) + textwrap.wrap(
            f"ported progress. {TEXT}", 90
        )
        pages.append(["Ministry of Arland", f"Confidential, page {number} of 4", *body, f"- {number} -"])
    info = b"<< /Title (Report on the talks) /Author (Ada Lund) /CreationDate (D:20261101120000Z) >>"
    document = load_one(tmp_path / "report.pdf", pdf_of_lines(*pages, info=info))
    assert document.title == "Report on the talks"
    assert document.sources == (Source(author="Ada Lund", title="Report on the talks"),)
    assert document.date is None  # when the file was made says nothing of when it was published
    assert "Confidential" not in document.text
    assert "On page 3 the mediator reported progress." in document.text
    assert "agreed to exchange prisoners. The mediator Ilse Brandt" in document.text.replace("\n\n", " ")


def test_pdf_is_dated_by_its_first_lines_or_its_name(tmp_path: Path) -> None:
    lines = ["Report on the talks", "Corvin, 3 February 2026", PARAGRAPHS[1]]
    assert load_one(tmp_path / "a.pdf", pdf_of_lines(lines)).date == dt.date(2026, 2, 3)
    assert load_one(tmp_path / "2026-01-22-b.pdf", pdf_of_lines([PARAGRAPHS[1]])).date == dt.date(2026, 1, 22)


def test_word_file_gives_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Prisoners to go home", 0)
    document.add_paragraph(PARAGRAPHS[0])
    table = document.add_table(2, 2)
    for at, text in enumerate(["Side", "Prisoners", "Arland", "60"]):
        table.cell(at // 2, at % 2).text = text
    document.add_paragraph(PARAGRAPHS[1])
    document.core_properties.author = "Ada Lund"
    held = io.BytesIO()
    document.save(held)
    read = load_one(tmp_path / "note.docx", held.getvalue())
    assert read.text == f"{PARAGRAPHS[0]}\n\nSide | Prisoners\n\nArland | 60\n\n{PARAGRAPHS[1]}"
    assert (read.title, read.date, read.sources[0].author) == ("Prisoners to go home", None, "Ada Lund")


FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Corvin Gazette</title><language>en</language>
<item><title>Prisoners to go home</title><link>http://good.example/one?utm_medium=rss</link><guid>1</guid>
  <pubDate>Tue, 03 Feb 2026 23:30:00 -0500</pubDate><description>Short.</description></item>
<item><title>Only here</title><link>http://good.example/gone</link><guid>2</guid>
  <pubDate>Wed, 04 Feb 2026 08:00:00 GMT</pubDate>
  <description>&lt;p&gt;{PARAGRAPHS[2]}&lt;/p&gt;
  &lt;script&gt;x()&lt;/script&gt;</description></item>
<item><title>No words</title><link>http://good.example/gone-too</link><guid>3</guid></item>
<item><title>Inside</title><link>http://127.0.0.1/secret</link><guid>4</guid><description>{PARAGRAPHS[1]}</description></item>
</channel></rss>"""


@pytest.fixture
def feed(web: SmallWeb) -> str:
    web.pages["good.example/feed"] = answer(FEED, "application/rss+xml")
    web.pages["good.example/one"] = answer(ARTICLE)
    return "http://good.example/feed"


def test_feed_gives_the_article_behind_each_entry_or_what_it_has_itself(web: SmallWeb, feed: str) -> None:
    loaded = load_paths([feed])
    one, here, inside = (entry.document for entry in loaded.documents)
    assert [entry.path for entry in loaded.documents] == [
        "http://good.example/one",
        "http://good.example/gone",
        "http://127.0.0.1/secret",
    ]
    assert (one.text, one.date, one.sources[0].author) == (TEXT, dt.date(2026, 2, 3), "Ada Lund")
    assert (here.text, here.date, here.title) == (PARAGRAPHS[2], dt.date(2026, 2, 4), "Only here")
    assert here.sources[0].publisher == "Corvin Gazette"
    assert inside.text == PARAGRAPHS[1]
    assert [note.path for note in loaded.notes] == ["http://good.example/gone", "http://127.0.0.1/secret"]
    assert "answers 404" in loaded.notes[0].message
    assert "private network" in loaded.notes[1].message
    assert [refusal.path for refusal in loaded.refusals] == ["http://good.example/gone-too"]
    assert "127.0.0.1" not in web.connected


def test_page_and_feed_know_an_article_by_the_same_id(web: SmallWeb, feed: str) -> None:
    by_page = load_paths(["http://good.example/one"]).documents[0]
    assert load_paths([feed]).documents[0] == by_page


def test_atom_file_is_read_like_a_feed_on_the_web(web: SmallWeb, tmp_path: Path) -> None:
    web.pages["good.example/one"] = answer(ARTICLE)
    (tmp_path / "news.atom").write_text(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Corvin Gazette</title><entry><id>a</id><title>T</title>'
        '<link href="http://good.example/one"/><updated>2026-02-03T10:00:00Z</updated></entry>'
        f"<entry><id>urn:x:2</id><title>Unlinked</title><content>{TEXT}</content></entry></feed>"
    )
    one, unlinked = load_paths([tmp_path / "news.atom"]).documents
    assert one.document.text == TEXT
    assert (unlinked.document.text, unlinked.document.date) == (TEXT, None)
    assert unlinked.path.startswith("file://")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Report\nCorvin, 22 January 2026\nText", "2026-01-22"),
        ("January 22, 2026", "2026-01-22"),
        ("22 січня 2026 року", "2026-01-22"),
        ("22 января 2026 г.", "2026-01-22"),
        ("22.01.2026", "2026-01-22"),
        ("01/22/2026", "2026-01-22"),
        ("22/01/2026", "2026-01-22"),
        ("03/04/2026", None),
        ("03/03/2026", "2026-03-03"),
        ("31.02.2026", None),
        ("22 January 2026 to 24 January 2026", None),
        ("He said on 22 January 2026 that it was over.", None),
        ("January 2026", None),
        ("22 Brumaire 2026", None),
        ("1 May 1886", None),
        ("1 May 2999", None),
        ("x" * 200 + " 22 January 2026", None),
        ("\n".join(["word"] * 40) + "\n22 January 2026", None),
        ("", None),
    ],
)
def test_day_is_read_off_the_head_of_a_text_or_left_open(text: str, day: str | None) -> None:
    assert date_in_head(text) == (dt.date.fromisoformat(day) if day else None)


def test_day_in_a_file_name() -> None:
    assert date_in_name("2026-01-22-report") == date_in_name("report_2026.01.22") == dt.date(2026, 1, 22)
    assert date_in_name("2026-13-45") is date_in_name("12026-01-22") is date_in_name("22-01-2026") is None


def test_other_languages_are_told_by_a_classifier_or_left_open() -> None:
    german = "Die Gespräche in Genf endeten ohne Ergebnis, und die Delegationen reisten am Abend ab. " * 4
    assert identify_language(german) == identify_language(german, "en") == "de"
    assert identify_language("Die Gespräche in Genf endeten.") == "und"
    assert identify_language("12345 " * 100, "fr") == "fr"


@pytest.mark.parametrize(
    ("url", "known_as"),
    [
        ("HTTPS://Example.ORG:443", "https://example.org/"),
        ("http://example.org:8080/a?b=c&utm_source=x&d=#top", "http://example.org:8080/a?b=c&d="),
        ("http://example.org/a?b=%D0%BA+1", "http://example.org/a?b=%D0%BA+1"),
        ("https://приклад.укр/а", "https://xn--80aikifvh.xn--j1amh/а"),
    ],
)
def test_address_has_one_form(url: str, known_as: str) -> None:
    assert check_url(url) == known_as
    assert check_url(known_as) == known_as


def test_parser_that_takes_too_long_is_ended_and_the_next_file_gets_another() -> None:
    with Parser(timeout_s=0.001) as hasty, pytest.raises(DocumentError, match=r"took more than 0\.001 seconds"):
        hasty.parse("html", ARTICLE.encode())
    with Parser() as parser:
        assert parser.parse("html", ARTICLE.encode())
        parser._child.kill()
        parser._child.wait()
        assert parser.parse("html", ARTICLE.encode())


def test_parser_that_takes_too_much_memory_is_refused() -> None:
    with Parser(memory_bytes=120_000_000) as parser, pytest.raises(DocumentError, match=r"memory|broke down"):
        parser.parse("html", ("<p>" + "word " * 4_000_000).encode())
