"""A timeline as an answer: dated lines in order, each with its citation."""

import datetime as dt
from collections.abc import Iterable, Sequence

from index.text.dates import month_name, spell_date
from index.types import REFERENCE_KINDS
from rag.answering.evidence import Evidence
from rag.answering.extractive import Draft, evidence_of, without_marks
from rag.grounding import support
from rag.reading.timeline import Line, TimelineEntry
from rag.time.fit import TimeFrame
from rag.types import AnswerSentence, Citation

MOST_LINES = 12
AROUND = dt.timedelta(days=7)
LOWEST_SCORE = 3.0  # of evidence: an answer fills up with weaker sentences, a timeline does not


def nearest_lines(lines: Sequence[Line], evidence: Sequence[Evidence]) -> list[Line]:
    """The lines that the best evidence stands for, in order of time, at most MOST_LINES.

    A sentence stands for the line that shows it, else for the event that its document reports.
    """
    sentences = {(line.document.id, line.told.span.end): line for line in lines if line.told}
    events = {line.document.id: line for line in lines if line.told is None}
    chosen: dict[tuple, Line] = {}
    for one in evidence:
        if one.score < LOWEST_SCORE or len(chosen) == MOST_LINES:
            break
        document = one.sentence.passage.document
        line = sentences.get((document.id, one.sentence.span.end))
        if line is None and document.kind not in REFERENCE_KINDS:
            line = events.get(document.id)
        if line:
            chosen.setdefault(line.order, line)
    return sorted(chosen.values(), key=lambda line: line.order)


def around_events(lines: Sequence[Line]) -> list[Line]:
    """The events, and the sentences that tell of the days around them."""
    days = [line.first for line in lines if line.told is None]
    return [line for line in lines if any(abs(line.first - day) <= AROUND for day in days)]


def within(frame: TimeFrame, lines: Iterable[Line]) -> list[Line]:
    """The lines of the time that the question names."""
    return [line for line in lines if all(window.meets(line.first, line.last) for window in frame.windows)]


def timeline_draft(entries: Sequence[TimelineEntry], language: str) -> Draft:
    """The entries as an answer in that language."""
    sentences, citations = [], []
    for marker, entry in enumerate(entries, start=1):
        fields = entry.model_dump(include=set(Citation.model_fields))
        citation = Citation(marker=marker, **fields)
        words = without_marks(entry.quote)
        subject = f"{entry.subject}: " if entry.subject else ""
        text = f"{spelled_days(entry, language)}: {subject}{words}"
        score = support(evidence_of(citation), f"{subject}{words}")
        sentences.append(AnswerSentence(text=text, citations=(marker,), support=score))
        citations.append(citation)
    return Draft(tuple(sentences), tuple(citations), listed=True)


def spelled_days(entry: TimelineEntry, language: str) -> str:
    """`23–24 January 2026`."""
    first, last = entry.first_day, entry.last_day
    if first == last:
        return spell_date(first, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{spell_date(last, language)}"
    if first.year == last.year:
        return f"{first.day} {month_name(first.month, language)} – {spell_date(last, language)}"
    return f"{spell_date(first, language)} – {spell_date(last, language)}"
