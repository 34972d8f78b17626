"""MRR@k: how far down the first relevant document stands (Voorhees, TREC-8 question answering track, 1999)."""

from collections.abc import Mapping, Sequence

from rag.evaluation.metrics.undefined import UndefinedError


def reciprocal_rank(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """1 / rank of the first relevant document among the first `k` (ranks start at 1), 0.0 if there is none.

    The mean of it over questions is MRR@k.
    """
    if not relevant:
        raise UndefinedError("the reciprocal rank is undefined without relevant documents")
    for rank, document in enumerate(ranked[:k], start=1):
        if relevant.get(document, 0) > 0:
            return 1 / rank
    return 0.0
