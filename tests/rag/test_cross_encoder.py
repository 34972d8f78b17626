"""A cross-encoder of the user's own: how it is opened, and what its verdict changes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.errors import RerankerError
from index.settings import Settings
from index.sync import sync
from rag.answering.evidence import EvidenceWeights
from rag.assistant import Assistant
from rag.chain import Weights
from rag.opening import open_assistant
from rag.retrieval.cross_encoder import READ, CrossEncoder, VerdictWeights, open_cross_encoder
from rag.types import Question

QUESTION = "When does the ferry to Sandvik leave?"
OTHER_QUESTION = "Who runs the bakery?"


class Preferring(CrossEncoder):
    """Holds one wording to be the answer to everything, and keeps what it was given to read."""

    def __init__(self, wording: str) -> None:
        self._wording = wording
        self.read: list[str] = []

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        self.read += texts
        return np.array([float(self._wording in text) for text in texts])


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Settings:
    folder = tmp_path_factory.mktemp("harbour")
    for name, title, date, text in (
        ("ferry", "Timetable", "2026-01-10", "The ferry to Sandvik leaves at seven. It returns at noon."),
        ("boat", "Notice to passengers", "2026-02-10", "The boat to Sandvik leaves at half past eight."),
        ("bakery", "The bakery", "2026-01-11", "Ingrid Dahl runs the bakery on the quay."),
    ):
        (folder / f"{name}.md").write_text(f"---\ntitle: {title}\ndate: {date}\n---\n{text}\n", encoding="utf-8")
    settings = Settings(home=folder / "home", seeds=folder, chroma_url=None, _env_file=None)
    sync(settings, embedder)
    return settings


def test_its_verdict_orders_passages_and_sentences(harbour: Settings, embedder: Embedder) -> None:
    with Collection(harbour, embedder) as collection:
        alone = Assistant(collection, embedder)
        trusting = Weights(verdict=VerdictWeights(passage=1.0), evidence=EvidenceWeights(verdict=1.0))
        joined = Assistant(collection, embedder, weights=trusting, cross_encoder=Preferring("half past eight"))
        assert alone.ask(Question(question=QUESTION)).citations[0].document_id == "ferry"
        assert joined.ask(Question(question=QUESTION)).citations[0].document_id == "boat"
        assert alone.search(QUESTION, 1)[0].document.id == "ferry"
        assert joined.search(QUESTION, 1)[0].document.id == "boat"


def test_a_model_that_sees_no_difference_changes_nothing(harbour: Settings, embedder: Embedder) -> None:
    with Collection(harbour, embedder) as collection:
        alone = Assistant(collection, embedder)
        joined = Assistant(collection, embedder, cross_encoder=Preferring("no such wording"))
        for question in (QUESTION, OTHER_QUESTION):
            assert joined.ask(Question(question=question)).text == alone.ask(Question(question=question)).text


def test_where_even_the_likeliest_sentence_is_no_answer_there_is_none(harbour: Settings, embedder: Embedder) -> None:
    """But only where the question is no more than what it asks: the reader was not trained on cut-offs."""
    with Collection(harbour, embedder) as collection:
        doubtful = Preferring("no such wording")
        doubtful.floor = 0.5
        assistant = Assistant(collection, embedder, cross_encoder=doubtful)
        assert assistant.ask(Question(question=QUESTION)).status == "abstained"
        doubtful.floor = -0.5
        assert assistant.ask(Question(question=QUESTION)).status == "answered"
        doubtful.floor = 0.5
        cut_off = f"As of 1 March 2026: {QUESTION[0].lower()}{QUESTION[1:]}"
        assert assistant.ask(Question(question=cut_off)).status == "answered"


def test_it_reads_the_likeliest_sentences_with_title_and_date(seed_collection: Collection, embedder: Embedder) -> None:
    reader = Preferring("")
    Assistant(seed_collection, embedder, cross_encoder=reader).search("Who led Ukraine's team in Istanbul?", 5)
    assert len(reader.read) == READ
    assert all(text.partition("\n")[0][-10:].count("-") == 2 for text in reader.read)


def test_a_model_folder_is_opened_and_asked(harbour: Settings, tmp_path: Path) -> None:
    settings = harbour.model_copy(update={"reranker_model": str(_tiny_cross_encoder(tmp_path / "tiny", labels=1))})
    scores = open_cross_encoder(settings).scores(QUESTION, ["It leaves at seven.", "Ingrid Dahl runs the bakery."])
    assert scores.shape == (2,)
    assert np.isfinite(scores).all()
    assert open_assistant(settings).ask(Question(question=QUESTION)).status == "answered"


def test_the_setting_none_means_none(harbour: Settings) -> None:
    assert open_cross_encoder(harbour.model_copy(update={"reranker_model": "none"})) is None


def test_a_model_that_gives_no_single_score_is_refused(harbour: Settings, tmp_path: Path) -> None:
    settings = harbour.model_copy(update={"reranker_model": str(_tiny_cross_encoder(tmp_path / "nli", labels=3))})
    with pytest.raises(RerankerError, match="gives 3 scores a pair"):
        open_cross_encoder(settings)


def test_a_model_that_is_not_there_is_a_clear_error(harbour: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    settings = harbour.model_copy(update={"reranker_model": "no-such-owner/no-such-model"})
    with pytest.raises(RerankerError, match=r"reranker model 'no-such-owner/no-such-model'.*unset PARLEY_RERANKER"):
        open_cross_encoder(settings)


def _tiny_cross_encoder(folder: Path, labels: int) -> Path:
    """A real CrossEncoder with a few hundred weights, none of them trained."""
    from sentence_transformers import CrossEncoder as Model
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    vocabulary = folder.parent / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ferry", "bakery", "seven"]))
    config = BertConfig(
        vocab_size=8,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=labels,
    )
    plain = folder.parent / "plain"
    BertForSequenceClassification(config).save_pretrained(plain)
    BertTokenizer(str(vocabulary)).save_pretrained(plain)
    Model(str(plain), max_length=64).save_pretrained(str(folder))
    return folder
