"""A cross-encoder reads the question and a sentence together, which tells an answer from a sentence much like one.

It is Parley's own reader, or the model that PARLEY_RERANKER_MODEL names. It reads only the likeliest sentences: unlike
an embedding, its verdict has to be worked out for every question anew.
"""

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.errors import RerankerError
from index.hub import Kind, load_model
from index.settings import Settings
from index.text.names import Names
from rag.language import question_language
from rag.retrieval.reader import Reader
from rag.retrieval.reranking import Reranked, Sentence
from rag.retrieval.zscores import standardised

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder as LoadedModel

NO_MODEL = "none"
READ = 32  # sentences of a question that are read; the others count as the least of these

_KIND = Kind("CrossEncoder", "reranker model", "unset PARLEY_RERANKER_MODEL", RerankerError)


class PairScorer(Protocol):
    """What reads pairs of a question and a text.

    `floor` is the score below which even the best of a question's texts is no answer, None where that is not known.
    """

    floor: float | None

    def reads(self, language: str) -> bool:
        """Whether it can tell anything of a question or a text in this language, an ISO 639-1 code."""
        ...

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        """How well each text answers, larger is better, float `(len(texts),)`; on the model's own scale."""
        ...


class CrossEncoder:
    """A loaded sentence-transformers CrossEncoder; safe to call from several threads, which take turns."""

    floor = None

    def __init__(self, model: "LoadedModel", name: str) -> None:
        if model.num_labels != 1:
            raise RerankerError(
                f"the reranker model {name!r} gives {model.num_labels} scores a pair; name one that gives a single one"
            )
        self._model = model
        self._turn = threading.Lock()

    def reads(self, language: str) -> bool:
        return True

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        from torch.nn import Identity

        pairs = [(question, text) for text in texts]
        with self._turn:
            return self._model.predict(pairs, activation_fn=Identity(), show_progress_bar=False)


def open_cross_encoder(settings: Settings, names: Names | None = None) -> PairScorer | None:
    """The CrossEncoder of PARLEY_RERANKER_MODEL, a folder or a name on the Hugging Face hub; unset, our own reader.

    None where the setting is "none". A model from the hub is kept in the home. Raises RerankerError.
    """
    name = settings.reranker_model
    if not name:
        return Reader(names)
    return None if name == NO_MODEL else CrossEncoder(load_model(_KIND, name, settings.home / "models"), name)


@dataclass(frozen=True, slots=True)
class VerdictWeights:
    """What the cross-encoder's verdict counts beside all else that a passage scores; standardised as the rest is.

    With our reader, on held-out passages and stories of training/data: at 0.3, and 0.6 for sentences, 0.832 and 0.695
    correct, at 1 and 1 0.830 and 0.682, without 0.813 and 0.656.
    """

    passage: float = 0.3


WEIGHTS = VerdictWeights()


def reread(scorer: PairScorer, question: str, reranked: Reranked, weights: VerdictWeights = WEIGHTS) -> Reranked:
    """The passages ordered anew with what their best sentence is worth; each sentence has its `verdict`.

    What it cannot read, by its language, it speaks neither for nor against.
    """
    sentences = reranked.sentences
    readable = [index for index, one in enumerate(sentences) if scorer.reads(one.passage.document.language)]
    if not readable or not scorer.reads(question_language(question)):
        return reranked
    likeliest = sorted(readable, key=lambda index: -sentences[index].similarity)[:READ]
    read = scorer.scores(question, [_in_its_document(sentences[index]) for index in likeliest])
    worth = dict.fromkeys(readable, read.min()) | dict(zip(likeliest, read, strict=True))
    verdicts = np.zeros(len(sentences))
    verdicts[readable] = standardised([worth[index] for index in readable])
    judged = [replace(one, verdict=float(verdict)) for one, verdict in zip(sentences, verdicts, strict=True)]
    best = {chunk: max(one.verdict for one in group) for chunk, group in _by_chunk(judged).items()}
    gains = weights.passage * standardised([best.get(one.chunk.id, verdicts.min()) for one in reranked.passages])
    raised = [replace(one, score=one.score + float(gain)) for one, gain in zip(reranked.passages, gains, strict=True)]
    raised = {one.chunk.id: one for one in sorted(raised, key=lambda one: -one.score)}
    sentences = tuple(replace(one, passage=raised[one.passage.chunk.id]) for one in judged)
    return Reranked(tuple(raised.values()), sentences, float(read.max()))


def _by_chunk(sentences: Sequence[Sentence]) -> dict[str, list[Sentence]]:
    groups = defaultdict(list)
    for sentence in sentences:
        groups[sentence.passage.chunk.id].append(sentence)
    return groups


def _in_its_document(sentence: Sentence) -> str:
    """The sentence after its document's title and date, without which few say what they are about."""
    document = sentence.passage.document
    dated = f"{document.title}, {document.date}" if document.date else document.title
    return f"{dated}\n{sentence.text}"
