"""Several rankings made one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence


def reciprocal_rank_fusion(
    rankings: Mapping[str, Sequence[str]], weights: Mapping[str, float], k: int
) -> dict[str, float]:
    """Ids with their fused scores, best first; ties keep the order in which the ids were first met.

    Each ranking gives an id `weight / (k + rank)`, ranks starting at 1; an id that it lacks gets nothing.
    Source: Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet", SIGIR 2009.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    for name, ranking in rankings.items():
        for rank, item in enumerate(ranking, start=1):
            scores[item] += weights[name] / (k + rank)
    return dict(sorted(scores.items(), key=lambda entry: -entry[1]))
