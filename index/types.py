"""The plain types that every stage shares: a document, its sources, its chunks.

Leaf module: it imports nothing of Parley. Offsets count characters (Python code points) of `Document.text`,
`start` included and `end` excluded, so that `document.text[start:end]` is the span.
"""

import datetime as dt
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

# Kinds of document whose `date` is that of their last revision: nothing in them need have happened then.
REFERENCE_KINDS = frozenset({"topic", "person", "glossary", "place", "organisation"})


class Source(BaseModel):
    """Who published what a document rests on. Unknown stays None."""

    model_config = ConfigDict(frozen=True)

    publisher: str | None = None
    title: str | None = None
    date: dt.date | None = None
    url: str | None = None
    author: str | None = None


class Document(BaseModel):
    """One whole source text. `date` is that of the event or the publication, never that of ingestion."""

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    date: dt.date | None = None
    kind: str = "document"
    language: str = "und"
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    text: str


class DocumentSummary(BaseModel):
    """A document as lists show it: everything but the text.

    `story` is the same for documents that are near-duplicates, and None for one that has none; `superseded_by` is the
    id of the document that replaces this one.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    date: dt.date | None
    kind: str
    language: str
    people: tuple[str, ...]
    places: tuple[str, ...]
    topics: tuple[str, ...]
    sources: tuple[Source, ...]
    characters: int
    story: str | None = None
    superseded_by: str | None = None


class Coverage(BaseModel):
    """What a collection holds, so that a reader can judge how current it is. `as_of` is the reader's cut-off."""

    model_config = ConfigDict(frozen=True)

    documents: int
    oldest: dt.date | None = None
    newest: dt.date | None = None
    as_of: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `Document.text`: characters `start` (included) to `end` (excluded)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stored slice of a document: whole sentences, `document.text[start:end] == text`."""

    id: str
    document_id: str
    ordinal: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A chunk found by one retriever; larger `score` is better, comparable only within that retriever's list."""

    chunk: Chunk
    score: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work is. `total` 0 means not known yet.

    `per_second` and `seconds_left` are None until enough of the stage is done to tell.
    """

    stage: str
    done: int
    total: int
    per_second: float | None = None
    seconds_left: float | None = None
