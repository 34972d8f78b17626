"""What every embedder offers: passages and queries to unit vectors, and token counts for the chunker."""

import unicodedata
from abc import abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
from langchain_core.embeddings import Embeddings

from index.errors import EmbedderError


class Embedder(Embeddings):
    """A loaded embedding model, usable as LangChain `Embeddings`; safe to call from several threads.

    `model_id` names the weights and the way of embedding: two embedders whose embeddings may be mixed share it,
    any others differ. `dimension` is the length of an embedding; `max_tokens` is how many tokens, prefix and
    special tokens included, the model reads: what lies beyond is not embedded.
    """

    model_id: str
    dimension: int
    max_tokens: int
    # The similarity below which even the nearest sentence of a collection is about something else than the question;
    # None where that is not known for the model.
    relevance_floor: float | None = None
    # The similarity from which two sentences in different languages say the same; None where that is not known.
    translation_level: float | None = None
    batch_size = 8

    @abstractmethod
    def count_tokens(self, text: str) -> int:
        """How many tokens `text` takes as a passage, prefix and special tokens included, however many those are."""

    @abstractmethod
    def _encode(self, texts: list[str], *, query: bool) -> np.ndarray:
        """Embeddings of a few cleaned texts, `(len(texts), dimension)`; normalising is left to the caller."""

    def encode_passages(self, texts: Sequence[str], on_done: Callable[[int], None] | None = None) -> np.ndarray:
        """Embeddings of passages, float32 `(len(texts), dimension)` of length 1, in the order of `texts`.

        `on_done` is called after every batch with the number of texts embedded so far.
        """
        embeddings = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # Texts of like length share a batch, so that little is spent on padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]), reverse=True)
        for first in range(0, len(order), self.batch_size):
            batch = order[first : first + self.batch_size]
            embeddings[batch] = _normalised(self._encode([clean_text(texts[index]) for index in batch], query=False))
            if on_done:
                on_done(first + len(batch))
        return embeddings

    def encode_query(self, text: str) -> np.ndarray:
        """The embedding of a query, float32 `(dimension,)` of length 1."""
        return _normalised(self._encode([clean_text(text)], query=True))[0]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """`encode_passages` as LangChain wants it."""
        return self.encode_passages(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        """`encode_query` as LangChain wants it."""
        return self.encode_query(text).tolist()


class UnavailableError(EmbedderError):
    """The embedder cannot run on this machine at all; another one might."""


def clean_text(text: str) -> str:
    """`text` composed (NFC), without NUL, lone surrogates replaced: what a tokenizer takes without breaking.

    NUL would end the text for a tokenizer written in C, and half a surrogate pair is not valid UTF-8.
    """
    valid = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", valid)


def _normalised(embeddings: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    return (embeddings / np.maximum(lengths, 1e-12)).astype(np.float32, copy=False)
