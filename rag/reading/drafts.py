"""Answers to questions that ask for more than an answer: a briefing, a timeline, what changed, who says what."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.lexical import tokenize
from index.text.names import Names
from rag.answering.evidence import Evidence
from rag.answering.extractive import Draft
from rag.reading.briefing import Briefings
from rag.reading.briefing_answer import briefing_draft
from rag.reading.briefing_questions import brief_of
from rag.reading.changes import ChangeFinder, since_of
from rag.reading.changes_answer import changes_draft
from rag.reading.claims_answer import sourcing_draft, status_draft, unsourced_line, whose_draft
from rag.reading.position_questions import AskedPositions, asked_positions
from rag.reading.positions import find_positions
from rag.reading.quotation_index import QuotationFilters, QuotationIndex
from rag.reading.quotation_questions import as_filters
from rag.reading.sourcing import find_sourcing
from rag.reading.status import find_status
from rag.reading.timeline import Line, TimelineFilters, Timelines
from rag.reading.timeline_answer import (
    MOST_LINES,
    around_events,
    nearest_lines,
    timeline_draft,
    within,
)
from rag.reading.voices_answer import (
    MOST_QUOTATIONS,
    disagreements_draft,
    positions_draft,
    quotations_draft,
)
from rag.reading.whose import origins_of
from rag.reading.wishes import Wish, cues_of, subject_of_wish
from rag.reading.words import MARKED
from rag.time.fit import EventIndexes, TimeFrame
from rag.types import Citation


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was understood: its text, the reader's language and cut-off, and the time it speaks of."""

    text: str
    language: str
    as_of: dt.date | None
    frame: TimeFrame


class Reading:
    """Makes the drafts over one embedder and one set of names; each is None where the question does not ask for it."""

    def __init__(self, embedder: Embedder, names: Names, events: EventIndexes) -> None:
        self._embedder = embedder
        self._names = names
        self._events = events
        self._quotations = QuotationIndex(names)
        self._timelines = Timelines(names, events)
        self._changes = ChangeFinder(embedder, names)
        self._briefings = Briefings(names, self._timelines, self._quotations)

    def draft(self, wish: Wish, snapshot: Snapshot, asked: Asked, evidence: Callable[[], Sequence[Evidence]]) -> Draft:
        """What the wish asks for; without sentences where there is none. `evidence` is the question's."""
        match wish:
            case Wish.BRIEFING:
                found = self.briefing(snapshot, asked)
            case Wish.TIMELINE:
                found = self.timeline(snapshot, asked, evidence())
            case Wish.CHANGES:
                found = self.changes(snapshot, asked)
            case Wish.STATUS:
                found = self.status(snapshot, asked)
            case Wish.SOURCING:
                found = self.sourcing(snapshot, asked)
            case Wish.QUOTES:
                found = self.quotations(snapshot, asked, evidence())
            case Wish.POSITIONS:
                found = self.positions(snapshot, asked)
            case Wish.DISAGREEMENTS:
                found = self.disagreements(snapshot, asked)
        return found or Draft((), ())

    def timeline(self, snapshot: Snapshot, asked: Asked, evidence: Sequence[Evidence]) -> Draft:
        """A timeline of the events that the question names; where it names none, of what the evidence tells."""
        today = asked.as_of or dt.date.today()
        filters = TimelineFilters(as_of=asked.as_of, language=asked.language)
        matches = self._events.of(snapshot).resolve(asked.text, today)
        named = [match.document_ids for match in matches if match.relation == "during"]
        if len(named) > 1:  # one alone is as well a subject: "prisoner exchanges"
            lines, _ = self._timelines.lines(snapshot, filters, frozenset().union(*named))
            lines = _most(around_events(within(asked.frame, lines)))
        else:
            lines, _ = self._timelines.lines(snapshot, filters)
            lines = nearest_lines(within(asked.frame, lines), evidence)
        return timeline_draft(self._timelines.read_out(snapshot, lines), asked.language)

    def briefing(self, snapshot: Snapshot, asked: Asked) -> Draft | None:
        """A briefing in short; None where the question names no subject."""
        brief = brief_of(asked.text, asked.as_of, asked.as_of or dt.date.today())
        return briefing_draft(self._briefings.write(snapshot, self._embedder, brief), asked.language) if brief else None

    def changes(self, snapshot: Snapshot, asked: Asked) -> Draft | None:
        """What changed since the day that the question names; None where it names none."""
        found = since_of(asked.text, asked.as_of or dt.date.today())
        if found is None:
            return None
        since, topic = found
        if topic:
            return changes_draft(
                self._changes.find(snapshot, topic, since, asked.as_of, asked.language), asked.language
            )
        filters = TimelineFilters(since=since, as_of=asked.as_of, language=asked.language)
        lines, _ = self._timelines.lines(snapshot, filters)
        newest = [line for line in reversed(lines) if line.told is None][:MOST_LINES]
        return timeline_draft(self._timelines.read_out(snapshot, newest), asked.language)

    def status(self, snapshot: Snapshot, asked: Asked) -> Draft | None:
        """How far the subject has got; None where it is only a place, or its status in some plan."""
        topic = subject_of_wish(asked.text, Wish.STATUS)
        if cues_of("not_status").search(asked.text):
            return None
        places = {
            f"@{one.entity_id}" for one in self._names.find(topic) if self._names.entity(one.entity_id).kind == "place"
        }
        if not set(tokenize(topic, self._names)) - places:
            return None
        found = find_status(snapshot, topic, self._names, self._embedder, asked.as_of)
        return status_draft(found, asked.language)

    def sourcing(self, snapshot: Snapshot, asked: Asked) -> Draft | None:
        """The reports of a claim; where none says it, what is said before the answer that is given then."""
        claim = subject_of_wish(asked.text, Wish.SOURCING)
        if not tokenize(claim, self._names):
            return None
        found = find_sourcing(snapshot, claim, self._names, self._embedder, asked.as_of)
        if not found.reports:
            return Draft((), (), unsourced_line(asked.language))
        return sourcing_draft(found, asked.language)

    def quotations(self, snapshot: Snapshot, asked: Asked, evidence: Sequence[Evidence]) -> Draft | None:
        """What a speaker whom the question names said on its subject; None where it names none.

        Without a quotation that has its words, the best evidence is the answer if that quotes somebody; else come the
        quotations that are nearest in meaning, which says so.
        """
        today = asked.as_of or dt.date.today()
        filters = as_filters(QuotationFilters(words=asked.text, as_of=asked.as_of), self._names, today)
        if not filters.speaker:
            return None
        found = self._quotations.search(snapshot, self._embedder, filters).quotations[:MOST_QUOTATIONS]
        said = [one for one in found if one.matches == "words"]
        if said or not (evidence and MARKED.search(evidence[0].sentence.text)):
            return quotations_draft(said or found, self._names, asked.language)
        return None

    def positions(self, snapshot: Snapshot, asked: Asked) -> Draft | None:
        """Where those whom the question asks about stand; None where it asks about no side."""
        asks = asked_positions(asked.text, self._names)
        if asks is None:
            return None
        found = find_positions(snapshot, asks.topic, self._names, self._embedder, asked.as_of)
        return positions_draft(found, asks, self._names, asked.language)

    def disagreements(self, snapshot: Snapshot, asked: Asked) -> Draft | None:
        """The accounts of the subject that do not agree."""
        topic = subject_of_wish(asked.text, Wish.DISAGREEMENTS)
        if not tokenize(topic, self._names):
            return None
        found = find_positions(snapshot, topic, self._names, self._embedder, asked.as_of)
        return disagreements_draft(found, self._names, asked.language)

    def judged(self, snapshot: Snapshot, asked: Asked) -> Draft:
        """What each side says on a matter that Parley is asked to judge."""
        found = find_positions(snapshot, asked.text, self._names, self._embedder, asked.as_of, of_a_side=1)
        found = found.model_copy(update={"disagreements": []})
        return positions_draft(found, AskedPositions(asked.text), self._names, asked.language)

    def whose(self, snapshot: Snapshot, asked: Asked, citations: Sequence[Citation]) -> Draft:
        """Who says what an answer cites."""
        known = [one for one in citations if asked.as_of is None or (one.date and one.date <= asked.as_of)]
        return whose_draft(origins_of(known, snapshot.document, self._names), self._names, asked.language)


def _most(lines: Sequence[Line]) -> list[Line]:
    """At most MOST_LINES, events before sentences, in order."""
    first = sorted(lines, key=lambda line: (line.told is not None, line.order))[:MOST_LINES]
    return sorted(first, key=lambda line: line.order)
