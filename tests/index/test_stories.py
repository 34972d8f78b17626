"""Near-duplicates are found, kept and grouped; an update replaces its report; earlier texts are kept."""

import datetime as dt
import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.storage.store import Store
from index.stories import Known, Signatures, groups, independent_sources, link, similar_pairs
from index.sync import add, remove, sync
from index.text.lexical import tokenize
from index.text.names import load_names
from index.text.similarity import containment, jaccard, signature_of
from index.types import Document, Source

WIRE = (
    "Delegations of Arland and Borland met at the lake hotel in Corvin on Tuesday and agreed to exchange prisoners. "
    "The mediator Ilse Brandt told reporters that the lists had been compared name by name during the night. "
    "Neither side would say how many people were on them, and the ministry in Arland declined to comment. "
    "A ferry will bring the first of them across the strait before the end of the week, she said. "
)
ENDING = "The next round of talks is planned for March, when the two islands in the strait will be on the table again. "
OTHER = (
    "Growers in the valley asked for help after a late frost killed the apple blossom in most of their orchards. "
    "The ministry of agriculture said that it would send inspectors before it decided about any compensation. "
    "Prices of cider rose at once in the markets of the capital, where last year's harvest is already sold. "
)


@pytest.fixture
def report(settings: Settings) -> Callable[..., None]:
    """Writes a report as a line of JSON in a file of its own."""

    def write(name: str, text: str, *, publisher: str, title: str, date: str | None = "2026-02-03") -> None:
        fields = {"id": name, "title": title, "text": text, "publisher": publisher, "date": date}
        (settings.seeds / f"{name}.jsonl").write_text(json.dumps(fields))

    return write


def found(settings: Settings, embedder: Embedder, question: str, as_of: dt.date | None = None) -> tuple[set, set]:
    """Ids of the documents found by meaning, and by words."""
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        dense = snapshot.dense(embedder.encode_query(question), 10, as_of)
        lexical = snapshot.lexical(tokenize(question, load_names()), 10, as_of)
        return {hit.chunk.document_id for hit in dense}, {hit.chunk.document_id for hit in lexical}


def test_estimates_agree_with_counting() -> None:
    def runs(text: str) -> set[str]:
        words = text.lower().replace(",", "").replace(".", "").split()
        return {" ".join(words[at : at + 4]) for at in range(len(words) - 3)}

    whole, part = signature_of(WIRE + ENDING), signature_of(WIRE)
    exact = len(runs(WIRE) & runs(WIRE + ENDING)) / len(runs(WIRE) | runs(WIRE + ENDING))
    estimated = float(jaccard(part.values, whole.values[None])[0])
    assert (part.runs, whole.runs) == (len(runs(WIRE)), len(runs(WIRE + ENDING)))
    assert estimated == pytest.approx(exact, abs=0.12)  # three standard deviations
    assert containment(exact, part.runs, whole.runs) == pytest.approx(1.0)
    assert float(jaccard(part.values, signature_of(OTHER).values[None])[0]) < 0.05


def test_of_many_documents_the_same_pairs_are_found_as_by_comparing_each_with_each() -> None:
    """Copies of which a fifth to all is the same, reports that share a paragraph, and forty of the same words."""
    chance = random.Random(5)
    shared = words_of(chance, 60)
    reports = [words_of(chance, 200) + shared for _ in range(120)]
    copies = [[*one[: chance.randint(50, 260)], *words_of(chance, 80)] for one in reports[:60]]
    texts = [" ".join(words) for words in [*reports, *copies, *[shared] * 40, ["short"]]]
    signed = [signature_of(text) for text in texts]
    ids = [f"d{number}" for number in range(len(texts))]
    signatures = Signatures(ids, np.array([each.runs for each in signed]), np.stack([each.values for each in signed]))
    one_by_one = {pair for one in ids for pair in similar_pairs([one], signatures)}
    assert len(one_by_one) > 40 * 39 / 2 + 20  # those of the same words, and others
    assert set(similar_pairs(ids, signatures)) == one_by_one
    assert set(similar_pairs(ids[60:180], signatures)) == {p for p in one_by_one if {*p[:2]} & {*ids[60:180]}}


def words_of(chance: random.Random, count: int) -> list[str]:
    return [f"w{chance.randrange(5_000)}" for _ in range(count)]


def test_one_wire_report_in_five_outlets_is_one_source(settings, embedder, report) -> None:
    outlets = ["Gazette", "Herald", "Courier", "Post", "Radio"]
    for number, outlet in enumerate(outlets):
        cut = WIRE + ENDING if number % 2 else WIRE
        report(outlet.lower(), f"{cut} {outlet} staff added nothing.", publisher=outlet, title=f"{outlet}: a deal")
    report("frost", OTHER, publisher="Gazette", title="Frost")
    sync(settings, embedder)
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        stories = snapshot.stories()
        assert stories == dict.fromkeys(map(str.lower, outlets), "courier")
        assert {one.id: one.story for one in snapshot.documents()} == {**stories, "frost": None}
        assert snapshot.superseded() == {}
        assert independent_sources([*stories, "frost", "unknown"], stories) == 3
        assert {hit.chunk.document_id for hit in snapshot.dense(embedder.encode_query("prisoners"), 10)} >= set(stories)


def test_update_replaces_the_report_and_the_old_one_stays_to_be_read(settings, embedder, report) -> None:
    report("first", WIRE, publisher="Gazette", title="Prisoners to be exchanged")
    sync(settings, embedder)
    report("second", WIRE + ENDING, publisher="Gazette", title="UPDATE 1: Prisoners to be exchanged", date="2026-02-04")
    sync(settings, embedder)
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        assert snapshot.superseded() == {"first": "second"}
        assert snapshot.document("first").text == WIRE.strip()
        assert {one.id: one.superseded_by for one in snapshot.documents()} == {"first": "second", "second": None}
    assert found(settings, embedder, "prisoners exchange") == ({"second"}, {"second"})
    day = dt.date(2026, 2, 3)  # then the first report was the current one
    assert found(settings, embedder, "prisoners exchange", day) == ({"first"}, {"first"})
    remove(settings, ["second"])
    assert found(settings, embedder, "prisoners exchange") == ({"first"}, {"first"})


def known(title: str, date: str | None, publisher: str = "Gazette", first_read: str = "1") -> Known:
    sources = (Source(publisher=publisher),)
    day = dt.date.fromisoformat(date) if date else None
    return Known(
        Document(id=f"{title}-{date}-{first_read}", title=title, date=day, sources=sources, text="x"), first_read
    )


@pytest.mark.parametrize(
    ("older", "newer", "replaces"),
    [
        (known("A deal", "2026-02-03"), known("Updated: A deal", "2026-02-03"), True),
        (known("UPDATE 1: A deal", "2026-02-03"), known("UPDATE 2: A deal", "2026-02-04"), True),
        (known("Угода", "2026-02-03"), known("Угода (оновлено)", "2026-02-03"), True),
        (known("A deal", "2026-02-03"), known("A deal", "2026-02-03", first_read="2"), True),
        (known("A deal", None), known("A deal", None, first_read="2"), True),
        (known("A deal", "2026-02-03"), known("A deal", "2026-02-03"), False),  # two addresses, read together
        (known("Losses", "2026-02-03"), known("Losses", "2026-02-04", first_read="2"), False),  # a daily report
        (known("Day 712", "2026-02-03"), known("Day 713", "2026-02-03", first_read="2"), False),
        (known("A deal", "2026-02-03"), known("Updated: A deal", "2026-03-03"), False),
        (known("A deal", "2026-02-03"), known("Updated: A deal", "2026-02-03", publisher="Herald"), False),
        (known("A deal", "2026-02-03"), known("Updated: No deal at all yet", "2026-02-03"), False),
    ],
)
def test_what_replaces_what(older: Known, newer: Known, replaces: bool) -> None:
    made = link(newer, older, 0.9)
    assert made == link(older, newer, 0.9)
    assert made.is_update is replaces
    if replaces:
        assert (made.older, made.newer) == (older.document.id, newer.document.id)


def test_groups_join_through_a_third() -> None:
    assert groups([("b", "c"), ("d", "e"), ("c", "a")]) == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "d"}
    assert groups([]) == {}


def test_earlier_texts_of_a_document_are_kept_until_it_is_removed(settings, embedder, report) -> None:
    for text in (WIRE, WIRE + ENDING, OTHER):
        report("story", text, publisher="Gazette", title="A story")
        sync(settings, embedder)
    sync(settings, embedder)
    with Store.open(settings.database) as store:
        earlier = store.versions("story")
        assert [version.document.text for version in earlier] == [(WIRE + ENDING).strip(), WIRE.strip()]
        assert all(version.replaced_at >= version.ingested_at for version in earlier)
        assert store.document("story").text == OTHER.strip()
    (settings.seeds / "story.jsonl").unlink()
    sync(settings, embedder)
    with Store.open(settings.database) as store:
        assert (store.versions("story"), store.links(), len(store.signatures().ids)) == ([], [], 0)


def test_people_and_places_come_from_the_text_where_none_are_given(settings, embedder, tmp_path: Path) -> None:
    text = "Зеленський прибув до Женеви. У Женеві Зеленський зустрів Віткоффа, а потім відлетів до Києва."
    (tmp_path / "a.md").write_text(f"---\ntitle: Віткофф у Женеві\nlanguage: uk\n---\n{text}")
    (tmp_path / "b.md").write_text(f"---\ntitle: T\npeople: [Rustem Umerov]\n---\n{text}")
    add(settings, embedder, [tmp_path])
    with Store.open(settings.database) as store:
        filled, given = store.document("a"), store.document("b")
    assert filled.people == ("Steve Witkoff", "Volodymyr Zelensky")
    assert filled.places == ("Geneva",)
    assert given.people == ("Rustem Umerov",)
    assert given.places == ("Geneva",)
    assert add(settings, embedder, [tmp_path]).unchanged == ("a", "b")
