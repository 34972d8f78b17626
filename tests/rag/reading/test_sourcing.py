"""Who says a claim, how many of them are independent, and what is weak about a document's sources."""

import datetime as dt
import json
from collections.abc import Iterator

import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from index.types import Document, Source
from rag.reading.sourcing import Sourcing, document_notes, find_sourcing, origin

WIRE = (
    "The prisoner exchange took place at the border on a cold morning, and buses waited for hours in the snow. "
    "Umerov said 157 prisoners had returned home through Belarus that day. Families sang in the street until dark, "
    "while officials counted the lists once more and promised that the next exchange would come within a month."
)
CLAIM = "Umerov said 157 prisoners had returned home through Belarus."


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("sourcing")
    settings = Settings(home=folder / "home", seeds=folder / "documents", chroma_url=None, _env_file=None)
    settings.seeds.mkdir()

    def write(name: str, text: str, publisher: str, date: str = "2026-02-05") -> None:
        sources = json.dumps([{"publisher": publisher, "title": name, "date": date, "url": None}])
        front = f"id: {name}\ntitle: {name}\ndate: {date}\nkind: event\nlanguage: en\nsources: {sources}"
        (settings.seeds / f"{name}.md").write_text(f"---\n{front}\n---\n{text}\n", encoding="utf-8")

    write("wire-one", WIRE, "Gazette / Reuters")
    write("wire-two", WIRE, "Reuters via Herald")
    write("own", "Umerov said that 157 prisoners returned home through Belarus on Thursday.", "Radio")
    write("other", "Umerov said 160 prisoners had returned home through Belarus.", "Tribune")
    write("denial", "Umerov said no prisoners had returned home through Belarus.", "Sentinel")
    write("later", "Umerov said 157 prisoners had returned home through Belarus.", "Annals", "2026-05-01")
    write("russia", "Lavrov said Russia would not leave the talks in Geneva.", "Observer")
    sync(settings, embedder)
    with Collection(settings, embedder) as opened:
        yield opened


def sourcing(collection: Collection, claim: str, as_of: dt.date | None = None) -> Sourcing:
    with collection.snapshot() as snapshot:
        return find_sourcing(snapshot, claim, load_names(), collection.embedder, as_of)


def test_reports_that_say_it_are_counted_once_for_near_duplicates(collection: Collection) -> None:
    found = sourcing(collection, CLAIM, dt.date(2026, 3, 1))
    assert {one.document_id for one in found.reports} == {"wire-one", "wire-two", "own"}
    assert found.independent_reports == 2
    assert found.independent_publishers == 2
    assert not found.single_source
    repeated = [one for one in found.reports if one.same_story_as]
    assert len(repeated) == 1
    for one in found.reports:
        with collection.snapshot() as snapshot:
            assert snapshot.document(one.document_id).text[one.start : one.end] == one.quote


def test_a_later_report_counts_only_without_the_cut_off(collection: Collection) -> None:
    assert "later" in {one.document_id for one in sourcing(collection, CLAIM).reports}
    assert sourcing(collection, CLAIM, dt.date(2025, 1, 1)).reports == []


def test_a_single_source_and_a_party_about_itself_are_marked(collection: Collection) -> None:
    found = sourcing(collection, "Lavrov said Russia would not leave the talks in Geneva.")
    assert found.single_source
    (report,) = found.reports
    assert (report.speaker, report.about_itself) == ("Sergey Lavrov", True)


def test_what_nobody_says_has_no_report(collection: Collection) -> None:
    found = sourcing(collection, "Penguins returned home through Belarus.")
    assert (found.reports, found.independent_reports, found.single_source) == ([], 0, False)


@pytest.mark.parametrize(
    ("publisher", "expected"),
    [
        ("Report.az / Reuters", "reuters"),
        ("Reuters via Newsmax", "reuters"),
        ("Kyiv Independent", "kyiv independent"),
        ("Reuters", "reuters"),
    ],
)
def test_an_outlet_that_prints_an_agency_counts_as_the_agency(publisher: str, expected: str) -> None:
    assert origin(publisher) == expected


def document(*sources: Source, kind: str = "event") -> Document:
    return Document(
        id="d", title="t", date=dt.date(2026, 1, 1), kind=kind, language="en", sources=sources, text="A text."
    )


def test_a_document_says_what_is_weak_about_its_sources() -> None:
    def notes(one: Document) -> tuple[str, ...]:
        return document_notes(one)

    day, late = dt.date(2026, 1, 2), dt.date(2026, 2, 1)
    assert notes(document()) == ("no_source",)
    good = Source(publisher="Gazette", date=day), Source(publisher="Herald", date=late)
    assert notes(document(*good)) == ()
    assert notes(document(Source(publisher="A / Reuters", date=day), Source(publisher="Reuters via B", date=day))) == (
        "one_publisher",
    )
    assert notes(document(Source(publisher="Gazette"), Source(publisher="Herald"))) == ("undated_sources",)
    assert notes(document(Source(publisher="Gazette", date=late), Source(publisher="Herald", date=late))) == (
        "late_sources",
    )
    later = Source(publisher="Gazette", date=late), Source(publisher="Herald", date=late)
    assert notes(document(*later, kind="topic")) == ()
    assert notes(document(Source(publisher="TASS", date=day), Source(publisher="Ukrinform", date=day))) == (
        "state_outlet",
    )
