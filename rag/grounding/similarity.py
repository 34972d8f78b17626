"""How near the sentences of an evidence are to a claim by their embeddings: nearness of topic and wording, no more.

Used where words cannot tell: between languages, and for other words for the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.embedding import Embedder
from rag.grounding.alignment import Alignment
from rag.grounding.reading import Reading

SENTENCES_READ = 5  # of the evidence, those that share most with the claim
FOREIGN_SENTENCES_READ = 40
FEWEST_CHARACTERS = 12


@dataclass(frozen=True)
class Nearness:
    """The nearest sentences by index, nearest first, and how near the claim they are together (0..1)."""

    level: float
    nearest: tuple[int, ...]


def nearness(aligned: Alignment, evidence: Reading, embedder: Embedder | None, *, foreign: bool) -> Nearness | None:
    """How near the evidence is to the claim; None without an embedder whose similarities can be read.

    The scale reaches from where sentences of one topic begin to where, in one language, wording is all but the same,
    or where a sentence and its translation commonly lie.
    """
    if embedder is None or embedder.relevance_floor is None or embedder.translation_level is None:
        return None
    chosen = _read(aligned, evidence, FOREIGN_SENTENCES_READ if foreign else SENTENCES_READ)
    if not chosen:
        return None
    texts = [evidence.sentences[index].text for index in chosen]
    embeddings = embedder.encode_passages([aligned.claim.text, *texts])
    similarities = embeddings[1:] @ embeddings[0]
    order = np.argsort(-similarities)
    room = embedder.translation_level - embedder.relevance_floor
    top = embedder.translation_level + (0.5 if foreign else 2) * room
    level = (float(similarities[order[0]]) - embedder.relevance_floor) / (top - embedder.relevance_floor)
    near = [chosen[place] for place in order if similarities[place] >= similarities[order[0]] - room / 5]
    return Nearness(min(1.0, max(0.0, level)), tuple(near))


def _read(aligned: Alignment, evidence: Reading, most: int) -> Sequence[int]:
    """The sentences worth embedding: those that hold most of the claim, in their order."""
    long_enough = [n for n, sentence in enumerate(evidence.sentences) if len(sentence.text) >= FEWEST_CHARACTERS]
    return sorted(sorted(long_enough, key=lambda index: -aligned.shares[index])[:most])
