"""recall@k: the share of what is relevant that made it into the first k."""

from collections.abc import Mapping, Sequence

from rag.evaluation.metrics.undefined import UndefinedError


def recall_at_k(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Relevant documents among the first `k`, divided by all that are relevant (0..1); `recall_k` in trec_eval."""
    wanted = {document for document, grade in relevant.items() if grade > 0}
    if not wanted:
        raise UndefinedError("recall@k is undefined without relevant documents")
    return len(wanted.intersection(ranked[:k])) / len(wanted)
