"""What is computed from a document before it is stored: its chunks, the keys of their embeddings, their tokens."""

import hashlib
from dataclasses import dataclass

from index.code_version import code_id
from index.embedding import Embedder
from index.text.chunking import chunk_document, embedded_sentences, embedded_text
from index.text.lexical import tokenize
from index.text.mentioned import with_mentioned
from index.text.names import Names
from index.text.similarity import Signature, signature_of
from index.types import Chunk, Document

# A change to any of these may cut or tokenize differently, so that every document is derived anew at the next sync.
_DECIDING = ("text/*.py", "data/*")


@dataclass(frozen=True, slots=True)
class DerivedChunk:
    """A chunk with what the indexes need of it. `tokens` are those of its text, joined by spaces.

    `sentence_texts` are what readers compare with a question once the chunk is found; embedding them ahead spares that
    time then.
    """

    chunk: Chunk
    embedded_text: str
    embedded_hash: str
    tokens: str
    sentence_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A document, ready to be stored."""

    document: Document
    title_tokens: str
    chunks: tuple[DerivedChunk, ...]
    signature: Signature | None = None


def derive(document: Document, embedder: Embedder, names: Names) -> Derived:
    """Cut and tokenize `document`, and find the names in it; nothing is embedded. Raises DocumentError."""
    chunks = chunk_document(document, embedder.count_tokens, embedder.max_tokens)
    return Derived(
        with_mentioned(document, names),
        " ".join(tokenize(document.title, names)),
        tuple(_derive_chunk(document, chunk, names) for chunk in chunks),
        signature_of(document.text),
    )


def _derive_chunk(document: Document, chunk: Chunk, names: Names) -> DerivedChunk:
    text = embedded_text(document, chunk.text)
    sentences = embedded_sentences(document, chunk)
    return DerivedChunk(
        chunk,
        text,
        text_hash(text),
        " ".join(tokenize(chunk.text, names)),
        tuple(text for sentence in sentences for text in (sentence.plain, sentence.titled)),
    )


def text_hash(text: str) -> str:
    """The key of a text's embedding: 32 hexadecimal digits of its sha256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def derivation_id(names: Names) -> str:
    """Names this version of cutting and tokenizing: a hash of the code and data that decide it."""
    return f"{code_id(*_DECIDING)}-{names.fingerprint}"
