"""all-MiniLM-L6-v2 (English) run by onnxruntime in 8 bits, which is several times as fast as by torch.

The graph is made when the embedder is opened, in a fraction of a second, so nothing is cached on disk. Where it cannot
run, `sentence_transformer.py` runs the same weights.
"""

import numpy as np
from tokenizers import Tokenizer

from index.embedding.encoder_graph import RECIPE, build_graph
from index.embedding.graph_embedder import MOST_CHARACTERS, GraphEmbedder
from index.embedding.interface import clean_text
from index.embedding.minilm_file import SHA256, MiniLMFile, published_folder

MAX_TOKENS = 256  # what it was trained on, and what sentence-transformers gives it


class MiniLM(GraphEmbedder):
    """Reads the package's file once; see `GraphEmbedder` for how it runs."""

    def __init__(self) -> None:
        folder = published_folder()
        file = MiniLMFile(folder)
        super().__init__("all-MiniLM-L6-v2", build_graph(file, "all-MiniLM-L6-v2"))
        self.model_id = f"all-MiniLM-L6-v2-{RECIPE}@{SHA256[:8]}"
        self.dimension = file.sizes.hidden
        self.max_tokens = MAX_TOKENS
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._words = file.embeddings("word")
        self._positions = file.embeddings("position") + file.embeddings("token_type")[0]  # every token is of type 0

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(clean_text(text)).ids)

    def _embedded(self, text: str, *, query: bool) -> np.ndarray:
        ids = self._tokenizer.encode(text[:MOST_CHARACTERS]).ids
        if len(ids) > self.max_tokens:
            ids = [*ids[: self.max_tokens - 1], ids[-1]]
        return self._words[ids] + self._positions[: len(ids)]
