"""Parley's own reader: that it runs, what it prefers, and what it leaves alone."""

import numpy as np
import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from rag.assistant import Assistant
from rag.retrieval.cross_encoder import open_cross_encoder
from rag.retrieval.reader import FOLDER, MODEL, Reader
from rag.types import Question

# None of these is in its training data; each next sentence is about the same things and does not answer. Every sentence
# stands under its report's title and date, as in training.
PAIRS = (
    (
        "How long will the bridge stay shut?",
        "Halden crossing to reopen, 2003-04-20",
        "The crossing at Halden reopens to traffic on 4 May, six weeks after the barge struck it.",
        "The bridge at Halden was built in 1931 and is 210 metres long.",
    ),
    (
        "Who will pay for the clean-up of the harbour?",
        "Oil in the harbour, 2004-01-09",
        "The shipowner's insurers have agreed to bear the cost of removing the oil.",
        "The harbour has been closed since the oil reached its inner basin.",
    ),
    (
        "Why did the union call off the walkout?",
        "Dockers will work on Friday, 2005-06-01",
        "Its members accepted a rise of four per cent, so the strike planned for Friday will not go ahead.",
        "The union represents 1,400 dockers and called its last walkout in 2011.",
    ),
    (
        "Where was the treaty put to paper?",
        "Fishing treaty, 1999-10-12",
        "The two foreign ministers signed it aboard a ferry moored at Ostby.",
        "The treaty has nineteen articles, two of them on fishing.",
    ),
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_a_sentence_that_answers_comes_before_one_on_the_same_subject(reader: Reader) -> None:
    for question, heading, answering, beside in PAIRS:
        right, wrong = reader.scores(question, [f"{heading}\n{answering}", f"{heading}\n{beside}"])
        assert right > wrong, question


def test_a_score_depends_on_its_pair_alone(reader: Reader) -> None:
    texts = [text for _, _, *others in PAIRS for text in others]
    together = reader.scores(PAIRS[0][0], texts)
    apart = [reader.scores(PAIRS[0][0], [text])[0] for text in texts]
    assert np.array_equal(together, np.array(apart, dtype=np.float32))
    assert reader.scores(PAIRS[0][0], []).shape == (0,)


def test_texts_of_any_length_are_read(reader: Reader) -> None:
    assert np.isfinite(reader.scores("?", ["", "word " * 5000, "\x00", "Ось відповідь."])).all()


def test_it_is_small_enough_to_ship() -> None:
    assert (FOLDER / MODEL).stat().st_size <= 30 * 2**20


def test_it_is_the_default_and_can_be_switched_off(tmp_path) -> None:
    settings = Settings(home=tmp_path, chroma_url=None, _env_file=None)
    assert isinstance(open_cross_encoder(settings), Reader)
    assert open_cross_encoder(settings.model_copy(update={"reranker_model": "none"})) is None


@pytest.mark.parametrize("question", ["Коли відпливає пором до Сандвіка?", "Когда отходит паром в Сандвик?"])
def test_questions_in_other_languages_are_answered_as_without_it(tmp_path, embedder: Embedder, question: str) -> None:
    for name, text in (
        ("ferry", "The ferry to Sandvik leaves at seven."),
        ("boat", "The boat leaves Sandvik at nine."),
    ):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: 2026-01-10\n---\n{text}\n", encoding="utf-8")
    settings = Settings(home=tmp_path / "home", seeds=tmp_path, chroma_url=None, _env_file=None)
    sync(settings, embedder)
    with Collection(settings, embedder) as collection:
        alone, read = Assistant(collection, embedder), Assistant(collection, embedder, cross_encoder=Reader())
        assert read.ask(Question(question=question)).text == alone.ask(Question(question=question)).text
