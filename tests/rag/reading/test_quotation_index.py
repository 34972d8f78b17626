"""Quotations found by speaker, words, day and topic, and questions for them, over a small collection."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.reading.quotation_index import QuotationFilters, QuotationIndex, QuotationPage
from rag.reading.quotation_questions import as_filters

TODAY = dt.date(2026, 6, 10)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("voices")
    return Settings(home=folder / "home", seeds=folder / "documents", chroma_url=None, _env_file=None)


@pytest.fixture(scope="module")
def collection(home: Settings, embedder: Embedder) -> Iterator[Collection]:
    write(home, "jeddah", 'Rubio said the answer was due: "The ball is now in their court."', date="2025-03-11")
    write(
        home,
        "moscow",
        'Trump called the meeting good and added that "it takes two to tango". Ushakov said: "No compromise is found."',
        date="2025-12-02",
    )
    write(
        home,
        "easter",
        'On 10 April Peskov said: "We do not want a truce, we want peace." "Apples" are cheap.',
        title="The Easter truce",
        date="2026-04-11",
    )
    write(home, "later", 'On 20 April Rubio said: "The ball lies in the grass for now."', date="2026-04-18")
    sync(home, embedder)
    with Collection(home, embedder) as opened:
        yield opened


def write(settings: Settings, name: str, text: str, *, title: str = "", date: str) -> None:
    settings.seeds.mkdir(exist_ok=True)
    (settings.seeds / f"{name}.md").write_text(
        f"---\nid: {name}\ntitle: {title or name}\ndate: {date}\nlanguage: en\n---\n{text}\n", encoding="utf-8"
    )


def search(collection: Collection, question: str = "", **fields: object) -> QuotationPage:
    filters = as_filters(QuotationFilters(words=question, **fields), load_names(), TODAY)
    with collection.snapshot() as snapshot:
        return QuotationIndex(load_names()).search(snapshot, collection.embedder, filters)


def words(page: QuotationPage, matches: str | None = None) -> list[str]:
    return [one.quote for one in page.quotations if matches in (None, one.matches)]


def test_what_exactly_somebody_said_about_something_is_found_verbatim(collection: Collection) -> None:
    page = search(collection, "What exactly did Rubio say about the ball in March 2025?")
    (one,) = page.quotations
    assert (one.quote, one.speaker, one.said_on) == (
        "The ball is now in their court.",
        "Marco Rubio",
        dt.date(2025, 3, 11),
    )
    with collection.snapshot() as snapshot:
        text = snapshot.document(one.document_id).text
    assert text[one.start : one.end] == one.quote
    assert text[one.context.start : one.context.end] == one.context.quote
    assert one.quote in one.context.quote


def test_a_question_in_another_language_finds_its_speaker_by_any_spelling(collection: Collection) -> None:
    page = search(collection, "Що дослівно сказав Пєсков?")
    assert words(page) == ["We do not want a truce, we want peace."]
    assert words(search(collection, "Дословно: что говорил Ушаков?")) == ["No compromise is found."]


def test_an_office_includes_those_who_speak_for_it_and_a_person_nobody_else(collection: Collection) -> None:
    assert {one.speaker for one in search(collection, speaker="Kremlin").quotations} == {
        "Dmitry Peskov",
        "Yuri Ushakov",
    }
    assert {one.speaker for one in search(collection, speaker="Peskov").quotations} == {"Dmitry Peskov"}


def test_words_that_nobody_said_are_found_by_meaning_at_most(collection: Collection) -> None:
    page = search(collection, "What exactly did Rubio say about penguins?")
    assert words(page, "words") == []
    assert {one.speaker for one in page.quotations} <= {"Marco Rubio"}


def test_without_words_the_newest_comes_first(collection: Collection) -> None:
    assert [one.said_on for one in search(collection).quotations] == [
        dt.date(2026, 4, 20),
        dt.date(2026, 4, 10),
        dt.date(2025, 12, 2),
        dt.date(2025, 12, 2),
        dt.date(2025, 3, 11),
    ]


def test_days_are_those_on_which_it_was_said(collection: Collection) -> None:
    assert words(search(collection, since=dt.date(2026, 4, 10), until=dt.date(2026, 4, 10))) == [
        "We do not want a truce, we want peace."
    ]


def test_nothing_that_was_published_or_said_after_the_cut_off_is_found(collection: Collection) -> None:
    assert words(search(collection, as_of=dt.date(2026, 4, 19))) == words(search(collection))[1:]
    assert words(search(collection, "Rubio quotes as of 1 January 2026")) == ["The ball is now in their court."]
    assert search(collection, as_of=dt.date(2025, 3, 10)).quotations == []


def test_a_changed_document_is_read_again(tmp_path: Path, embedder: Embedder) -> None:
    settings = Settings(home=tmp_path / "home", seeds=tmp_path / "documents", chroma_url=None, _env_file=None)
    index, filters = QuotationIndex(load_names()), QuotationFilters(speaker="Rubio")
    for text in ("The ball is now in their court.", "There is no ball at all."):
        write(settings, "jeddah", f'Rubio said: "{text}"', date="2025-03-11")
        sync(settings, embedder)
        with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
            assert words(index.search(snapshot, embedder, filters)) == [text]


def test_the_command_prints_quotations(
    collection: Collection, home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from rag.__main__ import main

    monkeypatch.setenv("PARLEY_HOME", str(home.home))
    assert main(["quotes", "What exactly did Ushakov say about a compromise?"]) == 0
    assert "Yuri Ushakov, 2025-12-02: “No compromise is found.”" in capsys.readouterr().out
    assert main(["quotes", "--speaker", "Rubio", "--to", "2025-12-31", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["quote"] for one in found["quotations"]] == ["The ball is now in their court."]
