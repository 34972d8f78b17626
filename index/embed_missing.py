"""Embeds what has no stored embedding yet, and stores each few as soon as they are there.

So a build that is interrupted goes on where it stopped, and whoever switches models and back embeds nothing.
"""

from collections.abc import Callable, Mapping

from index.embedding import Embedder
from index.storage.store import Store
from index.types import Progress

_SLICE = 32  # texts embedded between two commits: a few seconds with the slowest embedder


def embed_missing(
    store: Store,
    embedder: Embedder,
    texts: Mapping[str, str],
    on_progress: Callable[[Progress], None],
    stage: str = "embedding",
) -> int:
    """How many of `texts`, by content hash, had to be embedded."""
    missing = store.missing_embeddings(texts, embedder.model_id)
    # Texts of like length share a batch, and the time left is not promised too short.
    missing.sort(key=lambda content_hash: len(texts[content_hash]), reverse=True)
    total = len(missing)
    if total:
        on_progress(Progress(stage, 0, total))
    for first in range(0, total, _SLICE):
        keys = missing[first : first + _SLICE]

        def on_done(count: int, before: int = first) -> None:
            on_progress(Progress(stage, before + count, total))

        vectors = embedder.encode_passages([texts[key] for key in keys], on_done)
        store.add_embeddings(dict(zip(keys, vectors, strict=True)), embedder.model_id)
    return total
