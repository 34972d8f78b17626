"""Rankings of documents, scored as BEIR scores them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks.quality.tables import NOTHING, Column, Line
from rag.evaluation.bootstrap import mean_interval
from rag.evaluation.metrics.hit_at_k import hit_at_k
from rag.evaluation.metrics.mrr import reciprocal_rank
from rag.evaluation.metrics.ndcg_at_k import ndcg_at_k
from rag.evaluation.metrics.recall_at_k import recall_at_k
from rag.evaluation.summary import Figure

METRICS: Mapping[str, Callable[[Sequence[str], Mapping[str, int]], float]] = {
    "R@1": partial(recall_at_k, k=1),
    "R@5": partial(recall_at_k, k=5),
    "R@10": partial(recall_at_k, k=10),
    "Hit@10": partial(hit_at_k, k=10),
    "MRR@10": partial(reciprocal_rank, k=10),
    "nDCG@10": partial(ndcg_at_k, k=10),
}
COLUMNS = tuple(map(Column, METRICS))


@dataclass(frozen=True, slots=True)
class Ranking:
    """Documents in the order found, each once, and the grades of those that are right."""

    documents: Sequence[str]
    relevant: Mapping[str, int]
    family: str


def retrieval_line(label: str, rankings: Iterable[Ranking]) -> Line:
    """The mean of every metric over the questions that have anything relevant."""
    judged = [ranking for ranking in rankings if ranking.relevant]
    return Line(label, tuple(_figure(metric, judged) for metric in METRICS.values()))


def _figure(metric: Callable[[Sequence[str], Mapping[str, int]], float], rankings: Sequence[Ranking]) -> Figure:
    if not rankings:
        return NOTHING
    values = [metric(ranking.documents, ranking.relevant) for ranking in rankings]
    interval = mean_interval(values, [ranking.family for ranking in rankings])
    return Figure(value=interval.mean, n=interval.n, low=interval.low, high=interval.high)
