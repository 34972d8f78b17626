"""What can be evaluated: Parley as a library in this process, or a Parley server over HTTP.

A target answers, and lets one look at its documents. Only the library can also show which passages it retrieved.
"""

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict

from index.types import DocumentSummary
from rag.client import ParleyClient
from rag.types import Answer, Question

if TYPE_CHECKING:
    from index.collection import Collection
    from rag.assistant import Assistant


class FoundPassage(BaseModel):
    """A retrieved passage as rows keep it, best first."""

    model_config = ConfigDict(frozen=True)

    document_id: str
    title: str
    date: dt.date | None
    start: int
    end: int
    score: float
    text: str


class Target(Protocol):
    """Something that answers questions out of documents."""

    name: str

    def index_version(self) -> str | None:
        """The version of the index that it answers from now, None if it does not say."""

    def ask(self, question: Question) -> Answer:
        """The answer; raises ParleyError if there can be none."""

    def search(self, question: str, k: int, as_of: dt.date | None) -> list[FoundPassage] | None:
        """The `k` best passages, or None if this target does not show them."""

    def documents(self) -> list[DocumentSummary]:
        """Every document there is."""

    def document_text(self, document_id: str) -> str | None:
        """A document's text, or None if there is no such document."""


class LibraryTarget:
    """Parley in this process."""

    name = "library"

    def __init__(self, assistant: "Assistant", collection: "Collection") -> None:
        self._assistant = assistant
        self._collection = collection

    def index_version(self) -> str:
        with self._collection.snapshot() as snapshot:
            return snapshot.version

    def ask(self, question: Question) -> Answer:
        return self._assistant.ask(question, followups=False)

    def search(self, question: str, k: int, as_of: dt.date | None) -> list[FoundPassage]:
        return [
            FoundPassage(
                document_id=passage.document.id,
                title=passage.document.title,
                date=passage.document.date,
                start=passage.chunk.start,
                end=passage.chunk.end,
                score=passage.score,
                text=passage.chunk.text,
            )
            for passage in self._assistant.search(question, k, as_of)
        ]

    def documents(self) -> list[DocumentSummary]:
        with self._collection.snapshot() as snapshot:
            return list(snapshot.documents())

    def document_text(self, document_id: str) -> str | None:
        with self._collection.snapshot() as snapshot:
            document = snapshot.document(document_id)
        return None if document is None else document.text


class ServerTarget:
    """A Parley server."""

    def __init__(self, client: ParleyClient) -> None:
        self.name = client.url
        self._client = client
        self._texts = lru_cache(maxsize=1000)(self._fetch_text)

    def index_version(self) -> str | None:
        return self._client.index_version()

    def ask(self, question: Question) -> Answer:
        return self._client.ask(question.question, history=question.history, as_of=question.as_of)

    def search(self, question: str, k: int, as_of: dt.date | None) -> None:
        return None

    def documents(self) -> list[DocumentSummary]:
        return self._client.documents()

    def document_text(self, document_id: str) -> str | None:
        return self._texts(document_id)

    def _fetch_text(self, document_id: str) -> str | None:
        document = self._client.document(document_id)
        return None if document is None else document.text
