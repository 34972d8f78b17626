"""Days that the sentences of a document name, where that leaves no doubt about the year."""

import datetime as dt
from dataclasses import dataclass

from index.text.dates import DAY_AND_MONTH, names_date
from index.text.names import Names
from index.text.sentences import split_sentences
from index.types import REFERENCE_KINDS, Document, Span
from rag.answering.antecedent import with_antecedent
from rag.answering.evidence import says_something
from rag.time.expressions import find_periods

MOST_CHARS = 60_000  # of a document that is read
MOST_WORDS = 60  # of a sentence with what it leans on
LONGEST = dt.timedelta(days=31)
NEAR = dt.timedelta(days=100)  # a day without a year is one near to the report's own, or it is not read
_HALF_YEAR = dt.timedelta(days=183)


@dataclass(frozen=True, slots=True)
class Told:
    """Words of a document that speak of the days from `first` to `last`; `subject` is who "he" in them is."""

    first: dt.date
    last: dt.date
    span: Span
    subject: str | None


def told_days(document: Document, names: Names) -> tuple[Told, ...]:
    """For each sentence that names days, the first of them; in the order of the text.

    A sentence that cannot be understood by itself is taken with what it leans on, or left out.
    """
    found = []
    text = document.text[:MOST_CHARS]
    for span in split_sentences(text):
        sentence = text[span.start : span.end]
        if not names_date(sentence) or not says_something(sentence):
            continue
        if days := _days(sentence, document):
            shown = with_antecedent(document, span, names, MOST_WORDS)
            if shown:
                found.append(Told(*days, shown.span, shown.subject.label if shown.subject else None))
    return tuple(found)


def opening(document: Document) -> Span | None:
    """The first sentence that says something: what a report is about."""
    text = document.text[:MOST_CHARS]
    return next((s for s in split_sentences(text) if says_something(text[s.start : s.end])), None)


def _days(sentence: str, document: Document) -> tuple[dt.date, dt.date] | None:
    """The first and last day of the first expression that names a day and a month.

    Read from half a year after the report, so that a day without a year is the nearest one.
    """
    written = document.date or dt.date.today()
    for period in find_periods(sentence, written + _HALF_YEAR):
        exact = period.relation == "during" and period.start and period.end and DAY_AND_MONTH.search(period.surface)
        if not exact or period.end - period.start > LONGEST:
            continue
        near = document.kind not in REFERENCE_KINDS and document.date and abs(period.start - written) <= NEAR
        if near or not period.year_inferred:
            return period.start, period.end
    return None
