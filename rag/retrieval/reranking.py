"""Passages put in a better order by looking at their sentences and dates.

A passage that is about the question as a whole may hold no sentence that answers it, so the best of its sentences
counts beside the passage. The features of a question's candidates are standardised (z-scores) before they are added,
since cosine similarities and BM25 have no common scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.collection import Snapshot
from index.text.chunking import embedded_sentences, embedded_text
from index.types import Span
from rag.retrieval.language_bias import NO_BIAS
from rag.retrieval.retriever import Query
from rag.retrieval.zscores import standardised
from rag.time.fit import TimeFrame, recency, window_fit
from rag.types import Passage


@dataclass(frozen=True, slots=True)
class RerankWeights:
    """What each feature of a passage counts; all but `window` (0..1) are standardised.

    `titled` is the share of a sentence's titled embedding in its similarity, the rest being its embedding alone.
    """

    passage: float = 1.0
    sentence: float = 1.0
    lexical: float = 0.5
    window: float = 1.5
    latest: float = 1.0
    titled: float = 0.6


WEIGHTS = RerankWeights()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage. `span` counts in the document; `similarity` is its nearness to the question.

    `embedding` is that of the sentence alone, float32 of length 1, `(dimension,)`. `verdict` is the cross-encoder's,
    standardised over the question's sentences, 0 where there is none.
    """

    passage: Passage
    span: Span
    text: str
    similarity: float
    embedding: np.ndarray
    verdict: float = 0.0


@dataclass(frozen=True, slots=True)
class Reranked:
    """Passages in their new order, `score` being the new one, and their sentences.

    `surest` is the verdict on the sentence that the cross-encoder holds the likeliest to answer, on its own scale; None
    where it read nothing.
    """

    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]
    surest: float | None = None


def rerank(
    snapshot: Snapshot,
    query: Query,
    frame: TimeFrame,
    passages: Sequence[Passage],
    k: int,
    weights: RerankWeights = WEIGHTS,
) -> Reranked:
    """The `k` best of `passages`, best first, with the sentences of those."""
    if not passages:
        return Reranked((), ())
    sentences = [_sentences(snapshot, query, passage, weights.titled) for passage in passages]
    documents = [passage.document for passage in passages]
    scores = (
        weights.passage * standardised(_similarities(snapshot, query, passages))
        + weights.sentence * standardised([max(sentence.similarity for sentence in group) for group in sentences])
        + weights.lexical * standardised([passage.lexical for passage in passages])
        + weights.window * window_fit(frame, documents)
        + weights.latest * recency(frame, documents)
    )
    best = sorted(range(len(passages)), key=lambda index: -scores[index])[:k]
    ranked = [replace(passages[index], score=float(scores[index])) for index in best]
    return Reranked(
        tuple(ranked),
        tuple(
            replace(sentence, passage=passage)
            for index, passage in zip(best, ranked, strict=True)
            for sentence in sentences[index]
        ),
    )


def _similarities(snapshot: Snapshot, query: Query, passages: Sequence[Passage]) -> np.ndarray:
    texts = [embedded_text(passage.document, passage.chunk.text) for passage in passages]
    bias = [query.bias.get(passage.document.language, NO_BIAS).chunk for passage in passages]
    return snapshot.embeddings(texts) @ query.embedding - bias


def _sentences(snapshot: Snapshot, query: Query, passage: Passage, titled: float) -> list[Sentence]:
    found = embedded_sentences(passage.document, passage.chunk)
    texts = [sentence.plain for sentence in found] + [sentence.titled for sentence in found]
    embeddings = snapshot.embeddings(texts)
    similarities = embeddings @ query.embedding
    bias = query.bias.get(passage.document.language, NO_BIAS)
    mixed = (1 - titled) * (similarities[: len(found)] - bias.plain)
    mixed += titled * (similarities[len(found) :] - bias.titled)
    return [
        Sentence(passage, sentence.span, sentence.plain, float(value), embedding)
        for sentence, value, embedding in zip(found, mixed, embeddings[: len(found)], strict=True)
    ]
