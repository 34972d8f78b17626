"""hit@k: did anything relevant make it into the first k?"""

from collections.abc import Mapping, Sequence

from rag.evaluation.metrics.undefined import UndefinedError


def hit_at_k(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """1.0 if one of the first `k` documents is relevant (grade above 0), else 0.0; `hit_rate@k` in ranx."""
    if not relevant:
        raise UndefinedError("hit@k is undefined without relevant documents")
    return float(any(relevant.get(document, 0) > 0 for document in ranked[:k]))
