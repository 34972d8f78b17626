"""Names that only documents know: their slips and spellings in the other alphabet are not taken for unknown names."""

from collections.abc import Callable, Iterator

import pytest

from index.collection import Collection, Snapshot
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.answering.unknown_names import UnknownName, unknown_names
from rag.retrieval.retriever import make_query


@pytest.fixture
def snapshot(settings: Settings, embedder: Embedder, write_document: Callable[..., object]) -> Iterator[Snapshot]:
    write_document("miners", "Marta Featherstone spoke for the miners of Holmbury.", date="2026-01-05")
    write_document("bridge", "Інженер Гнатишин відкрив міст.", date="2026-01-06")
    sync(settings, embedder)
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        yield snapshot


def unknown(snapshot: Snapshot, embedder: Embedder, question: str) -> tuple[UnknownName, ...]:
    names = load_names()
    return unknown_names(snapshot, make_query(question, snapshot, embedder, names), names)


@pytest.mark.parametrize(
    "question",
    [
        "What did Featherstone say?",
        "What did Fetherstone say?",
        "What did Marta Feathrestone say?",
        "Що сказала Фезерстоун?",
        "Что сказала Марта Фезерстон?",
        "What did Hnatyshyn open?",
        "Что открыл Гнатышин?",
        "What did FEATHERSTONE say?",
        "What did featherston say?",
    ],
)
def test_a_name_of_the_documents_is_known_in_any_spelling(
    snapshot: Snapshot, embedder: Embedder, question: str
) -> None:
    assert unknown(snapshot, embedder, question) == ()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What did Barnaby Quillfeather say?", UnknownName("Barnaby Quillfeather", True)),
        ("What did the Abbot of Trevanion say?", UnknownName("Abbot of Trevanion", True)),
        ("What did the miners say in Trevanion?", UnknownName("Trevanion", False)),
        ("Що сказав Квілфезер?", UnknownName("Квілфезер", True)),
        ("Что сказали шахтёры в Треванионе?", UnknownName("Треванионе", False)),
    ],
)
def test_any_other_name_is_unknown(snapshot: Snapshot, embedder: Embedder, question: str, found: UnknownName) -> None:
    assert unknown(snapshot, embedder, question) == (found,)
