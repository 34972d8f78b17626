"""The timeline: what the documents tell, in order of the days that they tell of.

A line is an event, which is a dated document shown by its opening sentence, or a sentence of any document that names
other days. Documents dated after the reader's cut-off tell nothing, whatever they tell of; nor are later days shown.
"""

import datetime as dt
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from index.collection import Snapshot
from index.text.lexical import tokenize
from index.text.names import Names
from index.types import REFERENCE_KINDS, Coverage, Document, DocumentSummary, Span
from rag.reading.days import Told, opening, told_days
from rag.reading.quoted import Quoted, quoted
from rag.time.event_types import Event
from rag.time.fit import EventIndexes

PAGE_SIZE = 50
MOST_READ = 1_000  # documents whose sentences are looked through for one timeline, the newest
_MOST_CHUNKS = 20_000
_SAME = 0.6  # share of the shorter sentence's terms from which two lines of a day tell the same


class TimelineEntry(Quoted):
    """One line. `date` is the document's, `first_day` to `last_day` are the days that the quote tells of.

    `subject` is whom the quote calls "he".
    """

    first_day: dt.date
    last_day: dt.date
    kind: Literal["event", "sentence"]
    subject: str | None
    people: tuple[str, ...]
    places: tuple[str, ...]
    topics: tuple[str, ...]


class Timeline(BaseModel):
    """One page of lines, the earliest first. `found` counts all; `unread` documents were too many to look into."""

    model_config = ConfigDict(frozen=True)

    coverage: Coverage
    entries: list[TimelineEntry]
    found: int
    page: int
    pages: int
    months: dict[str, int]
    unread: int
    index_version: str


@dataclass(frozen=True, slots=True)
class TimelineFilters:
    """What a reader looks for; an empty field takes nothing away. `language` decides between translations."""

    person: str = ""
    place: str = ""
    topic: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    as_of: dt.date | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Line:
    """A line before it is read out; `told` is None for an event. `named` are ids of entities."""

    first: dt.date
    last: dt.date
    document: DocumentSummary
    told: Told | None
    named: frozenset[str]

    @property
    def order(self) -> tuple:
        told = self.told
        start = told.span.start if told else -1  # an event before what is told of its days
        return self.first, self.last, bool(told), self.document.date or dt.date.max, self.document.id, start


class Timelines:
    """Builds timelines; what it read of a version of the collection it remembers until there is another."""

    def __init__(self, names: Names, events: EventIndexes | None = None) -> None:
        self._names = names
        self._events = events or EventIndexes(names)
        self._version = ""
        self._lock = threading.Lock()  # of what is remembered
        self._told: dict[str, tuple[tuple[Told, frozenset[str], frozenset[str]], ...]] = {}
        self._named: dict[str, frozenset[str]] = {}

    def build(self, snapshot: Snapshot, filters: TimelineFilters, page: int = 1, size: int = PAGE_SIZE) -> Timeline:
        """The `page`th page of what fits, counted from 1; the nearest one that there is."""
        lines, unread = self.lines(snapshot, filters)
        pages = max(1, -(-len(lines) // size))
        page = min(max(1, page), pages)
        shown = lines[(page - 1) * size : page * size]
        months: dict[str, int] = {}
        for line in lines:
            months[f"{line.first:%Y-%m}"] = months.get(f"{line.first:%Y-%m}", 0) + 1
        return Timeline(
            coverage=snapshot.coverage(filters.as_of),
            entries=self.read_out(snapshot, shown),
            found=len(lines),
            page=page,
            pages=pages,
            months=months,
            unread=unread,
            index_version=snapshot.version,
        )

    def lines(
        self, snapshot: Snapshot, filters: TimelineFilters, only: frozenset[str] | None = None
    ) -> tuple[list[Line], int]:
        """The lines in order, and how many documents were too many to look into; `only` keeps to some documents."""
        with self._lock:
            return self._lines(snapshot, filters, only)

    def _lines(
        self, snapshot: Snapshot, filters: TimelineFilters, only: frozenset[str] | None
    ) -> tuple[list[Line], int]:
        self._forget_other_versions(snapshot.version)
        documents = {one.id: one for one in snapshot.documents() if _is_known(one, filters.as_of)}
        for hidden in snapshot.superseded(filters.as_of):
            documents.pop(hidden, None)
        events = [
            (event, documents[chosen])
            for event in self._events.of(snapshot).events
            if (chosen := _in_language([i for i in event.document_ids if i in documents], documents, filters.language))
        ]
        events = [event for event in _one_a_story(events) if only is None or event[1].id in only]
        translated = {i for event, shown in events for i in event.document_ids if i != shown.id}
        wanted = _Wanted(filters, self._names)
        last_day = filters.as_of or dt.date.max
        lines = [self._event_line(event, one, last_day) for event, one in events]
        readable = self._readable(snapshot, wanted, documents.values())
        readable = [one for one in readable if one.id not in translated and (only is None or one.id in only)]
        told = [line for one in readable[:MOST_READ] for line in self._sentence_lines(snapshot, one)]
        lines = [line for line in lines if wanted.fits(line)]
        fitting = [line for line in told if wanted.fits(line)]
        lines += self._without_repetition(fitting, lines)
        return sorted(lines, key=lambda line: line.order), max(0, len(readable) - MOST_READ)

    def read_out(self, snapshot: Snapshot, lines: Iterable[Line]) -> list[TimelineEntry]:
        """The lines with their words."""
        entries = []
        for line in lines:
            document = snapshot.document(line.document.id)
            span = line.told.span if line.told else opening(document)
            entries.append(self._entry(line, document, span or Span(0, len(document.text))))
        return entries

    def _entry(self, line: Line, document: Document, span: Span) -> TimelineEntry:
        entities = [self._names.entity(one) for one in sorted(line.named)]
        people = document.people if line.told is None else tuple(e.label for e in entities if e.kind == "person")
        places = document.places if line.told is None else tuple(e.label for e in entities if e.kind == "place")
        return TimelineEntry(
            **quoted(document, span).model_dump(),
            first_day=line.first,
            last_day=line.last,
            kind="sentence" if line.told else "event",
            subject=line.told.subject if line.told else None,
            people=people,
            places=places,
            topics=document.topics,
        )

    def _event_line(self, event: Event, one: DocumentSummary, last_day: dt.date) -> Line:
        if one.id not in self._named:
            self._named[one.id] = self._entities(" · ".join([one.title, *one.people, *one.places]))
        return Line(event.first_day, min(event.last_day, last_day), one, None, self._named[one.id])

    def _sentence_lines(self, snapshot: Snapshot, one: DocumentSummary) -> Iterator[Line]:
        if one.id not in self._told:
            document = snapshot.document(one.id)
            first = opening(document) if document.kind not in REFERENCE_KINDS else None
            self._told[one.id] = tuple(
                (told, self._entities(f"{words} · {told.subject or ''}"), frozenset(tokenize(words, self._names)))
                for told in told_days(document, self._names)
                for words in [document.text[told.span.start : told.span.end]]
                if first is None or told.span.start != first.start  # that one is shown with the event
            )
        for told, named, _ in self._told[one.id]:
            yield Line(told.first, told.last, one, told, named)

    def _readable(
        self, snapshot: Snapshot, wanted: "_Wanted", documents: Iterable[DocumentSummary]
    ) -> list[DocumentSummary]:
        """The documents that may hold a fitting sentence, newest first."""
        documents = [one for one in documents if wanted.has_topic(one)]
        for entity in wanted.entities:
            found = {scored.chunk.document_id for scored in snapshot.lexical([f"@{entity}"], _MOST_CHUNKS)}
            documents = [one for one in documents if one.id in found]
        return sorted(documents, key=lambda one: (one.date or dt.date.min, one.id), reverse=True)

    def _without_repetition(self, told: list[Line], events: list[Line]) -> list[Line]:
        """The sentences that tell something else than the events of their days, and than each other."""
        kept: dict[dt.date, list[Line]] = {}
        of_day: dict[dt.date, list[Line]] = {}
        for event in events:
            for day in _days_of(event):
                of_day.setdefault(day, []).append(event)
        for line in sorted(told, key=lambda one: one.order):
            beside = of_day.get(line.first, ())
            if any(line.document.id == event.document.id or line.named & event.named for event in beside):
                continue
            if not any(self._repeats(line, other) for other in kept.get(line.first, ())):
                kept.setdefault(line.first, []).append(line)
        return [line for lines in kept.values() for line in lines]

    def _repeats(self, line: Line, other: Line) -> bool:
        if line.document.language != other.document.language:
            return bool(line.named) and line.named == other.named
        ours, theirs = self._terms(line), self._terms(other)
        return len(ours & theirs) > _SAME * min(len(ours), len(theirs))

    def _terms(self, line: Line) -> frozenset[str]:
        return next(terms for told, _, terms in self._told[line.document.id] if told is line.told)

    def _entities(self, text: str) -> frozenset[str]:
        return frozenset(mention.entity_id for mention in self._names.find(text))

    def _forget_other_versions(self, version: str) -> None:
        if version != self._version:
            self._version, self._told, self._named = version, {}, {}


class _Wanted:
    """The filters, their names looked up once."""

    def __init__(self, filters: TimelineFilters, names: Names) -> None:
        self._filters = filters
        named = {part: {mention.entity_id for mention in names.find(part)} for part in (filters.person, filters.place)}
        self.entities = frozenset().union(*named.values())
        self._words = [
            (kind, text.strip().casefold())
            for kind, text in (("people", filters.person), ("places", filters.place))
            if text.strip() and not named[text]
        ]
        self._topic = filters.topic.strip().casefold().replace(" ", "-")

    def fits(self, line: Line) -> bool:
        filters = self._filters
        late = filters.as_of and line.last > filters.as_of
        out = (filters.since and line.last < filters.since) or (filters.until and line.first > filters.until)
        if late or out or not self.entities <= line.named or not self.has_topic(line.document):
            return False
        return all(
            any(word in value.casefold() for value in getattr(line.document, kind)) for kind, word in self._words
        )

    def has_topic(self, one: DocumentSummary) -> bool:
        return not self._topic or any(self._topic in topic.casefold().replace(" ", "-") for topic in one.topics)


def _is_known(one: DocumentSummary, as_of: dt.date | None) -> bool:
    return as_of is None or (one.date is not None and one.date <= as_of)


def _in_language(ids: list[str], documents: dict[str, DocumentSummary], language: str) -> str | None:
    return min(ids, key=lambda one: (documents[one].language != language, one), default=None)


def _one_a_story(events: list[tuple[Event, DocumentSummary]]) -> Iterator[tuple[Event, DocumentSummary]]:
    """Without the near-duplicates of what came before."""
    told: set[str] = set()
    for event, one in events:
        if one.story is None or one.story not in told:
            yield event, one
        told.add(one.story or "")


def _days_of(line: Line) -> Iterator[dt.date]:
    length = min((line.last - line.first).days, 31)
    return (line.first + dt.timedelta(days=day) for day in range(length + 1))
