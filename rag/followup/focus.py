"""Of a follow-up, the part that was asked last decides which sentences answer.

What it takes over from the conversation finds the documents; were it also to choose the sentences, the answer would be
that of the question before, once more.
"""

from dataclasses import replace

from rag.retrieval.language_bias import NO_BIAS
from rag.retrieval.reranking import Reranked, Sentence
from rag.retrieval.retriever import Query

SHARE = 0.4


def focused(reranked: Reranked, focus: Query, share: float = SHARE) -> Reranked:
    """The passages with their sentences' nearness to the question made up, by `share`, of that to its last part."""

    def mixed(sentence: Sentence) -> Sentence:
        bias = focus.bias.get(sentence.passage.document.language, NO_BIAS).plain
        nearness = float(sentence.embedding @ focus.embedding) - bias
        return replace(sentence, similarity=(1 - share) * sentence.similarity + share * nearness)

    return replace(reranked, sentences=tuple(map(mixed, reranked.sentences)))
