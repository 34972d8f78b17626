"""The default embedder, loaded once, and a small folder of documents that tests write to and sync from."""

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.embedding import Embedder, open_embedder
from index.offline import silence_telemetry
from index.settings import Settings

silence_telemetry()


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    with tempfile.TemporaryDirectory() as home:
        return open_embedder("e5", Path(home))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "documents"
    folder.mkdir()
    return Settings(home=tmp_path / "home", seeds=folder, chroma_url=None, _env_file=None)


@pytest.fixture
def write_document(settings: Settings) -> Callable[..., Path]:
    """Writes `<name>.md` into the folder that is synced, or into `folder`."""

    def write(
        name: str,
        text: str,
        *,
        title: str = "",
        date: dt.date | str | None = "2026-01-20",
        folder: Path | None = None,
    ) -> Path:
        dated = f"date: {date}\n" if date else ""
        path = (folder or settings.seeds) / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"---\nid: {name}\ntitle: {title or name}\n{dated}language: en\n---\n{text}\n", encoding="utf-8"
        )
        return path

    return write


@pytest.fixture
def three_documents(write_document: Callable[..., Path]) -> None:
    write_document("bakery", "The bakery on the corner sells rye bread. It opens at six.", date="2026-01-05")
    write_document("harbour", "Cargo ships wait outside the harbour. The pilots are on strike.", date="2026-01-20")
    write_document("orchard", "Frost killed the apple blossom. The growers ask for help.", date="2026-02-10")
