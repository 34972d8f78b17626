"""Runs the graph of an encoder with onnxruntime, one text a core."""

import os
from abc import abstractmethod
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime

from index.embedding.interface import Embedder, UnavailableError

# Far more than any text of `max_tokens` has: what lies beyond is not even cut into tokens.
MOST_CHARACTERS = 32_768


class GraphEmbedder(Embedder):
    """Embeds one text a core: calls from several threads run side by side and never change one another's result."""

    batch_size = 32

    def __init__(self, name: str, graph: bytes) -> None:
        try:
            self._session = onnxruntime.InferenceSession(graph, session_options(), providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's exceptions have no base of their own
            raise UnavailableError(f"onnxruntime cannot run the graph of {name}: {error}") from error
        self._pool = ThreadPoolExecutor(cores(), thread_name_prefix="embed")

    @abstractmethod
    def _embedded(self, text: str, *, query: bool) -> np.ndarray:
        """The sum of word, position and type embeddings of at most `max_tokens` tokens, `(tokens, dimension)`."""

    def _encode(self, texts: list[str], *, query: bool) -> np.ndarray:
        def encode(text: str) -> np.ndarray:
            return self._session.run(None, {"embedded": self._embedded(text, query=query)[None]})[0]

        return encode(texts[0]) if len(texts) == 1 else np.concatenate(list(self._pool.map(encode, texts)))


def session_options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    # Cores are kept busy with one text each: that scales better than sharing one among them, and onnxruntime's own
    # threads spin while they wait.
    options.intra_op_num_threads = 1
    # The extended optimisations fuse additions into a layer normalisation that is several times slower.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return options


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
