"""A timeline as a file to take along: CSV for tables, ICS (RFC 5545) for calendars."""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable

from icalendar import Calendar, Event

from rag.reading.timeline import TimelineEntry

COLUMNS = (
    "first_day", "last_day", "kind", "subject", "quote", "title", "publisher", "date", "document_id", "start", "end",
    "language", "url", "people", "places", "topics",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute what begins so


def timeline_csv(entries: Iterable[TimelineEntry]) -> str:
    """One line an entry under COLUMNS; several people, places or topics are parted by semicolons."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        row = entry.model_dump(mode="json")
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return out.getvalue()


def timeline_ics(entries: Iterable[TimelineEntry], stamped: dt.datetime) -> bytes:
    """A calendar of whole days; `stamped` is when it was made."""
    calendar = Calendar()
    calendar.add("prodid", "-//Parley//timeline//EN")
    calendar.add("version", "2.0")
    for entry in entries:
        event = Event()
        event.add("uid", _uid(entry))
        event.add("dtstamp", stamped)
        event.add("dtstart", entry.first_day)
        event.add("dtend", entry.last_day + dt.timedelta(days=1))  # the day after the last, as the format counts
        event.add("summary", entry.title if entry.kind == "event" else entry.quote)
        told = " · ".join(str(part) for part in (entry.title, entry.publisher, entry.date) if part)
        event.add("description", f"{entry.subject + ': ' if entry.subject else ''}{entry.quote}\n\n{told}")
        if entry.url:
            event.add("url", entry.url)
        calendar.add_component(event)
    return calendar.to_ical()


def _uid(entry: TimelineEntry) -> str:
    """The same for the same words on the same days, so that a calendar read again holds nothing twice."""
    place = f"{entry.document_id}\n{entry.first_day}\n{entry.quote}"
    return f"{hashlib.sha256(place.encode()).hexdigest()[:24]}@parley"


def _cell(value: object) -> str:
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
