"""How far something has got, by the words of the documents."""

import datetime as dt
from collections.abc import Iterator

import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.reading.status import StatusReport, find_status, status_of


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Washington proposed a lake treaty.", "proposed"),
        ("Both capitals agreed to the lake treaty.", "agreed"),
        ("The treaty that collapsed in May was signed in June.", "signed"),
        ("The Kremlin denied the report.", "denied"),
        ("The truce expired at midnight.", "lapsed"),
        ("A shorter plan replaced it.", "superseded"),
        ("Угоду підписали в Києві.", "signed"),
        ("Кремль спростував повідомлення.", "denied"),
        ("Стороны договорились о перемирии.", "agreed"),
        ("Перемирие истекло в полночь.", "lapsed"),
    ],
)
def test_a_word_tells_how_far_it_got(sentence: str, expected: str) -> None:
    assert status_of(sentence)[0] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The treaty would be signed in June.",
        "The treaty may be signed in June.",
        "Nothing was agreed.",
        "If it is signed, the guns fall silent.",
        "Kyiv wanted guarantees first, ratified by Congress.",
        "He said that the document was ready to be signed.",
        'A banner read "we agreed".',
        "Угоду не підписали.",
        "Договор ещё не подписан.",
        "The lake is deep.",
    ],
)
def test_what_is_not_so_or_not_yet_tells_nothing(sentence: str) -> None:
    assert status_of(sentence) is None


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("status")
    settings = Settings(home=folder / "home", seeds=folder / "documents", chroma_url=None, _env_file=None)
    settings.seeds.mkdir()
    texts = {
        "2026-01-05": "On 5 January Washington proposed a fishing treaty for the lake.",
        "2026-02-10": "Arland and Borland agreed to the fishing treaty. The islands were left out.",
        "2026-03-15": "The fishing treaty was signed in Corvin.",
        "2026-03-20": "The harbour strike ended. The pilots agreed to a new wage.",
    }
    for date, text in texts.items():
        (settings.seeds / f"{date}.md").write_text(
            f"---\nid: d{date}\ntitle: News\ndate: {date}\nkind: event\nlanguage: en\n---\n{text}\n", encoding="utf-8"
        )
    sync(settings, embedder)
    with Collection(settings, embedder) as opened:
        yield opened


def status(collection: Collection, topic: str, as_of: dt.date | None = None) -> StatusReport:
    with collection.snapshot() as snapshot:
        return find_status(snapshot, topic, load_names(), collection.embedder, as_of)


def test_the_words_on_a_subject_come_newest_first_with_their_days(collection: Collection) -> None:
    found = status(collection, "fishing treaty")
    assert [(one.day, one.status) for one in found.words] == [
        (dt.date(2026, 3, 15), "signed"),
        (dt.date(2026, 2, 10), "agreed"),
        (dt.date(2026, 1, 5), "proposed"),
    ]
    assert found.newest == found.words[0]
    for one in found.words:
        with collection.snapshot() as snapshot:
            assert snapshot.document(one.document_id).text[one.start : one.end] == one.quote


def test_before_the_cut_off_the_newest_word_is_an_older_one(collection: Collection) -> None:
    assert status(collection, "fishing treaty", dt.date(2026, 3, 1)).newest.status == "agreed"
    assert status(collection, "fishing treaty", dt.date(2025, 12, 1)).words == []


def test_another_subject_near_by_gives_no_word(collection: Collection) -> None:
    assert status(collection, "28-point plan").words == []
