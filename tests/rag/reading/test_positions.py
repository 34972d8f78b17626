"""Who says what about a subject, over a small collection."""

import datetime as dt
from collections.abc import Iterator

import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.reading.positions import Positions, find_positions

COUNT = "how many prisoners returned home in the exchange"
WIRE = (
    "The prisoner exchange took place at the border on a cold morning, and buses waited for hours in the snow. "
    "Umerov said 157 prisoners had returned home through Belarus that day. Families sang in the street until dark, "
    "while officials counted the lists once more and promised that the next exchange would come within a month."
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("voices")
    return Settings(home=folder / "home", seeds=folder / "documents", chroma_url=None, _env_file=None)


@pytest.fixture(scope="module")
def collection(home: Settings, embedder: Embedder) -> Iterator[Collection]:
    write(home, "wire-one", WIRE, title="Prisoner exchange", date="2026-02-05")
    write(home, "wire-two", WIRE, title="Prisoner exchange, again", date="2026-02-05")
    write(
        home,
        "medinsky",
        "Medinsky said 160 prisoners had returned home through Belarus that day. Russia's position on the exchange: "
        "all for all.",
        title="Prisoner exchange",
        date="2026-02-05",
    )
    write(home, "later", "Trump said the prisoner exchange was beautiful.", title="Exchange", date="2026-03-01")
    write(home, "orchard", "Frost killed the apple blossom. The growers ask for help.", date="2026-02-05")
    sync(home, embedder)
    with Collection(home, embedder) as opened:
        yield opened


def write(settings: Settings, name: str, text: str, *, title: str = "", date: str) -> None:
    settings.seeds.mkdir(exist_ok=True)
    (settings.seeds / f"{name}.md").write_text(
        f"---\nid: {name}\ntitle: {title or name}\ndate: {date}\nlanguage: en\n---\n{text}\n", encoding="utf-8"
    )


def positions(collection: Collection, topic: str, as_of: dt.date | None = None) -> Positions:
    with collection.snapshot() as snapshot:
        return find_positions(snapshot, topic, load_names(), collection.embedder, as_of)


def test_statements_stand_under_the_side_that_makes_them(collection: Collection) -> None:
    found = positions(collection, COUNT)
    shown = {side.side: [one.speaker for one in side.positions] for side in found.sides}
    assert shown["kyiv"] == ["Rustem Umerov"]
    assert shown["moscow"] == ["Vladimir Medinsky"]
    for side in found.sides:
        for one in side.positions:
            with collection.snapshot() as snapshot:
                assert snapshot.document(one.document_id).text[one.start : one.end] == one.quote


def test_the_same_wire_report_in_two_places_is_one_source(collection: Collection) -> None:
    found = positions(collection, COUNT)
    (umerov,) = next(side.positions for side in found.sides if side.side == "kyiv")
    assert umerov.independent_sources == 1


def test_two_counts_of_one_exchange_are_both_shown(collection: Collection) -> None:
    found = positions(collection, COUNT)
    (disagreement,) = [one for one in found.disagreements if one.ground == "numbers"]
    assert {account.speaker for account in disagreement.accounts} == {"Rustem Umerov", "Vladimir Medinsky"}


def test_nothing_after_the_cut_off_is_shown(collection: Collection) -> None:
    topic = "was the prisoner exchange beautiful"
    assert "washington" in {side.side for side in positions(collection, topic).sides}
    found = positions(collection, topic, dt.date(2026, 2, 10))
    assert "washington" not in {side.side for side in found.sides}
    assert found.coverage.as_of == dt.date(2026, 2, 10)
    assert positions(collection, topic, dt.date(2025, 1, 1)).sides == []
