"""The plain types of asking and answering; `Answer` is the public contract, the same on every way out.

Markers are 1-based. Offsets count characters of `Document.text`.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from index.types import Chunk, Coverage, Document
from rag.errors import InvariantError

MARKER = re.compile(r"\[(\d+)\]")


Mark = Literal[
    "single_source", "about_itself", "no_source", "one_publisher", "undated_sources", "late_sources", "state_outlet"
]


class Citation(BaseModel):
    """A pointer from the answer to exact words: `document.text[start:end] == quote`.

    `independent_sources` is at most how many publishers say it, near-duplicates and reprints counted once; None where
    that was not counted. `marks` are what a reader should know of it before relying on it.
    """

    model_config = ConfigDict(frozen=True)

    marker: int = Field(ge=1)
    document_id: str
    title: str
    publisher: str | None
    date: dt.date | None
    url: str | None
    language: str
    quote: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    independent_sources: int | None = None
    marks: tuple[Mark, ...] = ()


class Question(BaseModel):
    """What a reader asks. `history` holds the earlier questions of the conversation, oldest first.

    `replaces` is the stored answer whose place in the conversation the new one takes: asked again, or edited.
    `cited` is what the answer before cites, where that is kept.
    """

    model_config = ConfigDict(frozen=True)

    question: str
    history: tuple[str, ...] = ()
    as_of: dt.date | None = None
    conversation_id: str | None = None
    replaces: str | None = None
    cited: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk returned for a query, with the document it comes from.

    Larger `score` is better and is what passages are ordered by; `lexical` is the chunk's BM25, 0 where no term met.
    """

    chunk: Chunk
    document: Document
    score: float
    lexical: float = 0.0


class AnswerSentence(BaseModel):
    """One sentence of the answer, the markers it rests on and how well they support it."""

    model_config = ConfigDict(frozen=True)

    text: str
    citations: tuple[int, ...]
    support: float = Field(ge=0, le=1)


class NearestPassage(BaseModel):
    """What came closest when there was no answer."""

    model_config = ConfigDict(frozen=True)

    document_id: str
    title: str
    date: dt.date | None
    quote: str
    start: int
    end: int


class FoundPassage(NearestPassage):
    """A passage that a search found; a larger `score` is better, comparable within one search."""

    score: float


class Timings(BaseModel):
    """Milliseconds spent in each stage."""

    model_config = ConfigDict(frozen=True)

    retrieve: float = 0
    rerank: float = 0
    answer: float = 0
    ground: float = 0
    total: float = 0


class Answer(BaseModel):
    """An answer, or an abstention. Building one that breaks the marker rules raises InvariantError.

    `answer_id` and `conversation_id` are set once it was stored (`rag.records`).
    `notice` tells the reader in a plain sentence or two where the answerer that was asked for could not answer, and
    which place of the question no document mentions. `briefing` is the subject of the whole briefing
    (`GET /api/briefing?topic=`), where the question asks for one.
    """

    model_config = ConfigDict(frozen=True)

    question: str
    standalone_question: str
    status: Literal["answered", "abstained"]
    text: str
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[NearestPassage, ...] = ()
    coverage: Coverage
    followups: tuple[str, ...] = ()
    answerer: str = "extractive"
    notice: str | None = None
    briefing: str | None = None
    index_version: str
    timings_ms: Timings = Timings()
    answer_id: str | None = None
    conversation_id: str | None = None

    @model_validator(mode="after")
    def _markers_agree(self) -> Self:
        cited = [citation.marker for citation in self.citations]
        shown = {int(marker) for marker in MARKER.findall(self.text)}
        used = {marker for sentence in self.sentences for marker in sentence.citations}
        if len(cited) != len(set(cited)):
            raise InvariantError(f"two citations share a marker: {cited}")
        if shown != set(cited) or used != set(cited):
            raise InvariantError(
                f"markers differ: text has {sorted(shown)}, sentences {sorted(used)}, citations {cited}"
            )
        if self.status == "abstained" and cited:
            raise InvariantError(f"an abstention cites nothing, but this one cites {cited}")
        if self.status == "answered" and not all(sentence.citations for sentence in self.sentences):
            raise InvariantError("every sentence of an answer needs a citation")
        as_of = self.coverage.as_of
        late = [c.document_id for c in self.citations if as_of and (c.date is None or c.date > as_of)]
        if late:
            raise InvariantError(f"cited documents are dated after {as_of} or not at all: {late}")
        return self


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """A stage begins."""

    stage: Literal["retrieve", "rerank", "answer", "ground"]


@dataclass(frozen=True, slots=True)
class TokenEvent:
    """A further piece of the answer's text, checked."""

    text: str


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """A sentence is being written or checked; the next token, pending or answer event ends that.

    `text` is empty until the sentence has passed every check but the model's own. It may still be dropped.
    """

    text: str = ""


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """The whole answer; always the last event."""

    answer: Answer


Event = Annotated[StatusEvent | TokenEvent | PendingEvent | AnswerEvent, "what Assistant.stream yields"]
