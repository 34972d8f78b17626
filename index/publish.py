"""Makes a change to the collection visible: dense index beside the old one, then all of it in one transaction.

Whoever is killed anywhere in here leaves the old state; what was half built is removed at the next write. All of it
wants the WriteLock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from index.derivation import Derived
from index.storage.dense import DamagedIndexError, DenseIndex, StoredEmbeddings
from index.storage.generations import Generations
from index.storage.schema import storage_errors
from index.storage.store import DenseEntry, State, Store
from index.types import Progress

_MOST_DEAD = 0.2  # of the entries; Chroma never gives the space of deleted ones back

OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Put:
    """A document to be stored, with where it came from."""

    derived: Derived
    content_hash: str
    root: str
    path: str


@dataclass(frozen=True, slots=True)
class Move:
    """An unchanged document that now comes from another place."""

    document_id: str
    root: str
    path: str


@dataclass(frozen=True, slots=True)
class Change:
    """All that one write changes."""

    puts: Sequence[Put] = ()
    moves: Sequence[Move] = ()
    removals: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Built:
    generation: str | None
    dead: int


def publish(
    store: Store,
    generations: Generations,
    model_id: str,
    change: Change,
    on_progress: OnProgress,
    *,
    fresh: bool = False,
    derivation: str | None = None,
) -> State:
    """The state after `change`. Every embedding it needs must be stored. `fresh` builds the dense index from nothing.

    `derivation` names how every stored document is cut and tokenized once this is done; None where that stays.
    Raises StorageError; then the old state stands.
    """
    with storage_errors(store.database):
        before = store.state()
        generations.prune({name for name in (before.generation, before.previous_generation) if name})
        old = store.dense_entries()
        new = _entries_after(old, change)
        may_copy = not fresh and before.model_id == model_id
        built = _build(
            generations, before if may_copy else None, old, new, StoredEmbeddings(store, model_id), on_progress
        )
        with store.writing():
            _write(store, change)
            after = _state_after(before, built, store.version(model_id), model_id, derivation)
            store.set_state(after)
        generations.prune({name for name in (after.generation, after.previous_generation) if name})
    return after


def _entries_after(old: dict[str, DenseEntry], change: Change) -> dict[str, DenseEntry]:
    replaced = {*change.removals, *(put.derived.document.id for put in change.puts)}
    new = {chunk_id: entry for chunk_id, entry in old.items() if entry.document_id not in replaced}
    for put in change.puts:
        for item in put.derived.chunks:
            chunk = item.chunk
            new[chunk.id] = DenseEntry(chunk.id, chunk.document_id, chunk.start, chunk.end, item.embedded_hash)
    return new


def _build(
    generations: Generations,
    before: State | None,
    old: dict[str, DenseEntry],
    new: dict[str, DenseEntry],
    embeddings: StoredEmbeddings,
    on_progress: OnProgress,
) -> _Built:
    """A sealed generation that holds `new`; with a state before, by way of a copy of its generation if that pays."""
    if not new:
        return _Built(None, 0)
    if before and before.generation:
        gone = [chunk_id for chunk_id in old if chunk_id not in new]
        changed = [entry for chunk_id, entry in new.items() if old.get(chunk_id) != entry]
        dead = before.dead + len(gone) + sum(entry.chunk_id in old for entry in changed)
        try:
            if not gone and not changed:
                generations.require_whole(before.generation)
                return _Built(before.generation, before.dead)
            if dead <= _MOST_DEAD * len(new):
                name = _build_from_copy(generations, before.generation, gone, changed, new, embeddings, on_progress)
                if name:
                    return _Built(name, dead)
        except DamagedIndexError:
            pass  # what SQLite holds is enough to start from nothing
    return _Built(_build_afresh(generations, new, embeddings, on_progress), 0)


def _build_from_copy(
    generations: Generations,
    source: str,
    gone: list[str],
    changed: list[DenseEntry],
    new: dict[str, DenseEntry],
    embeddings: StoredEmbeddings,
    on_progress: OnProgress,
) -> str | None:
    name = generations.new_name()
    index = generations.copy(source, name, embeddings)
    if index is None:
        return None
    with index:
        index.delete(gone)
        _fill(index, changed, on_progress)
        index.check(new, embeddings)
    generations.seal(name)
    return name


def _build_afresh(
    generations: Generations, new: dict[str, DenseEntry], embeddings: StoredEmbeddings, on_progress: OnProgress
) -> str:
    name = generations.new_name()
    with generations.create(name, embeddings) as index:
        _fill(index, list(new.values()), on_progress)
        index.check(new, embeddings)
    generations.seal(name)
    return name


def _fill(index: DenseIndex, entries: list[DenseEntry], on_progress: OnProgress) -> None:
    on_progress(Progress("indexing", 0, len(entries)))
    index.upsert(entries, lambda done: on_progress(Progress("indexing", done, len(entries))))


def _write(store: Store, change: Change) -> None:
    for document_id in change.removals:
        store.remove_document(document_id)
    for put in change.puts:
        store.put_document(put.derived, put.content_hash, put.root, put.path)
    for move in change.moves:
        store.set_origin(move.document_id, move.root, move.path)


def _state_after(before: State, built: _Built, version: str, model_id: str, derivation: str | None) -> State:
    changed = built.generation != before.generation
    return replace(
        before,
        model_id=model_id,
        generation=built.generation,
        previous_generation=before.generation if changed else before.previous_generation,
        dead=built.dead,
        derivation=derivation or before.derivation,
        index_version=version,
        synced_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
