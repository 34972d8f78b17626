"""How well documents and sentences are of the time that a question speaks of."""

import datetime as dt

import numpy as np
import pytest

from index.types import Document
from rag.time.events import EventIndex
from rag.time.fit import TimeFrame, Window, recency, sentence_fit, time_frame, window_fit

REFERENCE = dt.date(2026, 6, 7)
EVENTS = EventIndex([])


def document(date: dt.date | None, kind: str = "event") -> Document:
    return Document(id=str(date), title="T", date=date, kind=kind, text="t")


MAY, JUNE, JULY = dt.date(2025, 5, 10), dt.date(2025, 6, 10), dt.date(2025, 7, 10)


def test_a_cut_off_without_another_time_asks_for_the_newest() -> None:
    assert not time_frame("Who leads the team?", REFERENCE, EVENTS).latest
    assert time_frame("Who leads the team?", MAY, EVENTS, as_of=MAY).latest
    assert not time_frame("Who led the team in March 2025?", MAY, EVENTS, as_of=MAY).latest


def test_fresh_documents_stand_out_and_old_ones_are_alike() -> None:
    dates = [dt.date(2026, 6, 1), dt.date(2026, 4, 1), dt.date(2025, 3, 1), dt.date(2025, 1, 1)]
    newest, older, old, oldest = recency(TimeFrame(latest=True), [document(date) for date in dates])
    assert newest > older > old > oldest
    assert newest - older > 10 * (old - oldest)


def test_without_a_wish_for_the_newest_nothing_is_fresh() -> None:
    assert not recency(TimeFrame(), [document(MAY), document(JULY)]).any()
    assert not recency(TimeFrame(latest=True), [document(None)]).any()


def test_of_two_periods_either_will_do() -> None:
    frame = time_frame("Was more built in May 2025 or in July 2025?", REFERENCE, EVENTS)
    assert window_fit(frame, [document(MAY), document(JUNE), document(JULY)]).tolist() == [1.0, 0.0, 1.0]


def test_both_sides_of_a_stretch_count() -> None:
    frame = TimeFrame((Window(dt.date(2025, 6, 1), None), Window(None, dt.date(2025, 6, 30))))
    assert window_fit(frame, [document(MAY), document(JUNE), document(JULY)]).tolist() == [0.5, 1.0, 0.5]


@pytest.mark.parametrize(
    ("text", "date", "kind", "fit"),
    [
        ("Rain fell.", MAY, "event", 1.0),  # the report's date
        ("Rain fell on 12 May 2025.", JULY, "event", 1.0),  # the event's
        ("Rain fell on 12 July 2025.", JULY, "event", 0.0),
        ("It had rained since April 2025.", JULY, "event", 1.0),
        ("Rain fell on 12 May 2025.", JULY, "topic", 1.0),
        ("Rain fell.", JULY, "topic", 0.5),
    ],
)
def test_a_sentence_is_of_its_reports_day_or_of_one_that_it_names(
    text: str, date: dt.date, kind: str, fit: float
) -> None:
    frame = time_frame("Where did it rain in May 2025?", REFERENCE, EVENTS)
    assert sentence_fit(frame, [(document(date, kind), text)]).tolist() == [fit]


def test_where_no_time_is_asked_about_every_sentence_fits_alike() -> None:
    assert np.array_equal(sentence_fit(TimeFrame(), [(document(MAY), "Rain.")]), [0.0])
