"""What readers use: snapshots of the collection, each one consistent state, while writers go on.

Safe for many threads. A snapshot costs one SQLite read; the dense index stays open until another generation is
published.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np

from index.derivation import derivation_id, text_hash
from index.embedding import Embedder
from index.errors import IndexNotReadyError, StorageError
from index.repair import BrokenIndexError, DenseRepair
from index.settings import Settings
from index.storage.dense import DenseIndex
from index.storage.exact import ExactIndex
from index.storage.generations import open_generations
from index.storage.lineage import EarlierVersion
from index.storage.store import State, Store
from index.stories import groups
from index.text.chunking import embedded_sentences, embedded_text
from index.text.names import load_names
from index.types import Chunk, Coverage, Document, DocumentSummary, ScoredChunk

_OVERFETCH = 4
_LANGUAGE_SAMPLE = 100  # chunks: enough for a mean, few enough to read at the first question
_CACHE_PATIENCE_S = 0.25  # a reader would rather embed a text again than wait for a writer


@dataclass(frozen=True, slots=True)
class LanguageMeans:
    """Mean embeddings `(dim,)` of `chunks` chunks of one language and their sentences, each as it is embedded."""

    chunks: int
    chunk: np.ndarray
    plain: np.ndarray
    titled: np.ndarray


class Snapshot:
    """One consistent state of the collection, valid inside `with collection.snapshot()`.

    `as_of` leaves out documents that are dated later, and undated ones.
    """

    def __init__(self, collection: "Collection", store: Store, state: State) -> None:
        self._collection = collection
        self._store = store
        self._state = state

    @property
    def version(self) -> str:
        """Names the documents and the model: 12 hexadecimal digits."""
        return self._state.index_version or self._store.version(self._collection.embedder.model_id)

    def coverage(self, as_of: dt.date | None = None) -> Coverage:
        return self._store.coverage(as_of)

    def holds_day_between(self, first: dt.date, last: dt.date) -> bool:
        """Whether any document is dated on one of these days, both included."""
        return self._store.holds_day_between(first, last)

    def document(self, document_id: str) -> Document | None:
        return self._store.document(document_id)

    def documents(self) -> list[DocumentSummary]:
        """Newest first, the undated last."""
        return self._store.summaries()

    def ingested_since(self, day: dt.date) -> set[str]:
        """The documents that came, or were changed, on that day (UTC) or later, whatever their date."""
        return self._store.ingested_since(day)

    def all_documents(self, as_of: dt.date | None = None) -> Iterator[Document]:
        """Every document with its text, one at a time; only those dated up to `as_of`, where that is given."""
        return (
            document
            for document in self._store.all_documents()
            if as_of is None or (document.date and document.date <= as_of)
        )

    def document_chunks(self, document_id: str) -> list[Chunk]:
        """In the order of the text; [] for an unknown document."""
        return self._store.document_chunks(document_id)

    def dense(self, embedding: np.ndarray, k: int, as_of: dt.date | None = None) -> list[ScoredChunk]:
        """The `k` chunks nearest to a query embedding `(dim,)`, best first; the score is the cosine similarity."""
        if k < 1:
            return []
        hits, last_row = self._out_of_generation(embedding, k, as_of)
        pending = self._collection.pending(self._store, self._state, last_row)
        hits += self._filled(lambda fetch: pending.search(embedding, fetch), k, as_of, None)
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk.id))[:k]

    def _out_of_generation(self, embedding: np.ndarray, k: int, as_of: dt.date | None) -> tuple[list[ScoredChunk], int]:
        """What the dense index finds, and up to which row it holds the chunks; [] and 0 while there is none to read."""
        generation = self._state.generation
        if generation is None:
            return [], 0
        try:
            search = partial(self._collection.search_dense, generation, embedding)
            return self._filled(search, k, as_of, self._state.last_row), self._state.last_row
        except BrokenIndexError:
            return [], 0

    def _filled(
        self, search: Callable[[int], list[tuple[str, float]]], k: int, as_of: dt.date | None, last_row: int | None
    ) -> list[ScoredChunk]:
        """At least k of the chunks that a search gives and that are there, in rows up to `last_row`, or all of them."""
        fetch = k if as_of is None else _OVERFETCH * k
        hidden = self.superseded(as_of)
        while True:
            found = search(fetch)
            chunks = self._store.chunks_by_id((chunk_id for chunk_id, _ in found), as_of, last_row)
            hits = [ScoredChunk(chunks[chunk_id], score) for chunk_id, score in found if chunk_id in chunks]
            hits = [hit for hit in hits if hit.chunk.document_id not in hidden]
            if len(hits) >= k or len(found) < fetch:
                return hits
            fetch *= _OVERFETCH

    def lexical(self, tokens: Sequence[str], k: int, as_of: dt.date | None = None) -> list[ScoredChunk]:
        """The `k` chunks that hold any of the tokens, best first; the score is BM25."""
        hidden = self.superseded(as_of)
        fetch = k
        while True:
            found = self._store.lexical(tokens, fetch, as_of)
            hits = [hit for hit in found if hit.chunk.document_id not in hidden]
            if len(hits) >= k or len(found) < fetch:
                return hits[:k]
            fetch *= _OVERFETCH

    def terms(self, initial: str) -> list[str]:
        """The terms that begin with that letter, of whatever document."""
        return self._store.terms(initial)

    def superseded(self, as_of: dt.date | None = None) -> dict[str, str]:
        """Documents that a later version replaces, and by which: they can be read, and are not found any more."""
        return self._store.superseded(as_of)

    def stories(self) -> dict[str, str]:
        """For each document that has near-duplicates the name of the story that they all tell."""
        return groups((link.older, link.newer) for link in self._store.links())

    def versions(self, document_id: str) -> list[EarlierVersion]:
        """What the document was before it changed, the latest first."""
        return self._store.versions(document_id)

    def languages_of(self, document_ids: Iterable[str]) -> dict[str, str]:
        """The language of each document that there is."""
        return self._store.languages_of(document_ids)

    def language_means(self) -> dict[str, LanguageMeans]:
        """The mean embeddings of each language's texts, over a sample; computed once for each version of the index."""
        known = self._collection.known_means
        if known is None or known[0] != self.version:
            known = self._collection.known_means = (self.version, self._language_means())
        return known[1]

    def _language_means(self) -> dict[str, LanguageMeans]:
        texts: dict[str, tuple[list[str], list[str], list[str]]] = {}
        for language, chunk in self._store.sample_chunks(_LANGUAGE_SAMPLE):
            document = self._store.document(chunk.document_id)
            chunks, plain, titled = texts.setdefault(language, ([], [], []))
            chunks.append(embedded_text(document, chunk.text))
            for sentence in embedded_sentences(document, chunk):
                plain.append(sentence.plain)
                titled.append(sentence.titled)
        return {
            language: LanguageMeans(len(groups[0]), *(self.embeddings(group).mean(axis=0) for group in groups))
            for language, groups in texts.items()
        }

    def embeddings(self, texts: Sequence[str]) -> np.ndarray:
        """Passage embeddings `(len(texts), dim)`; those not stored yet are made, and stored if that can be done."""
        embedder = self._collection.embedder
        hashes = [text_hash(text) for text in texts]
        vectors = self._store.embeddings(hashes, embedder.model_id)
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in vectors}
        if missing:
            made = dict(zip(missing, embedder.encode_passages(list(missing.values())), strict=True))
            self._collection.remember(made)
            vectors |= made
        return np.array([vectors[key] for key in hashes], dtype=np.float32).reshape(len(texts), embedder.dimension)


@dataclass(slots=True)
class _OpenIndex:
    """An open generation and how many searches are under way in it."""

    generation: str
    index: DenseIndex
    searches: int = 0
    retired: bool = False


class Collection:
    """The collection of one home, for reading.

    A broken dense index is rebuilt in the background when it is first needed; until then embeddings in SQLite answer.
    """

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self.embedder = embedder
        self._settings = settings
        self._generations = open_generations(settings)
        self._idle: list[Store] = []
        self._idle_lock = threading.Lock()
        self._dense: _OpenIndex | None = None
        self.known_means: tuple[str, dict[str, LanguageMeans]] | None = None
        self._dense_lock = threading.Lock()
        self._pending: tuple[tuple[str | None, int], ExactIndex] | None = None
        self._pending_lock = threading.Lock()
        self._repair = DenseRepair(settings, embedder.model_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Release what is open, once a repair that is under way is done; snapshots must have ended."""
        self._repair.wait()
        with self._idle_lock:
            while self._idle:
                self._idle.pop().close()
        with self._dense_lock:
            self._retire()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Raises IndexNotReadyError when another embedder made the index, StorageError when it cannot be read."""
        with self._store() as store, store.reading() as state:
            if state.model_id not in (None, self.embedder.model_id):
                raise IndexNotReadyError(
                    f"the index in {self._settings.home} was made by {state.model_id}, and the embedder in use is "
                    f"{self.embedder.model_id}; run `python -m index sync`, or set PARLEY_EMBEDDING_MODEL back"
                )
            yield Snapshot(self, store, state)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to answer from, whoever made it."""
        with self._store() as store, store.reading():
            return store.coverage().documents == 0

    @staticmethod
    def needs_seeds(settings: Settings) -> bool:
        """Whether nothing was ever written to this home, so that the seeds should be synced."""
        if not settings.database.exists():
            return True
        with Store.open(settings.database) as store:
            return store.state().synced_at is None

    @staticmethod
    def is_outdated(settings: Settings) -> bool:
        """Whether another version of Parley, or other names, cut and tokenized what is stored; a sync makes it anew."""
        if not settings.database.exists():
            return False
        with Store.open(settings.database) as store:
            derivation = store.state().derivation
        return derivation is not None and derivation != derivation_id(load_names(settings.names))

    @contextmanager
    def _store(self) -> Iterator[Store]:
        """A connection that nobody else uses meanwhile."""
        with self._idle_lock:
            store = self._idle.pop() if self._idle else None
        if store is None:
            store = Store.open(self._settings.database, create=True)
        try:
            yield store
        finally:
            with self._idle_lock:
                self._idle.append(store)

    def remember(self, vectors: dict[str, np.ndarray]) -> None:
        """Store embeddings for the next time, unless the home cannot be written just now."""
        with suppress(StorageError), Store.open(self._settings.database, timeout_s=_CACHE_PATIENCE_S) as store:
            store.add_embeddings(vectors, self.embedder.model_id)

    def search_dense(self, generation: str, embedding: np.ndarray, k: int) -> list[tuple[str, float]]:
        """Ids and cosine similarities out of a generation.

        Raises BrokenIndexError where it cannot be read; then it is repaired in the background.
        """
        self._repair.require_unbroken(generation)
        opened = None
        try:
            opened = self._acquire(generation)
            return opened.index.search(embedding, k)
        except StorageError as error:
            with self._dense_lock:
                if opened and self._dense is opened:
                    self._retire()
            self._repair.start(generation, error)
            raise BrokenIndexError(generation) from error
        finally:
            if opened:
                self._release(opened)

    def pending(self, store: Store, state: State, last_row: int) -> ExactIndex:
        """The chunks after `last_row`, to be searched exactly; read once for each version of the index."""
        key = (state.index_version, last_row)
        with self._pending_lock:
            if self._pending is None or self._pending[0] != key:
                self._pending = (key, ExactIndex(*store.pending_embeddings(last_row, self.embedder.model_id)))
            return self._pending[1]

    def _acquire(self, generation: str) -> _OpenIndex:
        with self._dense_lock:
            if self._dense is None or self._dense.generation != generation:
                opened = self._open(generation)
                self._retire()
                self._dense = opened
            self._dense.searches += 1
            return self._dense

    def _release(self, opened: _OpenIndex) -> None:
        with self._dense_lock:
            opened.searches -= 1
            if opened.retired and not opened.searches:
                opened.index.close()

    def _retire(self) -> None:
        """Close the open generation as soon as nobody searches it. Needs the lock."""
        if self._dense:
            self._dense.retired = True
            if not self._dense.searches:
                self._dense.index.close()
            self._dense = None

    def _open(self, generation: str) -> _OpenIndex:
        return _OpenIndex(generation, self._generations.open(generation))
