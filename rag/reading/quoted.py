"""A span of a document as the reader's features show it: the words, where they stand, who published them and when."""

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from index.types import Document, Span
from rag.citations import cite


class Quoted(BaseModel):
    """Exact words: `document.text[start:end] == quote`. `date` is the document's."""

    model_config = ConfigDict(frozen=True)

    document_id: str
    title: str
    publisher: str | None
    date: dt.date | None
    url: str | None
    language: str
    quote: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


def quoted(document: Document, span: Span) -> Quoted:
    """The span with what a citation of it says."""
    return Quoted(**cite(1, document, span).model_dump(exclude={"marker"}))
