"""LlamaIndex: a VectorStoreIndex over its own in-memory vector store, as in its starter tutorial."""

from collections.abc import Sequence
from pathlib import Path

from llama_index.core import Document, VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from benchmarks.peers.interface import SourceText


class LlamaIndex:
    """Its SentenceSplitter cuts by default; metadata is embedded with every chunk, which is its default too."""

    def __init__(self, model: str) -> None:
        self._embedding = HuggingFaceEmbedding(model_name=model)

    def index(self, documents: Sequence[SourceText], folder: Path) -> int:
        pages = [Document(text=each.with_heading, id_=each.document_id, metadata=each.metadata) for each in documents]
        self._index = VectorStoreIndex.from_documents(pages, embed_model=self._embedding)
        return len(self._index.index_struct.nodes_dict)

    def search(self, question: str, k: int) -> list[str]:
        retriever = self._index.as_retriever(similarity_top_k=k)
        return [found.node.ref_doc_id for found in retriever.retrieve(question)]
