"""A briefing: one page on a subject, put together from what the reader's features find, each line a span of a document.

Nothing is written here that a document does not say. A section for which nothing is found is empty, and a subject that
the documents are silent on has empty sections only: `silent` says so, and `unmentioned` which names no document has.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.names import Names
from index.types import Coverage
from rag.answering.abstention import unmentioned
from rag.answering.answer_type import AnswerType
from rag.answering.antecedent import with_antecedent
from rag.answering.evidence import Evidence, find_evidence
from rag.answering.extractive import ExtractiveLimits, select
from rag.reading.changes import Change, ChangeFinder, Changes, Claim, claim_of
from rag.reading.open_points import OpenPoint, find_open_points
from rag.reading.positions import ShownDisagreement, SidePositions, evidence_for, find_positions
from rag.reading.quotation_index import QuotationFilters, QuotationIndex, SpokenWords
from rag.reading.quoted import Quoted, quoted
from rag.reading.sourcing import DocumentNote, document_notes, publishers_of
from rag.reading.status import StatusWord, find_status
from rag.reading.subject import Subject, is_strange, subject_of
from rag.reading.timeline import TimelineEntry, TimelineFilters, Timelines
from rag.reading.timeline_answer import nearest_lines
from rag.retrieval.reranking import rerank
from rag.retrieval.retriever import make_query, retrieve
from rag.time.fit import TimeFrame
from rag.types import Citation

CANDIDATES = 60  # passages that tell what the documents know of the subject
RECENT = dt.timedelta(days=90)  # before the newest report on the subject: what changed since, unless a day is given
MOST_STATUSES = 4
MOST_NEWEST = 3
MOST_OPEN = 5
MOST_QUOTES = 6
MAIN = ExtractiveLimits(sentences=8, words=300)
MOST_WORDS = 60  # of a sentence with what it leans on


class StateOfPlay(BaseModel):
    """How far it has got, in the documents' words, and what the newest reports say, each newest first.

    `main` is what says most about the subject, of whatever time and kind of document, best first.
    """

    model_config = ConfigDict(frozen=True)

    status: list[StatusWord]
    newest: list[Claim]
    main: list[Claim]


class WhatChanged(BaseModel):
    """As in `Changes`; `since` is None where no report on the subject is dated and no day was given."""

    model_config = ConfigDict(frozen=True)

    since: dt.date | None
    changed: list[Change]
    not_found_again: list[Claim]


class OpenPoints(BaseModel):
    """Accounts that do not agree, and sentences that say that something is open."""

    model_config = ConfigDict(frozen=True)

    disagreements: list[ShownDisagreement]
    unsettled: list[OpenPoint]


class BriefedDocument(BaseModel):
    """A document that the briefing cites, under these markers, with who published what it rests on."""

    model_config = ConfigDict(frozen=True)

    document_id: str
    title: str
    date: dt.date | None
    kind: str
    language: str
    publishers: tuple[str, ...]
    url: str | None
    notes: tuple[DocumentNote, ...]
    markers: tuple[int, ...]


class Briefing(BaseModel):
    """Everything on one subject. `citations` holds each span that is shown once, numbered as the page shows them."""

    model_config = ConfigDict(frozen=True)

    topic: str
    coverage: Coverage
    silent: bool
    unmentioned: tuple[str, ...]
    state_of_play: StateOfPlay
    positions: list[SidePositions]
    what_changed: WhatChanged
    open_points: OpenPoints
    quotes: list[SpokenWords]
    timeline: list[TimelineEntry]
    sources: list[BriefedDocument]
    citations: list[Citation]
    index_version: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What is asked for; without `since`, what changed is counted from RECENT before the newest report on the topic."""

    topic: str
    as_of: dt.date | None = None
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Sections:
    """The sections before they are cited."""

    state: StateOfPlay
    positions: list[SidePositions]
    changed: WhatChanged
    open: OpenPoints
    quotes: list[SpokenWords]
    timeline: list[TimelineEntry]


class Briefings:
    """Puts briefings together from timelines and quotations, which keep what they read of a version of the collection.

    Those of the caller are used where it has its own, so that nothing is read and kept twice.
    """

    def __init__(
        self, names: Names, timelines: Timelines | None = None, quotations: QuotationIndex | None = None
    ) -> None:
        self._names = names
        self._timelines = timelines or Timelines(names)
        self._quotations = quotations or QuotationIndex(names)

    def write(self, snapshot: Snapshot, embedder: Embedder, brief: Brief) -> Briefing:
        """The briefing; no document dated after `brief.as_of` is in it."""
        query = make_query(brief.topic, snapshot, embedder, self._names, brief.as_of)
        missing = unmentioned(snapshot, query, self._names).asked_about
        passages = retrieve(snapshot, query, CANDIDATES)
        reranked = rerank(snapshot, query, TimeFrame(), passages, CANDIDATES)
        if missing or is_strange(snapshot, query, reranked, self._names, embedder):
            return _briefing(snapshot, brief, missing, _EMPTY)
        spoken = evidence_for(snapshot, brief.topic, self._names, embedder, brief.as_of)
        evidence = find_evidence(query, AnswerType.OTHER, reranked, self._names)
        subject = subject_of(brief.topic, reranked.sentences, embedder.relevance_floor, self._names)
        chosen = select(evidence, subject.language, self._names, MAIN, embedder.translation_level)
        main = self._told(subject, map(claim_of, chosen))
        state, changed = self._state_and_changes(snapshot, embedder, brief, subject, spoken, main)
        positions, open_points = self._positions_and_open(snapshot, embedder, brief, subject, spoken)
        sections = _Sections(
            state=state,
            positions=positions,
            changed=changed,
            open=open_points,
            quotes=self._quotes(snapshot, embedder, brief, subject),
            timeline=self._timeline(snapshot, brief, subject, evidence),
        )
        return _briefing(snapshot, brief, missing, sections)

    def _state_and_changes(
        self,
        snapshot: Snapshot,
        embedder: Embedder,
        brief: Brief,
        subject: Subject,
        spoken: Sequence[Evidence],
        main: list[Claim],
    ) -> tuple[StateOfPlay, WhatChanged]:
        finder = ChangeFinder(embedder, self._names)
        newest = self._told(subject, finder.newest(snapshot, brief.topic, brief.as_of, subject.language))
        told = find_status(snapshot, brief.topic, self._names, embedder, brief.as_of, spoken)
        status = told.words[:MOST_STATUSES]
        since = brief.since or (newest[0].date - RECENT if newest else None)
        shown = {_place(one) for one in status}
        latest = [one for one in newest if _place(one) not in shown][:MOST_NEWEST]
        shown |= {_place(one) for one in latest}
        main = [one for one in main if _place(one) not in shown]
        state = StateOfPlay(status=status, newest=latest, main=main)
        if since is None:
            return state, WhatChanged(since=None, changed=[], not_found_again=[])
        found = finder.find(snapshot, brief.topic, since, brief.as_of, subject.language)
        shown |= {_place(one) for one in main}
        return state, self._changed(found, subject, shown)

    def _changed(self, found: Changes, subject: Subject, shown: set[tuple]) -> WhatChanged:
        """The changes on the subject; those only that add something to what is `shown` before."""
        changed = []
        for change in found.changed:
            before = next(iter(self._told(subject, [change.before] if change.before else [])), None)
            told = bool(self._told(subject, [change.now]))
            if told and (before or _place(change.now) not in shown):
                changed.append(Change(now=change.now, before=before))
        gone = self._told(subject, found.not_found_again)
        return WhatChanged(since=found.since, changed=changed, not_found_again=gone)

    def _positions_and_open(
        self, snapshot: Snapshot, embedder: Embedder, brief: Brief, subject: Subject, spoken: Sequence[Evidence]
    ) -> tuple[list[SidePositions], OpenPoints]:
        found = find_positions(snapshot, brief.topic, self._names, embedder, brief.as_of, spoken)
        sides = [(side.side, self._told(subject, side.positions)) for side in found.sides]
        unsettled = find_open_points(spoken, self._names, brief.as_of)
        return (
            [SidePositions(side=side, positions=positions) for side, positions in sides if positions],
            OpenPoints(
                disagreements=[one for one in found.disagreements if self._told(subject, one.accounts)],
                unsettled=self._told(subject, unsettled)[:MOST_OPEN],
            ),
        )

    def _quotes(self, snapshot: Snapshot, embedder: Embedder, brief: Brief, subject: Subject) -> list[SpokenWords]:
        """What somebody who is named said about it: what has its words, then what is nearest in meaning.

        Where the subject is a person, what that person said.
        """
        filters = QuotationFilters(words=brief.topic, meaning=brief.topic, as_of=brief.as_of)
        if subject.is_person:
            filters = QuotationFilters(speaker=brief.topic, as_of=brief.as_of)
        found = self._quotations.search(snapshot, embedder, filters).quotations
        return [one for one in found if one.speaker][:MOST_QUOTES]

    def _timeline(
        self, snapshot: Snapshot, brief: Brief, subject: Subject, evidence: Sequence[Evidence]
    ) -> list[TimelineEntry]:
        """The lines that the evidence stands for; an event whose opening is of other things with what it says of it."""
        found_in = frozenset(one.sentence.passage.document.id for one in evidence)
        filters = TimelineFilters(as_of=brief.as_of, language=subject.language)
        lines, _ = self._timelines.lines(snapshot, filters, found_in)
        entries: dict[tuple, TimelineEntry] = {}
        for entry in self._timelines.read_out(snapshot, nearest_lines(lines, evidence)):
            told = entry if subject.is_told_in(entry, self._names) else self._retold(entry, subject, evidence)
            if told:
                entries.setdefault(_place(told), told)
        return list(entries.values())

    def _retold(self, entry: TimelineEntry, subject: Subject, evidence: Sequence[Evidence]) -> TimelineEntry | None:
        """The event, shown by the best sentence of its document that is about the subject."""
        for one in evidence:
            document = one.sentence.passage.document
            shown = (
                with_antecedent(document, one.sentence.span, self._names, MOST_WORDS)
                if entry.kind == "event" and document.id == entry.document_id
                else None
            )
            if shown and subject.is_told_in(words := quoted(document, shown.span), self._names):
                named = shown.subject.label if shown.subject else None
                return entry.model_copy(update={**words.model_dump(), "subject": named})
        return None

    def _told(self, subject: Subject, found: Iterable[Quoted]) -> list:
        return [one for one in found if subject.is_told_in(one, self._names)]


_EMPTY = _Sections(
    state=StateOfPlay(status=[], newest=[], main=[]),
    positions=[],
    changed=WhatChanged(since=None, changed=[], not_found_again=[]),
    open=OpenPoints(disagreements=[], unsettled=[]),
    quotes=[],
    timeline=[],
)


def _briefing(snapshot: Snapshot, brief: Brief, missing: tuple[str, ...], sections: _Sections) -> Briefing:
    shown = list({_place(one): one for one in _shown(sections)}.values())
    citations = [
        Citation(marker=marker, **{field: getattr(one, field) for field in Quoted.model_fields})
        for marker, one in enumerate(shown, start=1)
    ]
    return Briefing(
        topic=brief.topic,
        coverage=snapshot.coverage(brief.as_of),
        silent=not citations,
        unmentioned=missing,
        state_of_play=sections.state,
        positions=sections.positions,
        what_changed=sections.changed,
        open_points=sections.open,
        quotes=sections.quotes,
        timeline=sections.timeline,
        sources=_sources(snapshot, citations),
        citations=citations,
        index_version=snapshot.version,
    )


def _shown(sections: _Sections) -> Iterator[Quoted]:
    """Every span in the order of the page."""
    yield from sections.state.status
    yield from sections.state.newest
    yield from sections.state.main
    for side in sections.positions:
        for one in side.positions:
            yield from (one.named_in, one) if one.named_in else (one,)
    for change in sections.changed.changed:
        yield from (change.now, change.before) if change.before else (change.now,)
    yield from sections.changed.not_found_again
    for disagreement in sections.open.disagreements:
        yield from disagreement.accounts
    yield from sections.open.unsettled
    for one in sections.quotes:
        yield from (one.named_in, one) if one.named_in else (one,)
    yield from sections.timeline


def _sources(snapshot: Snapshot, citations: Sequence[Citation]) -> list[BriefedDocument]:
    """The documents that are cited, the newest first."""
    markers: dict[str, list[int]] = {}
    for citation in citations:
        markers.setdefault(citation.document_id, []).append(citation.marker)
    urls = {citation.document_id: citation.url for citation in citations}
    documents = sorted(map(snapshot.document, markers), key=lambda one: -(one.date or dt.date.min).toordinal())
    return [
        BriefedDocument(
            document_id=document.id,
            title=document.title,
            date=document.date,
            kind=document.kind,
            language=document.language,
            publishers=publishers_of(document),
            url=urls[document.id],
            notes=document_notes(document),
            markers=tuple(markers[document.id]),
        )
        for document in documents
    ]


def _place(one: Quoted) -> tuple[str, int, int]:
    return one.document_id, one.start, one.end
