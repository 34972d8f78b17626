"""A cross-encoder reads the question and a sentence together, which tells an answer from a sentence much like one.

It is the model that PARLEY_RERANKER_MODEL names. It reads only the likeliest sentences: unlike an embedding, its
verdict has to be worked out for every question anew.
"""

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from index.errors import RerankerError
from index.hub import Kind, load_model
from index.settings import Settings
from rag.retrieval.reranking import Reranked, Sentence
from rag.retrieval.zscores import standardised

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder as LoadedModel

READ = 32  # sentences of a question that are read; the others count as the least of these

_KIND = Kind("CrossEncoder", "reranker model", "unset PARLEY_RERANKER_MODEL", RerankerError)


class CrossEncoder:
    """A loaded sentence-transformers CrossEncoder; safe to call from several threads, which take turns."""

    def __init__(self, model: "LoadedModel", name: str) -> None:
        if model.num_labels != 1:
            raise RerankerError(
                f"the reranker model {name!r} gives {model.num_labels} scores a pair; name one that gives a single one"
            )
        self._model = model
        self._turn = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        """How well each text answers, larger is better, float `(len(texts),)`; logits, on the model's own scale."""
        from torch.nn import Identity

        pairs = [(question, text) for text in texts]
        with self._turn:
            return self._model.predict(pairs, activation_fn=Identity(), show_progress_bar=False)


def open_cross_encoder(settings: Settings) -> CrossEncoder | None:
    """The CrossEncoder of PARLEY_RERANKER_MODEL, a folder or a name on the Hugging Face hub; None where none is named.

    A model from the hub is kept in the home. Raises RerankerError.
    """
    name = settings.reranker_model
    return CrossEncoder(load_model(_KIND, name, settings.home / "models"), name) if name else None


@dataclass(frozen=True, slots=True)
class VerdictWeights:
    """What the cross-encoder's verdict counts beside all else that a passage scores; standardised as the rest is."""

    passage: float = 1.0


WEIGHTS = VerdictWeights()


def reread(
    cross_encoder: CrossEncoder, question: str, reranked: Reranked, weights: VerdictWeights = WEIGHTS
) -> Reranked:
    """The passages ordered anew with what their best sentence is worth; each sentence has its `verdict`."""
    sentences = reranked.sentences
    likeliest = sorted(range(len(sentences)), key=lambda index: -sentences[index].similarity)[:READ]
    if not likeliest:
        return reranked
    read = cross_encoder.scores(question, [_in_its_document(sentences[index]) for index in likeliest])
    verdicts = np.full(len(sentences), read.min())
    verdicts[likeliest] = read
    worth = standardised(verdicts)
    judged = [replace(one, verdict=float(verdict)) for one, verdict in zip(sentences, worth, strict=True)]
    best = {chunk: max(one.verdict for one in group) for chunk, group in _by_chunk(judged).items()}
    gains = weights.passage * standardised([best.get(one.chunk.id, worth.min()) for one in reranked.passages])
    raised = [replace(one, score=one.score + float(gain)) for one, gain in zip(reranked.passages, gains, strict=True)]
    raised = {one.chunk.id: one for one in sorted(raised, key=lambda one: -one.score)}
    return Reranked(tuple(raised.values()), tuple(replace(one, passage=raised[one.passage.chunk.id]) for one in judged))


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
