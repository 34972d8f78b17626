"""Text in, embeddings out: the default multilingual e5, MiniLM, or any sentence-transformers model.

What a caller needs is `open_embedder` and the `Embedder` that it returns. Nothing is loaded before it is called.
"""

from index.embedding.interface import Embedder
from index.embedding.opening import open_embedder

__all__ = ["Embedder", "open_embedder"]
