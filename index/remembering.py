"""What a sync knows of earlier ones, and what it leaves for the next: see `index.documents.memory`."""

from index.documents.memory import Kept, Memory, reader_id, settled
from index.storage.store import Store


def recall(store: Store) -> Memory:
    """What was seen by this version of the readers, and what of it is stored."""
    return Memory(store.seen(reader_id()), _stored(store))


def remember(store: Store, memory: Memory) -> None:
    """Keep what was noted of places whose documents are stored now; in a transaction of its own, after theirs.

    Whoever is killed before it reads those places once more.
    """
    seen = settled(memory.noted, _stored(store))
    if seen:
        store.put_seen(reader_id(), seen)


def _stored(store: Store) -> list[Kept]:
    return [Kept(each.id, each.path, each.content_hash) for each in store.stored_documents().values()]
