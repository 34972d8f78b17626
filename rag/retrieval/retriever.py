"""A query to passages: dense and lexical retrieval, fused by reciprocal rank.

`retrieve` is what the chain uses; `PassageRetriever` is the same as a LangChain retriever, to be used on its own.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.collection import Collection, Snapshot
from index.embedding import Embedder
from index.text.lexical import tokenize_query
from index.text.names import Names
from index.types import ScoredChunk
from rag.question import clean_question
from rag.retrieval.fusion import reciprocal_rank_fusion
from rag.retrieval.language_bias import NO_BIAS, LanguageBias, language_bias
from rag.types import Passage


@dataclass(frozen=True, slots=True)
class RetrievalWeights:
    """How the retrievers are combined.

    `depth` is how many chunks each may propose; the dense one looks at `dense_depth` before language is allowed for.
    """

    dense: float = 1.0
    lexical: float = 1.0
    rrf_k: int = 60
    depth: int = 50
    dense_depth: int = 200


WEIGHTS = RetrievalWeights()


@dataclass(frozen=True, slots=True)
class Query:
    """A standalone question made ready for the retrievers.

    `embedding` is float32 of length 1, `(dimension,)`; `bias` is what to take off a similarity, by document language.
    """

    text: str
    tokens: tuple[str, ...]
    embedding: np.ndarray
    bias: Mapping[str, LanguageBias]
    as_of: dt.date | None = None


def make_query(text: str, snapshot: Snapshot, embedder: Embedder, names: Names, as_of: dt.date | None = None) -> Query:
    """The question's terms and embedding, computed once for all stages."""
    embedding = embedder.encode_query(text)
    return Query(text, tuple(tokenize_query(text, names)), embedding, language_bias(snapshot, embedding), as_of)


def retrieve(snapshot: Snapshot, query: Query, k: int, weights: RetrievalWeights = WEIGHTS) -> list[Passage]:
    """The `k` best passages, best first; fewer when the collection has no more, [] when it is empty."""
    found = {
        "dense": _dense(snapshot, query, weights),
        "lexical": snapshot.lexical(query.tokens, weights.depth, query.as_of),
    }
    chunks = {scored.chunk.id: scored.chunk for ranking in found.values() for scored in ranking}
    fused = reciprocal_rank_fusion(
        {name: [scored.chunk.id for scored in ranking] for name, ranking in found.items()},
        {"dense": weights.dense, "lexical": weights.lexical},
        weights.rrf_k,
    )
    bm25 = {scored.chunk.id: scored.score for scored in found["lexical"]}
    best = [chunks[chunk_id] for chunk_id in list(fused)[:k]]
    return [
        Passage(chunk, document, fused[chunk.id], bm25.get(chunk.id, 0.0))
        for chunk in best
        if (document := snapshot.document(chunk.document_id)) is not None
    ]


def _dense(snapshot: Snapshot, query: Query, weights: RetrievalWeights) -> list[ScoredChunk]:
    """The chunks nearest to the query once what language alone adds is taken off."""
    found = snapshot.dense(query.embedding, weights.dense_depth, query.as_of)
    language = snapshot.languages_of({scored.chunk.document_id for scored in found})
    corrected = [
        replace(scored, score=scored.score - query.bias.get(language.get(scored.chunk.document_id, ""), NO_BIAS).chunk)
        for scored in found
    ]
    return sorted(corrected, key=lambda scored: -scored.score)[: weights.depth]


class PassageRetriever(BaseRetriever):
    """LangChain's view of `retrieve`: documents carry `document_id, title, date, start, end, score` as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    collection: Collection
    embedder: Embedder
    names: Names
    k: int = 10
    as_of: dt.date | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        text = clean_question(query)
        with self.collection.snapshot() as snapshot:
            passages = retrieve(snapshot, make_query(text, snapshot, self.embedder, self.names, self.as_of), self.k)
        return [
            LangChainDocument(
                id=passage.chunk.id,
                page_content=passage.chunk.text,
                metadata={
                    "document_id": passage.document.id,
                    "title": passage.document.title,
                    "date": passage.document.date,
                    "start": passage.chunk.start,
                    "end": passage.chunk.end,
                    "score": passage.score,
                },
            )
            for passage in passages
        ]
