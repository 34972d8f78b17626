"""Collections to measure on: each corpus indexed in a home of its own, which is kept and found again.

A home's name comes from what is in the corpus and from the embedder; `sync` sees to it that the home is up to date with
the code that cuts and tokenizes.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.progress import tell
from index.collection import Collection
from index.embedding import Embedder
from index.progress import TerminalProgress
from index.settings import load_settings
from index.sync import sync

LONGEST_TITLE = 120
FEWEST_TITLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Homes:
    """The folder that homes are kept in, and the embedder that they are made with."""

    folder: Path
    embedder: Embedder

    @contextmanager
    def of_folder(self, documents: Path) -> Iterator[Collection]:
        """The collection of a folder of documents, as it is now."""
        home = self.folder / f"folder-{_digest(str(documents.resolve()), self.embedder.model_id)}"
        with self._synced(home, documents) as collection:
            yield collection

    @contextmanager
    def of_corpus(self, rows: Iterable[Mapping]) -> Iterator[Collection]:
        """The collection of a corpus's rows: `id`, `text`, perhaps `title`, `date`, `lang`, `url`."""
        text = "".join(json.dumps(_document(row), ensure_ascii=False) + "\n" for row in rows)
        folder = self.folder / f"corpus-{_digest(text, self.embedder.model_id)}"
        folder.mkdir(parents=True, exist_ok=True)
        corpus = folder / "corpus.jsonl"
        corpus.write_text(text, encoding="utf-8")
        with self._synced(folder / "home", corpus) as collection:
            yield collection

    @contextmanager
    def _synced(self, home: Path, documents: Path) -> Iterator[Collection]:
        settings = load_settings(home=home, seeds=documents, chroma_url=None)
        tell(f"indexing {documents} in {home}")
        with TerminalProgress() as progress:
            report = sync(settings, self.embedder, on_progress=progress)
        for refusal in report.refusals:
            tell(f"left out: {refusal.path}: {refusal.message}")
        with Collection(settings, self.embedder) as collection:
            yield collection


def _document(row: Mapping) -> dict[str, object]:
    """The row as Parley takes documents; one without a title is called by its first line that could be one."""
    known = {name: row[name] for name in ("id", "text", "date", "lang", "url") if row.get(name)}
    return known | {"title": row.get("title") or _title_of(row.get("text", ""))}


def _title_of(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    title = next((line for line in lines if len(line.split()) >= FEWEST_TITLE_WORDS), " ".join(lines[:1]))
    return title if len(title) <= LONGEST_TITLE else title[:LONGEST_TITLE].rpartition(" ")[0] + "…"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
