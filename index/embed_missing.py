"""Embeds what has no stored embedding yet, and stores each few as soon as they are there.

So a build that is interrupted goes on where it stopped, and whoever switches models and back embeds nothing. While some
texts are being encoded, the ones before them are stored: no core waits for the disk, or for the last text of a batch.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from index.embedding import Embedder
from index.storage.store import Store
from index.types import Progress

_SLICE = 32  # texts embedded between two commits: a few seconds with the slowest embedder
_AT_ONCE = 2  # slices under way: while one ends, the cores have the next


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
    if missing:
        on_progress(Progress(stage, 0, len(missing)))
    done = 0
    for keys, vectors in _encoded(embedder, missing, texts):
        store.add_embeddings(dict(zip(keys, vectors, strict=True)), embedder.model_id)
        done += len(keys)
        on_progress(Progress(stage, done, len(missing)))
    return len(missing)


def _encoded(embedder: Embedder, keys: list[str], texts: Mapping[str, str]) -> Iterator[tuple[list[str], np.ndarray]]:
    """Slice after slice with its embeddings. Whoever stops early waits for the slices under way, and no longer."""
    slices = iter([keys[first : first + _SLICE] for first in range(0, len(keys), _SLICE)])
    under_way: deque[tuple[list[str], Future[np.ndarray]]] = deque()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="embed-slice") as pool:

        def begin_next() -> None:
            if following := next(slices, None):
                under_way.append((following, pool.submit(embedder.encode_passages, [texts[k] for k in following])))

        try:
            for _ in range(_AT_ONCE + 1):  # one waits, so that the pool never does
                begin_next()
            while under_way:
                done, future = under_way.popleft()
                vectors = future.result()
                begin_next()
                yield done, vectors
        finally:
            for _, future in under_way:
                future.cancel()
