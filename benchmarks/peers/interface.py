"""What a system under comparison is given and has to do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document as every system but Parley gets it; Parley reads the same files itself."""

    document_id: str
    title: str
    date: dt.date | None
    text: str

    @property
    def with_heading(self) -> str:
        """Title and date on lines of their own, then the text: nobody lacks what Parley puts before its chunks."""
        return "\n".join([self.title, *([self.date.isoformat()] if self.date else []), "", self.text])

    @property
    def metadata(self) -> dict[str, str]:
        """Title and date, for libraries that do something with metadata."""
        return {"title": self.title, "date": self.date.isoformat() if self.date else ""}


class System(Protocol):
    """A retrieval system with its model loaded."""

    def index(self, documents: Sequence[SourceText], folder: Path) -> int:
        """Makes the documents, which lie in `folder` as files, searchable; how many chunks they became."""

    def search(self, question: str, k: int) -> list[str]:
        """The documents of the `k` best chunks, best first; a document may come more than once."""
