"""Which passages are of the time that a question speaks of.

A window comes from an expression of time ("in December", "last week") or from an event ("before Geneva"); a passage
fits by its document's date. "Latest" and its kin favour newer documents. Pages without an event of their own (topics,
people) neither fit nor miss a window, since their date is that of their last revision.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.collection import Snapshot
from index.text.names import Names
from index.types import REFERENCE_KINDS, Document
from rag.retrieval.zscores import standardised
from rag.time.events import EventIndex
from rag.time.expressions import Period, find_periods
from rag.time.recency import wants_latest
from rag.time.words import WAS_KNOWN


@dataclass(frozen=True, slots=True)
class Window:
    """Days, first and last included, None being open. `certainty` 0..1 is lower where words leave room for doubt."""

    start: dt.date | None
    end: dt.date | None
    certainty: float = 1.0

    @property
    def length(self) -> dt.timedelta:
        """From the first day to the last, zero for a single day; the longest there is where one of them is open."""
        return self.end - self.start if self.start and self.end else dt.timedelta.max

    @property
    def report_days(self) -> tuple[dt.date, dt.date]:
        """The first and last day of which a document may be that tells of these days; reports come some days later."""
        first = _moved(self.start, -EARLY) if self.start else dt.date.min
        return first, _moved(self.end, LATE) if self.end else dt.date.max

    def holds(self, date: dt.date) -> bool:
        """Whether a document of that date may tell of these days."""
        first, last = self.report_days
        return first <= date <= last

    def meets(self, first: dt.date | None, last: dt.date | None) -> bool:
        """Whether it shares a day with the days from `first` to `last`, None being open."""
        ends_before = self.start is not None and last is not None and last < self.start
        begins_after = self.end is not None and first is not None and first > self.end
        return not ends_before and not begins_after


EARLY = dt.timedelta(days=1)  # an announcement, or another time zone
LATE = dt.timedelta(days=3)  # a report of what happened
INFERRED_YEAR = 0.5  # certainty where the question gives no year
UNDATED_FIT = 0.5
STALE_AFTER_DAYS = 90  # by then a document is two thirds of the way to stale


@dataclass(frozen=True, slots=True)
class TimeFrame:
    """The time a question speaks of: windows, whether it wants the newest, and its own cut-off ("as of 1 March")."""

    windows: tuple[Window, ...] = ()
    latest: bool = False
    as_of: dt.date | None = None


class EventIndexes:
    """The events of the version of a collection that was asked for last; built once for each, safe to share."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: tuple[str, EventIndex] | None = None

    def of(self, snapshot: Snapshot) -> EventIndex:
        """The events of the snapshot's documents."""
        known = self._known
        if known is None or known[0] != snapshot.version:
            known = self._known = (snapshot.version, EventIndex(snapshot.documents(), self._names))
        return known[1]


def time_frame(question: str, reference: dt.date, events: EventIndex, as_of: dt.date | None = None) -> TimeFrame:
    """What `question`, asked on the day `reference`, says about time; events after the cut-off `as_of` are unknown.

    Who sets a cut-off and names no time asks how things stood then, which is what "the latest" asks.
    """
    periods = find_periods(question, reference)
    cut_offs = [period.end for period in periods if _cuts_off(period, question) and period.end]
    known_until = min([*cut_offs, *([as_of] if as_of else [])], default=None)
    windows = [
        Window(period.start, period.end, INFERRED_YEAR if period.year_inferred else 1.0)
        for period in periods
        if not _cuts_off(period, question)
    ]
    windows += [
        Window(*match.window)
        for match in events.resolve(question, reference)
        if match.relation != "during" and (known_until is None or match.date <= known_until)
    ]
    latest = wants_latest(question, reference) or (known_until is not None and not windows)
    return TimeFrame(tuple(windows), latest, min(cut_offs, default=None))


def _moved(day: dt.date, by: dt.timedelta) -> dt.date:
    """The day so much later or earlier, or the last or first day that there is."""
    try:
        return day + by
    except OverflowError:
        return dt.date.max if by > dt.timedelta(0) else dt.date.min


def _cuts_off(period: Period, question: str) -> bool:
    """Whether it says until when documents count: "as of 1 March", "what was known on 1 March"."""
    asks_what_was_known = period.relation == "during" and bool(WAS_KNOWN.search(question))
    return period.relation == "as_of" or asks_what_was_known


def window_fit(frame: TimeFrame, documents: Sequence[Document]) -> np.ndarray:
    """How far each document is of the time asked about, 0..1, `(n,)`; all zero where the question names none."""
    if not frame.windows:
        return np.zeros(len(documents))
    return np.array([_of_all(frame.windows, [_fit(window, one) for window in frame.windows]) for one in documents])


def sentence_fit(frame: TimeFrame, sentences: Sequence[tuple[Document, str]]) -> np.ndarray:
    """How far each sentence is of the time asked about, 0..1, `(n,)`; all zero where the question names none.

    A report may tell of other days than its own, and a page without an event of its own tells of many.
    """
    if not frame.windows:
        return np.zeros(len(sentences))
    return np.array([_of_all(frame.windows, _sentence_fits(frame, *sentence)) for sentence in sentences])


def recency(frame: TimeFrame, documents: Sequence[Document]) -> np.ndarray:
    """How fresh each document is, standardised, `(n,)`; all zero where the question does not ask for the newest.

    News goes stale fast and then stays stale, so that a month counts for more among new documents than among old ones.
    """
    dates = [document.date for document in documents if document.date]
    if not frame.latest or not dates:
        return np.zeros(len(documents))
    ages_days = [(max(dates) - (document.date or min(dates))).days for document in documents]
    return standardised(np.exp(-np.array(ages_days) / STALE_AFTER_DAYS))


def _of_all(windows: Sequence[Window], fits: Sequence[float]) -> float:
    """One fit from those of each window: the best of the periods, since a question may compare two; and every side
    ("after Geneva", "before Berlin") counts."""
    periods = [fit for window, fit in zip(windows, fits, strict=True) if window.start and window.end]
    sides = [fit for window, fit in zip(windows, fits, strict=True) if not (window.start and window.end)]
    return float(np.mean([*sides, *([max(periods)] if periods else [])]))


def _sentence_fits(frame: TimeFrame, document: Document, text: str) -> list[float]:
    """By the report's date or by a day that the sentence names, whichever fits better."""
    named = find_periods(text, document.date or dt.date.today())
    return [
        max(_fit(window, document), window.certainty * any(window.meets(one.start, one.end) for one in named))
        for window in frame.windows
    ]


def _fit(window: Window, document: Document) -> float:
    if document.date is None or document.kind in REFERENCE_KINDS:
        return window.certainty * UNDATED_FIT
    return window.certainty * window.holds(document.date)
