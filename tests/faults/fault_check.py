"""What must hold of a home after whatever happened to it."""

from pathlib import Path

from fault_worker import State, settings_of

from index.collection import Collection
from index.embedding import Embedder
from index.storage.store import Store
from index.verification import find_problems


class _NeverEmbeds:
    """Stands where an embedder is needed for its name only: whoever embeds with it fails."""

    def __init__(self, embedder: Embedder) -> None:
        self.model_id = embedder.model_id
        self.dimension = embedder.dimension


def stored_state(home: Path) -> State:
    """The documents of a home, each with the word that only it has; {} for a home without a database."""
    settings = settings_of(home)
    if not settings.database.exists():
        return {}
    with Store.open(settings.database) as store:
        return {document.id: document.text.split()[5] for document in store.all_documents()}


def faults(home: Path, expected: list[State], embedder: Embedder, *, verify: bool = True) -> list[str]:
    """What is wrong: [] if the home holds one of the expected states and all of it answers, in every way."""
    state = stored_state(home)
    if state not in expected:
        return [f"stored {state}, expected one of {expected}"]
    found = [*_silent(home, state, embedder), *_still_there(home, state, expected, embedder)]
    return found + (find_problems(settings_of(home)) if verify else [])


def _silent(home: Path, state: State, embedder: Embedder) -> list[str]:
    """Documents that one of the indexes does not find."""
    settings = settings_of(home)
    if not state:
        return []
    with Collection(settings, _NeverEmbeds(embedder)) as collection, collection.snapshot() as snapshot:
        vectors = _vectors(settings, embedder.model_id)
        wrong = []
        for key, word in state.items():
            lexical = [hit.chunk.document_id for hit in snapshot.lexical([word], 5)]
            dense = [hit for hit in snapshot.dense(vectors[key], 3) if hit.chunk.document_id == key]
            if lexical != [key] or not dense or dense[0].score < 0.999:
                wrong.append(f"{key} is stored and not found: lexical {lexical}, dense {dense}")
    return wrong


def _still_there(home: Path, state: State, expected: list[State], embedder: Embedder) -> list[str]:
    """Texts of another state that still answer."""
    settings = settings_of(home)
    if not settings.database.exists():
        return []
    others = {word for other in expected for word in other.values()} - set(state.values())
    with Collection(settings, _NeverEmbeds(embedder)) as collection, collection.snapshot() as snapshot:
        return [f"{word} is gone and still found" for word in sorted(others) if snapshot.lexical([word], 1)]


def _vectors(settings, model_id: str) -> dict:
    """The embedding of the one chunk of each document."""
    with Store.open(settings.database) as store:
        entries = store.dense_entries().values()
        stored = store.embeddings([entry.embedded_hash for entry in entries], model_id)
    return {entry.document_id: stored[entry.embedded_hash] for entry in entries}
