"""LangChain with Chroma, as its tutorial on retrieval puts them together."""

from collections.abc import Sequence
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.peers.interface import SourceText


class LangChainChroma:
    """1000 characters with 200 of overlap, as in the tutorial; Chroma in memory."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)

    def index(self, documents: Sequence[SourceText], folder: Path) -> int:
        pages = [
            Document(each.with_heading, metadata={**each.metadata, "document_id": each.document_id})
            for each in documents
        ]
        chunks = self._splitter.split_documents(pages)
        self._store = Chroma.from_documents(documents=chunks, embedding=self._embeddings)
        return len(chunks)

    def search(self, question: str, k: int) -> list[str]:
        return [found.metadata["document_id"] for found in self._store.similarity_search(question, k=k)]
