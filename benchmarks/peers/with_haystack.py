"""Haystack: an indexing pipeline and a query pipeline over its in-memory store, as in its first tutorial."""

from collections.abc import Sequence
from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.peers.interface import SourceText


class Haystack:
    """Splitter, embedders, store and retriever each as constructed without arguments."""

    def __init__(self, model: str) -> None:
        store = InMemoryDocumentStore()
        self._indexing = Pipeline()
        self._indexing.add_component("splitter", DocumentSplitter())
        self._indexing.add_component("embedder", SentenceTransformersDocumentEmbedder(model=model, progress_bar=False))
        self._indexing.add_component("writer", DocumentWriter(document_store=store))
        self._indexing.connect("splitter", "embedder")
        self._indexing.connect("embedder", "writer")
        self._querying = Pipeline()
        self._querying.add_component("embedder", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
        self._querying.add_component("retriever", InMemoryEmbeddingRetriever(document_store=store))
        self._querying.connect("embedder.embedding", "retriever.query_embedding")
        self._indexing.warm_up()
        self._querying.warm_up()

    def index(self, documents: Sequence[SourceText], folder: Path) -> int:
        pages = [
            Document(content=each.with_heading, meta={**each.metadata, "document_id": each.document_id})
            for each in documents
        ]
        return self._indexing.run({"splitter": {"documents": pages}})["writer"]["documents_written"]

    def search(self, question: str, k: int) -> list[str]:
        found = self._querying.run({"embedder": {"text": question}, "retriever": {"top_k": k}})
        return [document.meta["document_id"] for document in found["retriever"]["documents"]]
