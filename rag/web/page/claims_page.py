"""How well a claim is sourced, and how far something has got: two pages of one form and one list each."""

import datetime as dt
from collections.abc import Iterable

from rag.reading.sourcing import Report, Sourcing
from rag.reading.status import StatusReport, StatusWord
from rag.web.markup import escape, escape_line
from rag.web.page.forms import iso, text_field
from rag.web.page.spans import source_words
from rag.web.page.timeline_page import STYLES
from rag.web.source_page import reading_page
from rag.web.strings import Strings


def sourcing_page(
    claim: str, as_of: dt.date | None, found: Sourcing | None, unreadable: tuple[str, ...], strings: Strings
) -> str:
    """The form, and below it who says the claim; `found` is None before one was given."""
    if found is None:
        lines, items = [strings("claims.sourcing_hint")], []
    elif not found.reports:
        lines, items = [strings("claims.no_report")], []
    else:
        counted = strings("claims.counted", reports=found.independent_reports, publishers=found.independent_publishers)
        lines = [counted, strings("claims.single_source")] if found.single_source else [counted]
        items = [_report(one, strings) for one in found.reports]
    return _page("sourcing", claim, as_of, found, unreadable, lines, items, strings)


def status_page(
    topic: str, as_of: dt.date | None, found: StatusReport | None, unreadable: tuple[str, ...], strings: Strings
) -> str:
    """The form, and below it the words on the subject, the newest first."""
    if found is None:
        lines, items = [strings("claims.status_hint")], []
    elif not found.words:
        lines, items = [strings("claims.no_word")], []
    else:
        lines = [strings("claims.newest", date=strings.date(found.newest.day))] if found.newest else []
        items = [_word(one, strings) for one in found.words]
    return _page("status", topic, as_of, found, unreadable, lines, items, strings)


def _page(
    name: str,
    words: str,
    as_of: dt.date | None,
    found: Sourcing | StatusReport | None,
    unreadable: tuple[str, ...],
    lines: list[str],
    items: Iterable[str],
    strings: Strings,
) -> str:
    title = strings(f"claims.{name}")
    notes = "".join(
        f'<p class="notice">{escape_line(strings("documents.date_unreadable", value=text))}</p>' for text in unreadable
    )
    cut = found.coverage.as_of if found else None
    if cut:
        lines = [*lines, strings("timeline.cut_off", date=strings.date(cut))]
    label = strings("claims.claim") if name == "sourcing" else strings("positions.topic")
    form = (
        f'<form class="filters" action="/{name}" method="get" role="search">'
        + text_field("q", label, words, kind="search")
        + text_field("as_of", strings("timeline.as_of"), iso(as_of), kind="date")
        + f'<div class="filter-actions"><button type="submit">{escape(strings("positions.show"))}</button></div></form>'
    )
    body = (
        f'<h1>{escape(title)}</h1><section class="catalogue timeline">{form}<div class="results">{notes}'
        f'<p class="found" role="status">{escape(" ".join(lines))}</p><ol class="entries">{"".join(items)}</ol>'
        f"</div></section>"
    )
    return reading_page(title, body, strings, styles=STYLES, main_class="wide")


def _report(one: Report, strings: Strings) -> str:
    marks = [
        f"<strong>{escape_line(one.speaker)}</strong>" if one.speaker else "",
        escape(strings("claims.about_itself")) if one.about_itself else "",
        escape(strings("claims.same_story")) if one.same_story_as else "",
        *(escape(strings(f"claims.{note}")) for note in one.notes),
    ]
    line = " · ".join(mark for mark in marks if mark)
    publishers = f'<p class="byline">{escape_line(", ".join(one.publishers))}</p>' if len(one.publishers) > 1 else ""
    return f'<li class="line"><p class="days">{line}</p>{source_words(one, strings)}{publishers}</li>'


def _word(one: StatusWord, strings: Strings) -> str:
    day = f"{escape(strings.date(one.day))} · " if one.day else ""
    status = f"<strong>{escape(strings(f'claims.{one.status}'))}</strong> · “{escape_line(one.word)}”"
    subject = f"{escape_line(one.subject)}: " if one.subject else ""
    return f'<li class="line"><p class="days">{day}{status}</p>{source_words(one, strings, subject)}</li>'
