"""The shipped documents, indexed once with the default embedder, and an assistant over them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from rag.assistant import Assistant

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session")
def seed_settings(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("seeds") / "home", seeds=SEEDS, chroma_url=None, _env_file=None)
    sync(settings, embedder)
    return settings


@pytest.fixture(scope="session")
def seed_collection(seed_settings: Settings, embedder: Embedder) -> Iterator[Collection]:
    with Collection(seed_settings, embedder) as collection:
        yield collection


@pytest.fixture(scope="session")
def assistant(seed_collection: Collection, embedder: Embedder) -> Assistant:
    """Answers from the shipped documents."""
    return Assistant(seed_collection, embedder)
