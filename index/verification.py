"""Holds everything that is derived against the documents it was derived from, and against each other."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from index.derivation import text_hash
from index.errors import StorageError
from index.settings import Settings
from index.storage.dense import DamagedIndexError, DenseIndex
from index.storage.generations import open_generations
from index.storage.store import State, Store
from index.text.chunking import embedded_text

_SHOWN = 5  # findings of one kind
_BATCH = 1000
_TOLERANCE = 1e-4  # of a component; Chroma keeps float32


def find_problems(settings: Settings) -> list[str]:
    """What is wrong, one plain sentence each; [] when all is well. Nothing is changed or embedded."""
    if not settings.database.exists():
        return []
    with Store.open(settings.database) as store, store.reading() as state:
        problems = store.integrity_problems()
        if problems:
            return problems
        problems += _some(_wrong_chunks(store), "chunks do not match their document")
        problems += _some(store.chunks_without_tokens(), "chunks and rows of the lexical index do not match")
        if state.model_id is None:
            return problems
        entries = store.dense_entries()
        lost = store.missing_embeddings([entry.embedded_hash for entry in entries.values()], state.model_id)
        problems += _some(lost, "embeddings are missing")
        if state.index_version != store.version(state.model_id):
            problems.append(f"the index version {state.index_version} is not that of the documents")
        return problems + _dense_problems(settings, store, state)


def _some(found: list[str], what: str) -> list[str]:
    if not found:
        return []
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return [f"{what}: {', '.join(found[:_SHOWN])}{more}"]


def _wrong_chunks(store: Store) -> list[str]:
    """Ids of chunks whose text is not where they say, or whose embedding is that of another text."""
    entries = store.dense_entries()
    wrong = []
    for document in store.all_documents():
        for chunk in store.document_chunks(document.id):
            in_place = document.text[chunk.start : chunk.end] == chunk.text
            key = text_hash(embedded_text(document, chunk.text))
            if not in_place or entries[chunk.id].embedded_hash != key:
                wrong.append(chunk.id)
    return wrong


def _dense_problems(settings: Settings, store: Store, state: State) -> list[str]:
    if state.generation is None:
        return ["there is no dense index"] if store.chunk_count() else []
    try:
        with open_generations(settings).open(state.generation) as index:
            keys = index.keys()
            entries = store.dense_entries(state.last_row)
            wanted = {chunk_id: entry.embedded_hash for chunk_id, entry in entries.items()}
            wrong = [chunk_id for chunk_id, key in wanted.items() if keys.get(chunk_id) != key]
            dead = keys.keys() - wanted.keys()
            if len(dead) > state.dead:
                wrong += dead
            if wrong:
                return _some(sorted(wrong), "entries of the dense index do not match the chunks")
            return _some(sorted(_wrong_embeddings(index, store, state, wanted)), "embeddings in the dense index differ")
    except DamagedIndexError as error:
        return [str(error)]


def _wrong_embeddings(index: DenseIndex, store: Store, state: State, wanted: dict[str, str]) -> Iterator[str]:
    ids = iter(wanted)
    while batch := list(islice(ids, _BATCH)):
        held = index.stored_embeddings(batch)
        stored = store.embeddings([wanted[chunk_id] for chunk_id in batch], state.model_id or "")
        for chunk_id in batch:
            vector = stored.get(wanted[chunk_id])
            if vector is not None and not np.allclose(held.get(chunk_id, 0), vector, atol=_TOLERANCE):
                yield chunk_id


def require_database(settings: Settings) -> None:
    """Raises StorageError when nothing was written to this home yet."""
    if not settings.database.exists():
        raise StorageError(f"there is no collection in {settings.home} yet; run `python -m index sync`")
