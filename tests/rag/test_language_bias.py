import numpy as np
import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.sync import sync
from rag.retrieval.language_bias import language_bias


def test_each_languages_bias_is_how_far_its_mean_is_behind(seed_collection: Collection, embedder: Embedder) -> None:
    query = embedder.encode_query("Хто очолював українську делегацію?")
    with seed_collection.snapshot() as snapshot:
        means = snapshot.language_means()
        bias = language_bias(snapshot, query)
    assert means.keys() == bias.keys() == {"en", "uk", "ru"}
    for kind in ("chunk", "plain", "titled"):
        nearness = {language: float(getattr(mean, kind) @ query) for language, mean in means.items()}
        believed = {language: (mean.chunks - 1) / (mean.chunks + 1) for language, mean in means.items()}
        nearest = max(nearness.values())
        expected = {language: (value - nearest) * believed[language] for language, value in nearness.items()}
        assert {language: getattr(value, kind) for language, value in bias.items()} == pytest.approx(expected, abs=1e-6)
    assert bias["uk"].chunk == 0  # a Ukrainian question is nearest to Ukrainian texts, whatever they say
    assert bias["en"].chunk < -0.01


def test_a_mean_is_that_of_the_chunks(settings, embedder: Embedder, three_documents) -> None:
    sync(settings, embedder)
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        (mean,) = snapshot.language_means().values()
        chunks = [chunk for one in snapshot.documents() for chunk in snapshot.document_chunks(one.id)]
        documents = {one.id: snapshot.document(one.id) for one in snapshot.documents()}
    assert len(chunks) == 3
    from index.text.chunking import embedded_text

    vectors = embedder.encode_passages([embedded_text(documents[chunk.document_id], chunk.text) for chunk in chunks])
    assert np.allclose(mean.chunk, vectors.mean(axis=0), atol=1e-6)


def test_a_single_chunk_says_nothing_about_its_language(settings, embedder: Embedder, write_document) -> None:
    write_document("ferry", "The ferry to the island runs again.")
    (settings.seeds / "porom.md").write_text("---\ntitle: Паром\nlanguage: uk\n---\nПаром знову ходить.\n", "utf-8")
    sync(settings, embedder)
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        bias = language_bias(snapshot, embedder.encode_query("Коли ходить паром?"))
    assert {language: value.chunk for language, value in bias.items()} == {"en": 0, "uk": 0}


def test_an_empty_collection_has_no_bias(settings, embedder: Embedder) -> None:
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        assert language_bias(snapshot, embedder.encode_query("Who?")) == {}
