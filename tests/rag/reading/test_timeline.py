"""The timeline over the shipped documents and over documents made for one case."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from icalendar import Calendar

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.assistant import Assistant
from rag.reading.timeline import Timeline, TimelineEntry, TimelineFilters, Timelines
from rag.reading.timeline_files import timeline_csv, timeline_ics
from rag.types import Question

NAMES = load_names()


def build(collection: Collection, page: int = 1, size: int = 500, **filters) -> Timeline:
    with collection.snapshot() as snapshot:
        return Timelines(NAMES).build(snapshot, TimelineFilters(**filters), page, size)


@pytest.fixture
def written(settings: Settings, embedder: Embedder, write_document: Callable[..., Path]):
    """Syncs what `write_document` wrote and gives its timeline."""

    def timeline(**filters) -> list[TimelineEntry]:
        sync(settings, embedder)
        with Collection(settings, embedder) as collection:
            return build(collection, **filters).entries

    return timeline


def test_lines_are_in_order_and_show_the_words_of_their_documents(seed_collection: Collection) -> None:
    timeline = build(seed_collection)
    assert timeline.found == len(timeline.entries) > 60
    days = [(entry.first_day, entry.last_day) for entry in timeline.entries]
    assert days == sorted(days)
    with seed_collection.snapshot() as snapshot:
        for entry in timeline.entries:
            assert snapshot.document(entry.document_id).text[entry.start : entry.end] == entry.quote


@pytest.mark.parametrize("as_of", [dt.date(2025, 3, 1), dt.date(2026, 1, 23), dt.date(2026, 3, 4), dt.date(2026, 6, 6)])
def test_nothing_told_later_and_no_later_day_is_on_a_timeline_with_a_cut_off(
    seed_collection: Collection, as_of: dt.date
) -> None:
    timeline = build(seed_collection, as_of=as_of)
    assert timeline.entries
    assert timeline.coverage.as_of == as_of
    assert all(entry.date <= as_of and entry.last_day <= as_of for entry in timeline.entries)


def test_what_a_later_document_tells_of_an_earlier_day_is_unknown_before_it(
    write_document: Callable[..., Path], written: Callable[..., list[TimelineEntry]]
) -> None:
    write_document("early", "The envoys met in Vienna on 3 March 2026.", date="2026-03-03")
    write_document("late", "The envoys talked. A courier had come on 4 March 2026 from Tallinn.", date="2026-05-01")
    assert [entry.document_id for entry in written()] == ["early", "late", "late"]
    assert [entry.document_id for entry in written(as_of=dt.date(2026, 4, 1))] == ["early"]


def test_a_day_without_a_year_is_the_nearest_to_the_report_and_a_distant_one_is_not_read(
    write_document: Callable[..., Path], written: Callable[..., list[TimelineEntry]]
) -> None:
    text = "The council sat. The vote on the budget is set for 10 January. The treaty of 14 July is older than that."
    write_document("council", text, date="2025-12-20")
    assert [entry.first_day for entry in written()] == [dt.date(2025, 12, 20), dt.date(2026, 1, 10)]


def test_a_sentence_that_only_says_he_names_him(
    write_document: Callable[..., Path], written: Callable[..., list[TimelineEntry]]
) -> None:
    filler = " ".join(
        ["Many long words about nothing that would fill the space between one sentence and the next."] * 4
    )
    text = f"Rutte came to the city. {filler}\n\nHe flew home again on 9 February 2026."
    write_document("visit", text, date="2026-02-05")
    lines = [entry for entry in written() if entry.kind == "sentence"]
    assert all(entry.subject or "Rutte" in entry.quote for entry in lines)


def test_filters_take_names_in_any_spelling_and_language(seed_collection: Collection) -> None:
    by_name = [build(seed_collection, place=place).entries for place in ("Abu Dhabi", "Абу-Дабі")]
    assert by_name[0] == by_name[1]
    first, second = dt.date(2026, 1, 23), dt.date(2026, 2, 4)
    assert {first, second} <= {entry.first_day for entry in by_name[0]}
    people = build(seed_collection, person="Умеров").entries
    assert people
    assert len(people) < len(build(seed_collection).entries)


def test_filters_by_period_topic_and_unknown_name(seed_collection: Collection) -> None:
    spring = build(seed_collection, since=dt.date(2026, 3, 1), until=dt.date(2026, 3, 31)).entries
    assert spring
    assert all(e.last_day >= dt.date(2026, 3, 1) and e.first_day <= dt.date(2026, 3, 31) for e in spring)
    prisoners = build(seed_collection, topic="prisoners").entries
    assert prisoners
    assert all("prisoners" in entry.topics for entry in prisoners)
    assert not build(seed_collection, person="Nobody Atall").entries


def test_translations_of_a_report_are_one_line_in_the_language_of_the_reader(seed_collection: Collection) -> None:
    day = dt.date(2026, 2, 17)
    for language in ("en", "uk"):
        lines = build(seed_collection, language=language, since=day, until=day, place="Geneva").entries
        events = [entry for entry in lines if entry.kind == "event"]
        assert [entry.language for entry in events] == [language]


def test_pages_hold_all_lines_once(seed_collection: Collection) -> None:
    whole = build(seed_collection)
    pages = [build(seed_collection, page, 40) for page in range(1, build(seed_collection, 1, 40).pages + 1)]
    assert [entry for page in pages for entry in page.entries] == whole.entries
    assert sum(whole.months.values()) == whole.found


def test_an_empty_collection_has_an_empty_timeline(settings: Settings, embedder: Embedder) -> None:
    sync(settings, embedder)
    with Collection(settings, embedder) as collection:
        assert build(collection).entries == []


def test_csv_and_calendar_hold_each_line(seed_collection: Collection) -> None:
    entries = build(seed_collection, place="Geneva").entries
    rows = list(csv.DictReader(io.StringIO(timeline_csv(entries))))
    assert [(row["first_day"], row["quote"]) for row in rows] == [(str(e.first_day), e.quote) for e in entries]
    calendar = Calendar.from_ical(timeline_ics(entries, dt.datetime(2026, 6, 1, tzinfo=dt.UTC)))
    events = calendar.walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [entry.first_day for entry in entries]
    assert all(event.decoded("dtend") > event.decoded("dtstart") for event in events)
    assert len({str(event["uid"]) for event in events}) == len(entries)


def test_csv_cells_are_no_formulas(seed_collection: Collection) -> None:
    entry = build(seed_collection).entries[0].model_copy(update={"quote": '=HYPERLINK("http://evil.example")'})
    assert next(csv.DictReader(io.StringIO(timeline_csv([entry]))))["quote"].startswith("'=")


@pytest.mark.parametrize(
    "question",
    [
        "build me a timeline of the Abu Dhabi rounds",
        "Склади хронологію раундів в Абу-Дабі",
        "Составь хронологию раундов в Абу-Даби",
    ],
)
def test_a_timeline_that_is_asked_for_has_dated_cited_lines_in_order(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(Question(question=question))
    assert answer.status == "answered"
    lines = [sentence.text.split(" ")[0] for sentence in answer.sentences]
    assert lines.index("23–24") < lines.index("4–5")
    assert all(sentence.citations and sentence.text[0].isdigit() for sentence in answer.sentences)


def test_a_timeline_that_is_asked_for_keeps_to_the_cut_off(assistant: Assistant) -> None:
    answer = assistant.ask(Question(question="a timeline of the Abu Dhabi rounds", as_of=dt.date(2026, 1, 30)))
    assert answer.status == "answered"
    assert "5 February" not in answer.text
    assert all(citation.date <= dt.date(2026, 1, 30) for citation in answer.citations)
