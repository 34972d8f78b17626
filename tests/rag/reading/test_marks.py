"""What stands beside a citation: how many publishers say so, and what is weak about its sources."""

import datetime as dt
import json
from collections.abc import Iterator

import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from index.text.sentences import split_sentences
from rag.citations import cite
from rag.reading.marks import Marker
from rag.types import Citation

WIRE = (
    "The prisoner exchange took place at the border on a cold morning, and buses waited for hours in the snow. "
    "Umerov said 157 prisoners had returned home through Belarus that day. Families sang in the street until dark, "
    "while officials counted the lists once more and promised that the next exchange would come within a month."
)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("marks")
    settings = Settings(home=folder / "home", seeds=folder / "documents", chroma_url=None, _env_file=None)
    settings.seeds.mkdir()

    def write(name: str, text: str, *publishers: str, date: str = "2026-02-05") -> None:
        sources = json.dumps([{"publisher": one, "title": name, "date": date, "url": None} for one in publishers])
        front = f"id: {name}\ntitle: {name}\ndate: {date}\nkind: event\nlanguage: en\nsources: {sources}"
        (settings.seeds / f"{name}.md").write_text(f"---\n{front}\n---\n{text}\n", encoding="utf-8")

    write("wire-one", WIRE, "Gazette / Reuters")
    write("wire-two", WIRE, "Reuters via Herald")
    write("own", "Umerov said that 157 prisoners had returned home through Belarus that day.", "Radio")
    write("denial", "Umerov said no prisoners had returned home through Belarus that day.", "Sentinel")
    write("later", "Umerov said 157 prisoners had returned home through Belarus that day.", "Annals", date="2026-05-01")
    write("russia", "Lavrov said Russia would not leave the talks in Geneva.", "TASS")
    write("bare", "Nobody was named in the hall of mirrors.")
    sync(settings, embedder)
    with Collection(settings, embedder) as opened:
        yield opened


def marked(collection: Collection, name: str, words: str, as_of: dt.date | None = None) -> Citation:
    with collection.snapshot() as snapshot:
        document = snapshot.document(name)
        span = next(one for one in split_sentences(document.text) if words in document.text[one.start : one.end])
        (citation,) = Marker(load_names()).marked(snapshot, [cite(1, document, span)], as_of)
    return citation


def test_publishers_are_counted_once_for_an_agency_and_never_those_who_deny(collection: Collection) -> None:
    citation = marked(collection, "wire-one", "157 prisoners", dt.date(2026, 3, 1))
    assert citation.independent_sources == 2  # Reuters in two outlets, and Radio
    assert "single_source" not in citation.marks


def test_what_was_published_later_than_the_cut_off_is_not_counted(collection: Collection) -> None:
    assert marked(collection, "wire-one", "157 prisoners").independent_sources == 3
    assert marked(collection, "denial", "no prisoners", dt.date(2026, 3, 1)).independent_sources == 1


def test_one_who_is_alone_and_a_party_about_itself_and_a_state_outlet_are_marked(collection: Collection) -> None:
    citation = marked(collection, "russia", "Lavrov")
    assert citation.independent_sources == 1
    assert set(citation.marks) == {"single_source", "about_itself", "state_outlet"}


def test_without_sources_nothing_is_counted(collection: Collection) -> None:
    citation = marked(collection, "bare", "Nobody")
    assert citation.independent_sources is None
    assert citation.marks == ("no_source",)


def test_the_same_span_is_marked_the_same_again_and_the_rest_of_the_citation_stays(collection: Collection) -> None:
    marker = Marker(load_names())
    with collection.snapshot() as snapshot:
        document = snapshot.document("own")
        citation = cite(1, document, next(iter(split_sentences(document.text))))
        first, second = (marker.marked(snapshot, [citation], None) for _ in range(2))
    assert first == second
    assert first[0].model_copy(update={"independent_sources": None, "marks": ()}) == citation
