"""Evidence of the time that was asked about goes first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.evidence import Evidence
from rag.time.fit import TimeFrame, recency, sentence_fit


@dataclass(frozen=True, slots=True)
class TimelinessWeights:
    """What a sentence gains, on the scale of `find_evidence`: by its freshness, standardised, where the newest is asked
    for, and by being of the time that the question names, 0..1."""

    recency: float = 0.5
    window: float = 0.7


WEIGHTS = TimelinessWeights()


def timely(evidence: Sequence[Evidence], frame: TimeFrame, weights: TimelinessWeights = WEIGHTS) -> list[Evidence]:
    """The evidence with what its time adds to each score, best first; unchanged where the question names no time."""
    documents = [one.sentence.passage.document for one in evidence]
    gains = weights.recency * recency(frame, documents) + weights.window * sentence_fit(
        frame, [(document, one.sentence.text) for document, one in zip(documents, evidence, strict=True)]
    )
    raised = [replace(one, score=one.score + float(gain)) for one, gain in zip(evidence, gains, strict=True)]
    return sorted(raised, key=lambda one: -one.score)
