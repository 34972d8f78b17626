"""txtai's embeddings database: whole documents, which is what it indexes by default, or paragraphs."""

from collections.abc import Sequence
from pathlib import Path

from txtai import Embeddings
from txtai.pipeline import Segmentation

from benchmarks.peers.interface import SourceText


class Txtai:
    """`paragraphs` cuts documents with txtai's own Segmentation pipeline first."""

    def __init__(self, model: str, *, paragraphs: bool) -> None:
        self._embeddings = Embeddings(path=model)
        self._cut = Segmentation(paragraphs=True) if paragraphs else None

    def index(self, documents: Sequence[SourceText], folder: Path) -> int:
        chunks = [
            (each.document_id, text)
            for each in documents
            for text in (self._cut(each.with_heading) if self._cut else [each.with_heading])
        ]
        self._document_ids = [document_id for document_id, _ in chunks]
        self._embeddings.index(enumerate(text for _, text in chunks))
        return len(chunks)

    def search(self, question: str, k: int) -> list[str]:
        return [self._document_ids[position] for position, _ in self._embeddings.search(question, k)]
