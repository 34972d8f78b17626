"""From what the systems found to figures that can stand side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.peers.measure import Measured, Took
from rag.evaluation.bootstrap import Interval, paired_interval
from rag.evaluation.metrics.hit_at_k import hit_at_k
from rag.evaluation.metrics.latency import percentile
from rag.evaluation.metrics.mrr import reciprocal_rank
from rag.evaluation.metrics.ranking import ranked_documents
from rag.evaluation.questions import EvalQuestion

CUTOFFS = (1, 5, 10)
DEEPEST = max(CUTOFFS)


@dataclass(frozen=True, slots=True)
class Figures:
    """One system's figures over its rounds: the shortest times, the largest memory.

    `hits` and `reciprocal_ranks` are by question, `hits` by cut-off first.
    """

    hits: dict[int, tuple[float, ...]]
    reciprocal_ranks: tuple[float, ...]
    chunks: int
    opening: Took
    indexing: Took
    question_p50: Took
    peak_mb: float

    def hit(self, cutoff: int) -> float:
        """hit@cutoff over all questions."""
        return _mean(self.hits[cutoff])

    @property
    def mrr(self) -> float:
        """MRR@10 over all questions."""
        return _mean(self.reciprocal_ranks)


def figures(rounds: Sequence[Measured], questions: Sequence[EvalQuestion]) -> Figures:
    """The figures of one system. Its ranking is that of the first round: none of the systems draws lots."""
    ranked = [ranked_documents(found) for found in rounds[0].found]
    pairs = list(zip(ranked, questions, strict=True))
    return Figures(
        hits={cutoff: tuple(hit_at_k(found, asked.relevant, cutoff) for found, asked in pairs) for cutoff in CUTOFFS},
        reciprocal_ranks=tuple(reciprocal_rank(found, asked.relevant, DEEPEST) for found, asked in pairs),
        chunks=rounds[0].chunks,
        opening=_shortest([each.opening for each in rounds]),
        indexing=_shortest([each.indexing for each in rounds]),
        question_p50=_shortest([_median(each.asking) for each in rounds]),
        peak_mb=max(each.peak_mb for each in rounds),
    )


def hits_in(found: Figures, questions: Sequence[EvalQuestion], cutoff: int, language: str) -> float:
    """hit@cutoff over the questions in one language."""
    chosen = zip(found.hits[cutoff], questions, strict=True)
    return _mean([hit for hit, asked in chosen if asked.language == language])


def mrr_gain(before: Figures, after: Figures, questions: Sequence[EvalQuestion]) -> Interval:
    """How much better the MRR of `after` is, with its 95% interval over families of questions."""
    families = [asked.family for asked in questions]
    return paired_interval(before.reciprocal_ranks, after.reciprocal_ranks, families)


def _shortest(times: Sequence[Took]) -> Took:
    return Took(min(each.processor_s for each in times), min(each.clock_s for each in times))


def _median(times: Sequence[Took]) -> Took:
    return Took(percentile([each.processor_s for each in times], 50), percentile([each.clock_s for each in times], 50))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
