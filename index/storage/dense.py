"""The dense index: one Chroma collection, reached through langchain-chroma, holding one generation of embeddings.

A generation is written once, checked, and from then on only read; where generations live is a matter of
index/storage/generations.py. Chroma keeps a chunk's id, its place and its embedding. Instead of the text it gets the
key of the embedding: SQLite has the text, and Chroma's own full-text index over it would take most of the time and
space (5,000 chunks of 110 words: 9.1 s and 37 MB with the text, 1.5 s and 13 MB without).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import numpy as np
from langchain_core.embeddings import Embeddings

from index.errors import StorageError
from index.storage.store import DenseEntry, Store

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_BATCH = 4000  # entries a write; below Chroma's limit of 5,461
_SAMPLES = 8
_MOST_MISSED = 0.5  # its search is approximate: of 100,000 embeddings a few are not found by themselves
_SAME = 1e-3  # cosine distance; float32 noise is far below, another text's embedding far above


class DamagedIndexError(StorageError):
    """A dense index is missing, does not open, or holds something else than it should; SQLite can rebuild it."""


@contextmanager
def damage_reported(what: str) -> Iterator[None]:
    """Turns whatever Chroma raises, its engine's panics (no Exceptions) included, into a DamagedIndexError."""
    try:
        yield
    except (StorageError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise DamagedIndexError(f"the dense index fails ({what}: {error}); run `python -m index rebuild`") from error


class StoredEmbeddings(Embeddings):
    """Gives Chroma the embeddings that SQLite holds, by content hash; it never embeds anything."""

    def __init__(self, store: Store, model_id: str) -> None:
        self._store = store
        self._model_id = model_id

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        stored = self._store.embeddings(texts, self._model_id)
        if missing := [key for key in texts if key not in stored]:
            raise StorageError(f"{len(missing)} embeddings are missing; run `python -m index rebuild`")
        return [stored[key].tolist() for key in texts]

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError("the dense index is searched by embedding")


class DenseIndex:
    """One open generation. Searching is safe from several threads."""

    def __init__(
        self,
        client: "ClientAPI",
        collection_name: str,
        embeddings: Embeddings | None = None,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        """Takes over `client` and opens a collection; with `embeddings`, makes it where it is missing, for writing."""
        from langchain_chroma import Chroma

        self._client = client
        self._on_close = on_close
        try:
            with damage_reported(collection_name):
                self._chroma = Chroma(
                    collection_name,
                    embeddings,
                    client=client,
                    # A threshold of 1 leaves nothing in Chroma's log, so that opening a generation rewrites no file of
                    # it but the SQLite one.
                    collection_configuration={"hnsw": {"space": "cosine", "sync_threshold": 1, "batch_size": 1}},
                    create_collection_if_not_exists=embeddings is not None,
                )
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the files."""
        self._client.close()
        self._on_close()

    def search(self, embedding: np.ndarray, k: int) -> list[tuple[str, float]]:
        """The ids of the nearest chunks and their cosine similarity, best first."""
        with damage_reported("search"):
            found = self._chroma.similarity_search_by_vector_with_relevance_scores(embedding.tolist(), k=k)
        # Chroma's "relevance score" is the cosine distance.
        return [(document.id, 1.0 - distance) for document, distance in found]

    def keys(self) -> dict[str, str]:
        """The content hash of each chunk's embedding, by chunk id."""
        with damage_reported("listing"):
            found = self._chroma.get(include=["documents"])
        return dict(zip(found["ids"], found["documents"], strict=True))

    def stored_embeddings(self, ids: list[str]) -> dict[str, np.ndarray]:
        """The embeddings that Chroma holds, by chunk id."""
        with damage_reported("listing"):
            found = self._chroma.get(ids=ids, include=["embeddings"])
        return {
            chunk_id: np.asarray(vector) for chunk_id, vector in zip(found["ids"], found["embeddings"], strict=True)
        }

    def upsert(self, entries: Iterable[DenseEntry], on_done: Callable[[int], None] | None = None) -> None:
        """Add or replace entries. `on_done` gets the number written so far."""
        waiting = list(entries)
        for first in range(0, len(waiting), _BATCH):
            batch = waiting[first : first + _BATCH]
            places = [{"document_id": e.document_id, "start": e.start, "end": e.end} for e in batch]
            with damage_reported("writing"):
                self._chroma.add_texts([e.embedded_hash for e in batch], places, [e.chunk_id for e in batch])
            if on_done:
                on_done(first + len(batch))

    def delete(self, ids: list[str]) -> None:
        for first in range(0, len(ids), _BATCH):
            with damage_reported("deleting"):
                self._chroma.delete(ids[first : first + _BATCH])

    def check(self, wanted: Mapping[str, DenseEntry], embeddings: Embeddings) -> None:
        """Raises DamagedIndexError unless exactly the wanted entries are there and most of a sample is found."""
        keys = self.keys()
        if keys != {chunk_id: entry.embedded_hash for chunk_id, entry in wanted.items()}:
            raise DamagedIndexError(f"the dense index holds {len(keys)} entries that are not the {len(wanted)} wanted")
        sample = list(wanted.values())[:: max(1, len(wanted) // _SAMPLES)]
        missed = 0
        for vector in embeddings.embed_documents([entry.embedded_hash for entry in sample]):
            nearest = self.search(np.asarray(vector), k=1)
            missed += not nearest or nearest[0][1] < 1 - _SAME
        if missed > _MOST_MISSED * len(sample):
            raise DamagedIndexError(f"the dense index does not find {missed} of {len(sample)} embeddings that it holds")
