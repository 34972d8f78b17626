"""What the graph of an encoder is made of, from whatever file it comes. Leaf module."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shape of an encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float


class Weights(Protocol):
    """The tensors of an encoder: `emb.ln`, and in each layer n `ln.q`, `.k`, `.v`, `.ao` (attention's output), `.aln`,
    `.fi`, `.fo` (the feed-forward's two) and `.oln`, each with `.w` and `.b`."""

    sizes: Sizes

    def vector(self, name: str) -> np.ndarray:
        """A float32 tensor, flat."""
        ...

    def matrix(self, name: str, columns: int) -> np.ndarray:
        """A float32 tensor `(rows, columns)`."""
        ...
