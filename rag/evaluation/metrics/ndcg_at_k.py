"""nDCG@k (Järvelin and Kekäläinen, 2002), with the grade itself as gain, as trec_eval and BEIR compute it."""

import math
from collections.abc import Iterable, Mapping, Sequence

from rag.evaluation.metrics.undefined import UndefinedError


def ndcg_at_k(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Discounted gain of the first `k` documents over the best possible one (0..1); discount log2(rank + 1)."""
    ideal = _discounted_gain(sorted(relevant.values(), reverse=True)[:k])
    if ideal == 0:
        raise UndefinedError("nDCG@k is undefined without relevant documents")
    return _discounted_gain(relevant.get(document, 0) for document in ranked[:k]) / ideal


def _discounted_gain(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
