"""Documents and embeddings made by code, for measurements at sizes that no model could embed in reasonable time.

Words follow Zipf's law, as they do in real text, so that the lexical index has a few terms that are everywhere and many
that are rare; an embedding is the mean of its words' random directions, so that texts that share rare words are near.
"""

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.embedding import Embedder

VOCABULARY = 30_000
WORDS_A_SENTENCE = 18
SENTENCES_A_CHUNK = 6  # about the size that the chunker aims at
CHUNKS_A_DOCUMENT = 5
_INNER_DIMENSIONS = 24
_LETTERS = str.maketrans("0123456789", "ubtdkfglmn")
_DIGITS = str.maketrans("ubtdkfglmn", "0123456789")


class SyntheticEmbedder(Embedder):
    """Sees words only: each has a direction of its own, weighted by how rare it is."""

    model_id = "synthetic-384"
    dimension = 384
    max_tokens = 512
    batch_size = 4096

    def __init__(self) -> None:
        generator = np.random.default_rng(1)
        # Real embeddings lie near a space of far fewer dimensions than they have; an approximate search needs that.
        inner = generator.normal(size=(VOCABULARY, _INNER_DIMENSIONS)) @ generator.normal(
            size=(_INNER_DIMENSIONS, self.dimension)
        )
        self._directions = inner.astype(np.float32)
        self._directions *= np.log1p(np.arange(VOCABULARY, dtype=np.float32))[:, None]

    def count_tokens(self, text: str) -> int:
        return len(text.split()) + 2

    def _encode(self, texts: list[str], *, query: bool) -> np.ndarray:
        return np.array([self._directions[[_row(word) for word in text.split()] or [0]].mean(axis=0) for text in texts])


def write_documents(path: Path, chunks: int, seed: int = 0) -> int:
    """Write documents of about so many chunks together as JSON lines; returns how many documents."""
    words = word_source(seed)
    documents = chunks // CHUNKS_A_DOCUMENT
    with path.open("w", encoding="utf-8") as file:
        for number in range(documents):
            file.write(json.dumps(document(number, words)) + "\n")
    return documents


def document(number: int, words: Iterator[str]) -> dict[str, str]:
    """One document of `CHUNKS_A_DOCUMENT` paragraphs, as the JSON lines hold it."""
    paragraphs = [" ".join(sentence(words) for _ in range(SENTENCES_A_CHUNK)) for _ in range(CHUNKS_A_DOCUMENT)]
    date = f"{2020 + number % 7}-{1 + number % 12:02}-{1 + number % 28:02}"
    text = "\n\n".join(paragraphs)
    return {"id": f"d{number}", "title": f"Report {number}", "date": date, "language": "en", "text": text}


def sentence(words: Iterator[str]) -> str:
    return " ".join(next(words) for _ in range(WORDS_A_SENTENCE)).capitalize() + "."


def word_source(seed: int) -> Iterator[str]:
    """Words by Zipf's law, without end."""
    generator = np.random.default_rng(seed)
    while True:
        for rank in generator.zipf(1.1, size=100_000) % VOCABULARY:
            yield _word(rank)


def _word(rank: int) -> str:
    """A word of letters alone, so that it is one term of the lexical index."""
    return "w" + str(rank).translate(_LETTERS)


def _row(word: str) -> int:
    """The direction of a word; what is none of ours (titles, dates) shares them."""
    digits = word.strip(".").lower().removeprefix("w").translate(_DIGITS)
    return int(digits) if digits.isdecimal() and int(digits) < VOCABULARY else zlib.crc32(word.encode()) % VOCABULARY
