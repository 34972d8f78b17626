"""What has not changed is not read again: files by their bytes, pages and entries as server and feed call them."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest
from hostile_files import pdf_of_objects
from small_web import Answer, SmallWeb, answer

from index.documents.readers.isolation import Parser
from index.embedding import Embedder
from index.settings import Settings
from index.storage.store import Store
from index.sync import SyncReport, add, remove, sync

FIRST = "The delegations of Arland and Borland met at the lake hotel in Corvin on Tuesday and agreed to meet again."
SECOND = "A ferry will bring the first prisoners across the strait before the end of the week, the mediator said."
FEED = "http://good.example/feed"


def pdf(text: str) -> bytes:
    stream = b"BT /F1 12 Tf 72 700 Td (" + text.encode("ascii") + b") Tj ET"
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 999 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< >>",
    )


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The format of every file and page that is parsed from now on."""
    kinds: list[str] = []
    parse = Parser.parse

    def noted(parser: Parser, kind: str, data: bytes, **hints: str | None) -> object:
        kinds.append(kind)
        return parse(parser, kind, data, **hints)

    monkeypatch.setattr(Parser, "parse", noted)
    return kinds


@pytest.fixture
def synced(settings: Settings, embedder: Embedder) -> Callable[..., SyncReport]:
    return lambda *places, **options: sync(settings, embedder, places, **options)


def texts(settings: Settings) -> dict[str, str]:
    with Store.open(settings.database) as store:
        return {document.id: document.text for document in store.all_documents()}


def test_unchanged_file_is_not_parsed_again(settings, synced, parsed: list[str]) -> None:
    (settings.seeds / "report.pdf").write_bytes(pdf(FIRST))
    lines = [json.dumps({"id": name, "text": text}) for name, text in (("a", FIRST), ("b", SECOND))]
    (settings.seeds / "lines.jsonl").write_text("\n".join(lines))
    assert len(synced().added) == 3
    (settings.seeds / "report.pdf").touch()
    again = synced()
    assert (len(again.unchanged), again.added, again.changed, again.removed) == (3, (), (), ())
    assert parsed == ["pdf"]
    (settings.seeds / "report.pdf").write_bytes(pdf(SECOND))
    assert len(synced().changed) == 1
    assert SECOND in texts(settings).values()
    assert parsed == ["pdf", "pdf"]


def test_file_whose_document_was_removed_is_read_again(settings, synced, parsed: list[str]) -> None:
    (settings.seeds / "report.pdf").write_bytes(pdf(FIRST))
    (document_id,) = synced().added
    remove(settings, [document_id])
    assert synced().added == (document_id,)
    (settings.seeds / "report.pdf").unlink()
    assert synced().removed == (document_id,)
    (settings.seeds / "other.pdf").write_bytes(pdf(SECOND))
    synced()
    with Store.open(settings.database) as store:
        assert [place.rpartition("/")[2] for (place,) in store._rows("SELECT place FROM seen")] == ["other.pdf"]


def test_another_version_of_the_readers_reads_once_more(settings, synced, parsed, monkeypatch) -> None:
    (settings.seeds / "report.pdf").write_bytes(pdf(FIRST))
    synced()
    monkeypatch.setattr("index.remembering.reader_id", lambda: "a better one")
    assert len(synced().unchanged) == 1
    assert parsed == ["pdf", "pdf"]
    synced()
    assert parsed == ["pdf", "pdf"]


def test_refused_lines_are_told_each_time(settings, synced) -> None:
    (settings.seeds / "lines.jsonl").write_text(json.dumps({"id": "a", "text": FIRST}) + "\nnonsense\n")
    for _ in range(2):
        assert [refusal.message.partition(":")[0] for refusal in synced().refusals] == ["line 2"]


def test_unchanged_file_that_was_added_belongs_to_its_folder_once_that_is_synced(settings, embedder, synced) -> None:
    file = settings.seeds / "report.pdf"
    file.write_bytes(pdf(FIRST))
    (document_id,) = add(settings, embedder, [file]).added
    assert synced().unchanged == (document_id,)
    file.unlink()
    assert synced().removed == (document_id,)


def test_second_file_with_the_id_of_an_unchanged_one_is_refused(settings, synced) -> None:
    for name in ("a", "b"):
        (settings.seeds / f"{name}.jsonl").write_text(json.dumps({"id": "same", "text": FIRST}))
        report = synced()
    assert report.unchanged == ("same",)
    assert len(report.refusals) == len(synced().refusals) == 1


def test_dry_run_remembers_nothing(settings, synced, parsed: list[str]) -> None:
    (settings.seeds / "report.pdf").write_bytes(pdf(FIRST))
    synced(dry_run=True)
    assert len(synced().added) == 1
    assert len(synced(dry_run=True).unchanged) == 1
    assert parsed == ["pdf", "pdf"]


def versioned(body: str, content_type: str = "text/html; charset=utf-8") -> Answer:
    """Its ETag is made of the body, and whoever has that version is told 304."""
    etag = f'"{hash(body)}"'

    def give(request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("If-None-Match") == etag:
            request.send_response(304)
            request.end_headers()
        else:
            answer(body, content_type, ETag=etag)(request)

    return give


def page(text: str) -> Answer:
    return versioned(f"<html><head><title>Talks</title></head><body><article><p>{text}</p></article></body></html>")


def feed(*items: tuple[str, str]) -> Answer:
    """Entries by the name of their page and what the feed says of it."""
    listed = "".join(
        f"<item><title>{name}</title><link>http://good.example/{name}</link><description>{text}</description></item>"
        for name, text in items
    )
    return versioned(
        f'<rss version="2.0"><channel><title>Gazette</title>{listed}</channel></rss>', "application/rss+xml"
    )


def test_page_that_its_server_calls_unchanged_is_kept(web: SmallWeb, settings, synced, parsed: list[str]) -> None:
    web.pages["good.example/one"] = page(FIRST)
    (document_id,) = synced("http://good.example/one").added
    assert synced("http://good.example/one").unchanged == (document_id,)
    assert parsed == ["html"]
    web.pages["good.example/one"] = page(SECOND)
    assert synced("http://good.example/one").changed == (document_id,)
    assert texts(settings) == {document_id: SECOND}
    remove(settings, [document_id])
    assert synced("http://good.example/one").added == (document_id,)


def test_page_without_a_version_is_read_anew(web: SmallWeb, synced, parsed: list[str]) -> None:
    web.pages["good.example/one"] = answer(f"<html><body><p>{FIRST}</p></body></html>")
    synced("http://good.example/one")
    assert len(synced("http://good.example/one").unchanged) == 1
    assert parsed == ["html", "html"]


def test_unchanged_feed_costs_one_request_and_a_new_entry_one_more(web: SmallWeb, synced, parsed: list[str]) -> None:
    web.pages["good.example/feed"] = feed(("one", "Short."), ("two", "Short."))
    web.pages["good.example/one"], web.pages["good.example/two"] = page(FIRST), page(SECOND)
    assert len(synced(FEED).added) == 2
    web.asked.clear()
    parsed.clear()
    assert len(synced(FEED).unchanged) == 2
    assert (web.asked, parsed) == (["good.example/feed"], [])
    web.asked.clear()
    web.pages["good.example/feed"] = feed(("three", "New."), ("one", "Short."), ("two", "Short."))
    web.pages["good.example/three"] = page(f"{FIRST} {SECOND}")
    report = synced(FEED)
    assert (len(report.added), len(report.unchanged)) == (1, 2)
    assert web.asked == ["good.example/feed", "good.example/three"]


def test_entry_is_read_again_when_its_feed_says_something_new(web: SmallWeb, settings, synced) -> None:
    web.pages["good.example/feed"], web.pages["good.example/one"] = feed(("one", "Short.")), page(FIRST)
    (document_id,) = synced(FEED).added
    web.pages["good.example/feed"], web.pages["good.example/one"] = feed(("one", "Corrected.")), page(SECOND)
    assert synced(FEED).changed == (document_id,)
    assert texts(settings) == {document_id: SECOND}


def test_article_that_could_not_be_read_is_tried_again_though_its_feed_is_unchanged(web, settings, synced) -> None:
    web.pages["good.example/feed"] = feed(("one", SECOND))
    report = synced(FEED)
    assert [note.path for note in report.notes][:1] == ["http://good.example/one"]
    web.pages["good.example/one"] = page(FIRST)
    (document_id,) = synced(FEED).changed
    assert texts(settings) == {document_id: FIRST}


def test_removed_article_stays_away_until_its_feed_says_something_new_or_it_is_added(
    web: SmallWeb, settings, embedder, synced
) -> None:
    web.pages["good.example/feed"] = feed(("one", "Short."), ("two", "Short."))
    web.pages["good.example/one"], web.pages["good.example/two"] = page(FIRST), page(SECOND)
    first, second = synced(FEED).added
    remove(settings, [first])
    assert synced(FEED).unchanged == (second,)
    web.pages["good.example/feed"] = feed(("two", "Corrected."), ("one", "Short."))
    synced(FEED)
    assert set(texts(settings)) == {second}
    assert add(settings, embedder, [FEED]).added == (first,)


def test_another_address_is_not_asked_with_the_version_of_the_first(web: SmallWeb, synced) -> None:
    """An ETag means something only for the address that gave it."""
    asked: list[str | None] = []

    def elsewhere(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers.get("If-None-Match"))
        answer(f"<html><body><p>{SECOND}</p></body></html>")(request)

    web.pages["good.example/one"] = page(FIRST)
    synced("http://good.example/one")
    web.pages["good.example/one"] = answer(b"", status=302, Location="http://good.example/two")
    web.pages["good.example/two"] = elsewhere
    assert len(synced("http://good.example/one").changed) == 1
    assert asked == [None]
