"""The reader's features on the command line: `python -m rag timeline` and `python -m rag changes`."""

import argparse
import datetime as dt
from collections.abc import Iterator

from index.settings import Settings
from index.text.names import load_names
from rag.opening import open_collection
from rag.question import clean_question
from rag.reading.changes import ChangeFinder, Changes, Claim
from rag.reading.timeline import TimelineEntry, TimelineFilters, Timelines
from rag.reading.timeline_answer import spelled_days
from rag.reading.timeline_files import timeline_csv, timeline_ics

MOST_LINES = 5_000


def timeline(options: argparse.Namespace, settings: Settings) -> str:
    """A timeline in the form that was asked for."""
    names = load_names(settings.names)
    filters = TimelineFilters(options.person, options.place, options.topic, options.since, options.until, options.as_of)
    with open_collection(settings) as collection, collection.snapshot() as snapshot:
        built = Timelines(names).build(snapshot, filters, size=MOST_LINES)
    match options.format:
        case "json":
            return built.model_dump_json()
        case "csv":
            return timeline_csv(built.entries)
        case "ics":
            return timeline_ics(built.entries, dt.datetime.now(dt.UTC)).decode()
        case _:
            return "\n".join(line for entry in built.entries for line in _lines(entry))


def changes(options: argparse.Namespace, settings: Settings) -> str:
    """What changed, to be read or as JSON."""
    topic = clean_question(options.topic) if options.topic else ""
    with open_collection(settings) as collection, collection.snapshot() as snapshot:
        finder = ChangeFinder(collection.embedder, load_names(settings.names))
        found = finder.find(snapshot, topic, options.since, options.as_of)
    return found.model_dump_json() if options.json else "\n".join(_readable(found))


def _lines(entry: TimelineEntry) -> Iterator[str]:
    yield f"{spelled_days(entry, 'en')}: {entry.subject + ': ' if entry.subject else ''}{entry.quote}"
    yield f"    {entry.title}, {entry.publisher or 'no publisher'}, {entry.date or 'undated'}"


def _readable(changes: Changes) -> Iterator[str]:
    for change in changes.changed:
        yield from _shown("now", change.now)
        if change.before:
            yield from _shown("before", change.before)
    for claim in changes.not_found_again:
        yield from _shown("not found again", claim)
    yield f"{changes.new_count} documents are dated, or were added or changed, since {changes.since}"
    yield from (f"- {one.title} ({one.date or 'undated'})" for one in changes.new_documents)


def _shown(label: str, claim: Claim) -> Iterator[str]:
    yield f"{label}, {claim.date}: {claim.subject + ': ' if claim.subject else ''}{claim.quote}"
    yield f"    {claim.title}, {claim.publisher or 'no publisher'}"
