"""How well something is sourced: which reports say it, who published them, and how many of these are independent.

Near-duplicates are one report, and an outlet that prints an agency's report is that agency ("Report.az / Reuters"). A
digest of several sources counts for all of them, since it does not tell which of its words come from which: so many at
most. A sentence has to hold nearly all words of the claim, and nothing in it may speak against it; so other wordings,
and other languages than the claim's, are not counted.
"""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.lexical import tokenize
from index.text.names import Names
from index.types import REFERENCE_KINDS, Chunk, Coverage, Document
from rag.grounding import check
from rag.reading.outlets import is_state_publisher
from rag.reading.quoted import Quoted, quoted
from rag.reading.speakers import Spoken
from rag.reading.statements import statements_at
from rag.retrieval.retriever import make_query, retrieve

CANDIDATES = 24  # passages that are held against a claim
TERMS_PER_MISSING = 7  # of a claim: so many let one of them be missing in a sentence that says it
BORNE_OUT = 0.75  # support of a sentence that says it
LATE = dt.timedelta(days=14)  # between an event and the first report that a document names

DocumentNote = Literal["no_source", "one_publisher", "undated_sources", "late_sources", "state_outlet"]


class Report(Quoted):
    """A document that says it, `quote` being the sentence nearest to the claim.

    `publishers` are those of its sources; `same_story_as` is the document listed before that it is a near-duplicate of.
    """

    publishers: tuple[str, ...]
    notes: tuple[DocumentNote, ...]
    same_story_as: str | None
    speaker: str | None
    about_itself: bool


class Sourcing(BaseModel):
    """The reports that say a claim, the nearest first; `independent_publishers` is at most so many."""

    model_config = ConfigDict(frozen=True)

    claim: str
    coverage: Coverage
    reports: list[Report]
    independent_reports: int
    independent_publishers: int
    single_source: bool
    index_version: str


def find_sourcing(
    snapshot: Snapshot, claim: str, names: Names, embedder: Embedder, as_of: dt.date | None = None
) -> Sourcing:
    """Who says a claim; no reports where the documents found for it do not bear it out."""
    query = make_query(claim, snapshot, embedder, names, as_of)
    documents: dict[str, tuple[Spoken, int]] = {}
    for passage in retrieve(snapshot, query, CANDIDATES):
        spoken = Spoken(passage.document, names)
        if passage.document.id not in documents:
            says = saying(spoken, passage.chunk, claim, names)
            if says is not None:
                documents[passage.document.id] = (spoken, says)
    stories = snapshot.stories()
    reports: list[Report] = []
    heads: dict[str, str] = {}
    publishers: set[str] = set()
    for spoken, index in documents.values():
        document = spoken.document
        story = stories.get(document.id, document.id)
        reports.append(_report(spoken, index, names, heads.get(story)))
        if story not in heads:
            publishers |= {origin(name) for name in publishers_of(document)}
        heads.setdefault(story, document.id)
    return Sourcing(
        claim=claim,
        coverage=snapshot.coverage(as_of),
        reports=reports,
        independent_reports=len(heads),
        independent_publishers=len(publishers),
        single_source=bool(reports) and (len(publishers) <= 1),
        index_version=snapshot.version,
    )


def document_notes(document: Document) -> tuple[DocumentNote, ...]:
    """What a reader should know of a document's sources before relying on it."""
    if not document.sources:
        return ("no_source",)
    notes: list[DocumentNote] = []
    if len({origin(name) for name in publishers_of(document)}) <= 1:
        notes.append("one_publisher")
    dates = [source.date for source in document.sources if source.date]
    if not dates:
        notes.append("undated_sources")
    elif document.date and document.kind not in REFERENCE_KINDS and min(dates) - document.date > LATE:
        notes.append("late_sources")
    if any(map(is_state_publisher, publishers_of(document))):
        notes.append("state_outlet")
    return tuple(notes)


def publishers_of(document: Document) -> tuple[str, ...]:
    """Who published its sources, each once."""
    return tuple(dict.fromkeys(source.publisher for source in document.sources if source.publisher))


def origin(publisher: str) -> str:
    """Whose report an outlet prints: the agency in "Report.az / Reuters" and "AP via Newser", else its own."""
    front, via, _ = publisher.partition(" via ")
    _, slash, agency = publisher.rpartition(" / ")
    return (front if via else agency if slash else publisher).strip().casefold()


def holds_nearly_all(terms: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether no more of a claim's terms are missing than its length allows."""
    return len(wanted - terms) <= len(wanted) // TERMS_PER_MISSING


def saying(spoken: Spoken, chunk: Chunk, claim: str, names: Names) -> int | None:
    """The sentence of a passage that bears the claim out best; None where none does."""
    wanted = frozenset(tokenize(claim, names))
    best: tuple[float, int] | None = None
    for index in range(spoken.index_at(chunk.start), len(spoken.spans)):
        span = spoken.spans[index]
        if span.start >= chunk.end:
            break
        text = spoken.document.text[span.start : span.end]
        if not holds_nearly_all(frozenset(tokenize(text, names)), wanted):
            continue
        verdict = check(claim, text, names)
        if verdict.support >= BORNE_OUT and not verdict.reasons and (best is None or verdict.support > best[0]):
            best = (verdict.support, index)
    return best[1] if best else None


def _report(spoken: Spoken, index: int, names: Names, head: str | None) -> Report:
    document, said = spoken.document, statements_at(spoken, index, names)
    return Report(
        **quoted(document, spoken.spans[index]).model_dump(),
        publishers=publishers_of(document),
        notes=document_notes(document),
        same_story_as=head,
        speaker=said[0].voice.label if len(said) == 1 else None,
        about_itself=len(said) == 1 and said[0].about_itself,
    )
