"""Answers to questions that ask for more than an answer: a briefing, a timeline, or what changed since a day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.names import Names
from rag.answering.evidence import Evidence
from rag.answering.extractive import Draft
from rag.reading.briefing import Briefings
from rag.reading.briefing_answer import briefing_draft
from rag.reading.briefing_questions import brief_of
from rag.reading.changes import ChangeFinder, since_of
from rag.reading.changes_answer import changes_draft
from rag.reading.timeline import Line, TimelineFilters, Timelines
from rag.reading.timeline_answer import (
    MOST_LINES,
    around_events,
    nearest_lines,
    timeline_draft,
    within,
)
from rag.time.fit import EventIndexes, TimeFrame


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was understood: its text, the reader's language and cut-off, and the time it speaks of."""

    text: str
    language: str
    as_of: dt.date | None
    frame: TimeFrame


class Reading:
    """Makes the drafts over one embedder and one set of names."""

    def __init__(self, embedder: Embedder, names: Names, events: EventIndexes) -> None:
        self._events = events
        self._timelines = Timelines(names, events)
        self._changes = ChangeFinder(embedder, names)
        self._embedder = embedder
        self._briefings = Briefings(names, events)

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


def _most(lines: Sequence[Line]) -> list[Line]:
    """At most MOST_LINES, events before sentences, in order."""
    first = sorted(lines, key=lambda line: (line.told is not None, line.order))[:MOST_LINES]
    return sorted(first, key=lambda line: line.order)
