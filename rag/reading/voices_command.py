"""Voices on the command line: `python -m rag quotes`, `positions`, `sourcing` and `status`."""

import argparse
import datetime as dt
from collections.abc import Iterator

from index.settings import Settings
from index.text.names import load_names
from rag.opening import open_collection
from rag.question import clean_question
from rag.reading.positions import Positions, find_positions
from rag.reading.quotation_index import QuotationFilters, QuotationIndex, QuotationPage
from rag.reading.quotation_questions import as_filters
from rag.reading.quoted import Quoted
from rag.reading.sourcing import Sourcing, find_sourcing
from rag.reading.status import StatusReport, find_status


def quotes(options: argparse.Namespace, settings: Settings) -> str:
    """The quotations that were asked for, to be read or as JSON."""
    names = load_names(settings.names)
    asked = QuotationFilters(
        words=clean_question(options.words) if options.words.strip() else "",
        speaker=options.speaker,
        topic=options.topic,
        since=options.since,
        until=options.until,
        as_of=options.as_of,
    )
    filters = as_filters(asked, names, options.as_of or dt.date.today())
    with open_collection(settings) as collection, collection.snapshot() as snapshot:
        found = QuotationIndex(names).search(snapshot, collection.embedder, filters, options.page)
    return found.model_dump_json() if options.json else "\n".join(_quotations(found))


def positions(options: argparse.Namespace, settings: Settings) -> str:
    """Who says what about the subject, to be read or as JSON."""
    names, topic = load_names(settings.names), clean_question(options.topic)
    with open_collection(settings) as collection, collection.snapshot() as snapshot:
        found = find_positions(snapshot, topic, names, collection.embedder, options.as_of)
    return found.model_dump_json() if options.json else "\n".join(_positions(found))


def sourcing(options: argparse.Namespace, settings: Settings) -> str:
    """Who says the claim, to be read or as JSON."""
    names, claim = load_names(settings.names), clean_question(options.claim)
    with open_collection(settings) as collection, collection.snapshot() as snapshot:
        found = find_sourcing(snapshot, claim, names, collection.embedder, options.as_of)
    return found.model_dump_json() if options.json else "\n".join(_reports(found))


def status(options: argparse.Namespace, settings: Settings) -> str:
    """How far the subject has got, to be read or as JSON."""
    names, topic = load_names(settings.names), clean_question(options.topic)
    with open_collection(settings) as collection, collection.snapshot() as snapshot:
        found = find_status(snapshot, topic, names, collection.embedder, options.as_of)
    return found.model_dump_json() if options.json else "\n".join(_statuses(found))


def _quotations(found: QuotationPage) -> Iterator[str]:
    if not found.quotations:
        yield "no quotation is found"
    for one in found.quotations:
        marks = " (as others report it)" if one.second_hand else ""
        marks += " (nearest in meaning; may be about something else)" if one.matches == "meaning" else ""
        where = f", {one.place}" if one.place else ""
        said = f", {one.said_on}" if one.said_on else ""
        yield f"{one.speaker or 'the text names no speaker'}{said}{where}{marks}: “{one.quote}”"
        yield from (f"    {line}" for line in (one.context.quote, _source(one)))
    if found.pages > 1:
        yield f"page {found.page} of {found.pages}"


def _positions(found: Positions) -> Iterator[str]:
    if not found.sides:
        yield "the documents have no attributed statement on this"
    for side in found.sides:
        yield f"{side.side}:"
        for one in side.positions:
            reports = f"{one.independent_sources} independent reports" if one.independent_sources > 1 else "one report"
            marks = f"{reports}{', about itself' if one.about_itself else ''}"
            yield f"  {one.speaker}{f', {one.said_on}' if one.said_on else ''} ({marks}): {one.quote}"
            yield f"      {_source(one)}"
    for disagreement in found.disagreements:
        yield f"accounts that do not agree ({disagreement.ground}):"
        for account in disagreement.accounts:
            yield f"  {account.speaker + ': ' if account.speaker else ''}{account.quote}"
            yield f"      {_source(account)}"


def _reports(found: Sourcing) -> Iterator[str]:
    if not found.reports:
        yield "no report is found that says so in these words"
        return
    single = " (a single source)" if found.single_source else ""
    publishers = f"{found.independent_publishers} publishers at most{single}"
    yield f"independent reports: {found.independent_reports}, of {publishers}"
    for one in found.reports:
        again = f", the same report as {one.same_story_as}" if one.same_story_as else ""
        itself = ", about itself" if one.about_itself else ""
        yield f"{one.speaker + ': ' if one.speaker else ''}{one.quote}"
        yield f"    {one.title}, {one.date or 'undated'}{again}{itself}"
        yield f"    {', '.join(one.publishers) or 'no publisher'}"
        yield from (f"    note: {note.replace('_', ' ')}" for note in one.notes)


def _statuses(found: StatusReport) -> Iterator[str]:
    if not found.words:
        yield "the documents have no word on how far this has got"
    for one in found.words:
        subject = f"{one.subject}: " if one.subject else ""
        yield f"{one.day or 'no day'}, {one.status} (“{one.word}”): {subject}{one.quote}"
        yield f"    {_source(one)}"


def _source(one: Quoted) -> str:
    return f"{one.title}, {one.publisher or 'no publisher'}, {one.date or 'undated'}"
