"""From settings to an assistant that can answer; a home that was never written to gets the seeds first."""

import sys

from index.collection import Collection
from index.embedding import open_embedder
from index.progress import TerminalProgress
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.assistant import Assistant
from rag.generation.opening import open_writer
from rag.retrieval.cross_encoder import open_cross_encoder


def open_assistant(settings: Settings) -> Assistant:
    """The assistant over the home's collection. Raises ParleyError with the way out where there can be none."""
    collection = open_collection(settings)
    names, embedder = load_names(settings.names), collection.embedder
    writer = open_writer(settings, names, embedder)
    return Assistant(collection, embedder, names, writer=writer, cross_encoder=open_cross_encoder(settings, names))


def open_collection(settings: Settings) -> Collection:
    """The home's collection; raises what `open_assistant` raises."""
    embedder = open_embedder(settings.embedding_model, settings.home)
    if Collection.needs_seeds(settings):
        print(f"reading the documents of {settings.seeds} for the first time", file=sys.stderr)  # noqa: T201
        with TerminalProgress() as progress:
            sync(settings, embedder, on_progress=progress)
    elif Collection.is_outdated(settings):
        print("the index was made by another version of Parley; run `python -m index sync`", file=sys.stderr)  # noqa: T201
    return Collection(settings, embedder)
