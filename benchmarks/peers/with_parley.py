"""Parley as it ships: `Assistant.search`, which retrieves by meaning and by word, fuses and reranks."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.interface import SourceText
from index.collection import Collection
from index.embedding import open_embedder
from index.settings import Settings
from index.sync import sync
from rag.assistant import Assistant
from rag.retrieval.reader import Reader


class Parley:
    """A collection in a temporary home; indexing writes SQLite and Chroma to disk and embeds every sentence too."""

    def __init__(self, embedder: str) -> None:
        self._home = tempfile.TemporaryDirectory()
        self._embedder = open_embedder(embedder, Path(self._home.name))

    def index(self, documents: Sequence[SourceText], folder: Path) -> int:
        settings = Settings(home=Path(self._home.name), seeds=folder, chroma_url=None, _env_file=None)
        sync(settings, self._embedder)
        collection = Collection(settings, self._embedder)
        self._assistant = Assistant(collection, self._embedder, cross_encoder=Reader())
        with collection.snapshot() as snapshot:
            return sum(len(snapshot.document_chunks(each.document_id)) for each in documents)

    def search(self, question: str, k: int) -> list[str]:
        return [passage.document.id for passage in self._assistant.search(question, k)]
