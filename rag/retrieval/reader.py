"""Parley's own cross-encoder, which reads English: MiniLM trained to tell whether a sentence answers a question.

`training/README.md` tells what it was trained on and what it was measured at. It runs in 8 bits by onnxruntime.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from index.embedding.graph_embedder import cores, session_options
from index.text.names import Names, load_names
from rag.retrieval.respelling import Respelling

FOLDER = Path(__file__).parents[1] / "data" / "reader"
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
# Of questions that the documents answer 1 to 2% have no sentence above it, of those that they don't answer 21 and 9%
# (the passages and stories of training/data that were held out, 779 and 897 questions).
FLOOR = -2.8
MOST_TOKENS = 128  # of a pair; the evidence is cut, as it was in training


class Reader:
    """The shipped model; safe to call from several threads. Its scores depend on the one pair alone."""

    floor = FLOOR

    def __init__(self, names: Names | None = None, folder: Path = FOLDER) -> None:
        self._respelled = Respelling(names or load_names())
        providers = ["CPUExecutionProvider"]
        self._session = onnxruntime.InferenceSession(folder / MODEL, session_options(), providers=providers)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(MOST_TOKENS, strategy="longest_first")
        self._pool = ThreadPoolExecutor(cores(), thread_name_prefix="read")

    def reads(self, language: str) -> bool:
        return language == "en"

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        """How well each text answers, float32 `(len(texts),)`: a logit, larger is better."""
        question = self._respelled(question)
        pairs = self._tokenizer.encode_batch([(question, self._respelled(text)) for text in texts])
        return np.array(list(self._pool.map(self._score, pairs)), dtype=np.float32)

    def _score(self, pair: Encoding) -> float:
        inputs = {"tokens": np.array([pair.ids]), "types": np.array([pair.type_ids])}
        return float(self._session.run(None, inputs)[0][0, 0])
