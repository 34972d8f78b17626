"""Exact search over embeddings in memory: the chunks that the dense index does not hold yet, or all where it is broken.

A few thousand cost about a millisecond a question.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class ExactIndex:
    """`vectors` is `(len(ids), dim)`, each of length 1."""

    ids: list[str]
    vectors: np.ndarray

    def search(self, embedding: np.ndarray, k: int) -> list[tuple[str, float]]:
        """The ids of the nearest chunks and their cosine similarity, best first."""
        if not self.ids:
            return []
        scores = self.vectors @ embedding
        k = min(k, len(scores))
        best = np.argpartition(-scores, k - 1)[:k]
        return sorted(((self.ids[index], float(scores[index])) for index in best), key=lambda hit: (-hit[1], hit[0]))
