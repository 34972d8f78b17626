"""Makes a change to the collection visible, in one transaction.

As a rule the dense index is built beside the old one first, from a copy of it where that pays. That takes as long as
the collection is large. So a small change of a large collection leaves the dense index as it is: new chunks are
pending, which readers search exactly, and deleted ones are dead, which readers pass over, until there are so many that
it is built again.

Whoever is killed anywhere in here leaves the old state; what was half built is removed at the next write. All of it
wants the WriteLock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from index.derivation import Derived
from index.errors import StorageError
from index.storage.dense import DamagedIndexError, DenseIndex, StoredEmbeddings
from index.storage.generations import Generations
from index.storage.schema import storage_errors
from index.storage.store import DenseEntry, State, Store
from index.stories import Known, Link, Signatures, link, similar_pairs
from index.types import Progress

_NOW = "9999"  # later than every time of reading there was
_MOST_DEAD = 0.2  # of the entries; Chroma never gives the space of deleted ones back
_LARGE = 20_000  # entries from which a copy for every small change takes more than a second
_MOST_PENDING = 5_000  # searching as many takes about a millisecond, and reading them from SQLite a tenth of a second

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
    """`last_row` is None where every chunk is in the generation."""

    generation: str | None
    dead: int
    last_row: int | None = None


@dataclass(frozen=True, slots=True)
class _Difference:
    """What a change does to the entries of the dense index."""

    new: int  # entries that it lacks
    dead: int  # entries that it has and nobody needs any more
    pending: int  # entries that nobody needs any more and that it never got


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
        built = None
        if not fresh and before.model_id == model_id:
            built = _left_as_it_is(store, generations, before, change)
        if built is None:
            entries = _entries_after(store.dense_entries(), change)
            source = before if not fresh and before.model_id == model_id else None
            dead = before.dead + _difference(store, before, change).dead
            built = _build(generations, source, entries, dead, StoredEmbeddings(store, model_id), on_progress)
        links = _links_after(store, change)
        with store.writing():
            if fresh:
                store.remove_stray_tokens()
            _write(store, change, before.last_row)
            store.replace_links([put.derived.document.id for put in change.puts], links)
            last_row = store.last_row() if built.last_row is None else built.last_row
            after = _state_after(before, built, last_row, store.version(model_id), model_id, derivation)
            store.set_state(after)
        generations.prune({name for name in (after.generation, after.previous_generation) if name})
    return after


def _left_as_it_is(store: Store, generations: Generations, before: State, change: Change) -> _Built | None:
    """The generation there is, where nothing in it changes or so little that it may wait; None where it may not."""
    if not before.generation:
        return None
    difference = _difference(store, before, change)
    pending = store.pending_count(before.last_row) + difference.new - difference.pending
    dead = before.dead + difference.dead
    total = store.chunk_count() + difference.new - difference.pending - difference.dead
    touched = difference.new or difference.dead or difference.pending
    small = total >= _LARGE and pending <= _MOST_PENDING and dead <= _MOST_DEAD * total
    if touched and not small:
        return None
    try:
        generations.require_whole(before.generation)
    except DamagedIndexError:
        return None  # what SQLite holds is enough to start from nothing
    return _Built(before.generation, dead, before.last_row)


def _difference(store: Store, before: State, change: Change) -> _Difference:
    old = store.chunk_rows([*change.removals, *(put.derived.document.id for put in change.puts)])
    new = {item.chunk.id: item.embedded_hash for put in change.puts for item in put.derived.chunks}
    gone = [row for chunk_id, (row, key) in old.items() if new.get(chunk_id) != key]
    lacking = sum(old.get(chunk_id, (0, None))[1] != key for chunk_id, key in new.items())
    dead = sum(row <= before.last_row for row in gone)
    return _Difference(lacking, dead, len(gone) - dead)


def _entries_after(old: dict[str, DenseEntry], change: Change) -> dict[str, DenseEntry]:
    replaced = {*change.removals, *(put.derived.document.id for put in change.puts)}
    new = {chunk_id: entry for chunk_id, entry in old.items() if entry.document_id not in replaced}
    for put in change.puts:
        for item in put.derived.chunks:
            chunk = item.chunk
            new[chunk.id] = DenseEntry(chunk.id, chunk.document_id, chunk.start, chunk.end, item.embedded_hash)
    return new


def _links_after(store: Store, change: Change) -> list[Link]:
    """How the documents that are put are linked with each other and with those that stay."""
    puts = {put.derived.document.id: put for put in change.puts if put.derived.signature}
    if not puts:
        return []
    stored = store.stored_documents()
    known = store.signatures()
    gone = {*change.removals, *puts}
    stays = [at for at, document_id in enumerate(known.ids) if document_id not in gone]
    fresh = [put.derived.signature for put in puts.values()]
    signatures = Signatures(
        [*(known.ids[at] for at in stays), *puts],
        np.concatenate([known.runs[stays], np.array([each.runs for each in fresh])]),
        np.concatenate([known.values[stays], np.stack([each.values for each in fresh])]),
    )

    def as_known(document_id: str) -> Known:
        put = puts.get(document_id)
        document = put.derived.document if put else store.document(document_id)
        before = stored.get(document_id)
        unchanged = before and (put is None or put.content_hash == before.content_hash)
        return Known(document, before.ingested_at if unchanged else _NOW)

    pairs = similar_pairs(puts, signatures)
    return [link(as_known(one), as_known(other), similarity) for one, other, similarity in pairs]


def _build(
    generations: Generations,
    source: State | None,
    entries: dict[str, DenseEntry],
    dead: int,
    embeddings: StoredEmbeddings,
    on_progress: OnProgress,
) -> _Built:
    """A sealed generation that holds `entries`; by way of a copy of the source's if that pays."""
    if not entries:
        return _Built(None, 0)
    if source and source.generation and dead <= _MOST_DEAD * len(entries):
        try:
            name = _build_from_copy(generations, source.generation, entries, embeddings, on_progress)
        except DamagedIndexError:
            name = None  # what SQLite holds is enough to start from nothing
        if name:
            return _Built(name, dead)
    return _Built(build_afresh(generations, entries, embeddings, on_progress), 0)


def _build_from_copy(
    generations: Generations,
    source: str,
    entries: dict[str, DenseEntry],
    embeddings: StoredEmbeddings,
    on_progress: OnProgress,
) -> str | None:
    name = generations.new_name()
    index = generations.copy(source, name, embeddings)
    if index is None:
        return None
    with index:
        held = index.keys()
        index.delete([chunk_id for chunk_id in held if chunk_id not in entries])
        _fill(index, [e for e in entries.values() if held.get(e.chunk_id) != e.embedded_hash], on_progress)
        index.check(entries, embeddings)
    generations.seal(name)
    return name


def build_afresh(
    generations: Generations, new: dict[str, DenseEntry], embeddings: StoredEmbeddings, on_progress: OnProgress
) -> str:
    """The name of a new, sealed generation that holds exactly these entries. Raises StorageError."""
    name = generations.new_name()
    try:
        with generations.create(name, embeddings) as index:
            _fill(index, list(new.values()), on_progress)
            index.check(new, embeddings)
    except DamagedIndexError as error:
        raise StorageError(
            f"the dense index could not be written, most often because the disk is full ({error}); "
            "free some space and run this again, nothing that was stored is lost"
        ) from error
    generations.seal(name)
    return name


def _fill(index: DenseIndex, entries: list[DenseEntry], on_progress: OnProgress) -> None:
    on_progress(Progress("indexing", 0, len(entries)))
    index.upsert(entries, lambda done: on_progress(Progress("indexing", done, len(entries))))


def _write(store: Store, change: Change, last_row: int) -> None:
    for document_id in change.removals:
        store.remove_document(document_id)
    for put in change.puts:
        store.put_document(put.derived, put.content_hash, put.root, put.path, last_row)
    for move in change.moves:
        store.set_origin(move.document_id, move.root, move.path)


def _state_after(
    before: State, built: _Built, last_row: int, version: str, model_id: str, derivation: str | None
) -> State:
    changed = built.generation != before.generation
    return replace(
        before,
        model_id=model_id,
        generation=built.generation,
        previous_generation=before.generation if changed else before.previous_generation,
        last_row=last_row,
        dead=built.dead,
        derivation=derivation or before.derivation,
        index_version=version,
        synced_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
