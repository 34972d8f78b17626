"""The timeline as HTML: a page of its own that needs no script, which the Timeline tab shows as well.

A list and a small SVG of our own, no plotting library: those that Gradio shows are megabytes of script, Vega needs
`unsafe-eval`, and no reader of a screen or a phone could use what they draw.
"""

import calendar
import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from rag.reading.timeline import Timeline, TimelineEntry, TimelineFilters
from rag.reading.timeline_answer import spelled_days
from rag.web.answer_view import publisher_link
from rag.web.markup import document_path, emphasise, escape, escape_line, language_attribute
from rag.web.page.catalogue import Offers
from rag.web.page.forms import iso, offered, text_field
from rag.web.source_page import reading_page
from rag.web.strings import Strings

STYLES = ("catalogue.css", "timeline.css")
_BAR, _GAP, _HEIGHT, _FOOT = 18, 4, 60, 14  # of the months, in units of the SVG


def timeline_page(
    timeline: Timeline, filters: TimelineFilters, offers: Offers, unreadable: tuple[str, ...], strings: Strings
) -> str:
    """The whole page."""
    title = strings("timeline.title")
    notes = "".join(
        f'<p class="notice">{escape_line(strings("documents.date_unreadable", value=text))}</p>' for text in unreadable
    )
    body = (
        f'<h1>{escape(title)}</h1><section class="catalogue timeline">{_form(filters, offers, strings)}'
        f'<div class="results">{notes}{_results(timeline, filters, strings)}</div></section>'
    )
    return reading_page(title, body, strings, styles=STYLES, main_class="wide")


def query_of(filters: TimelineFilters) -> dict[str, str]:
    """The filters as an address has them."""
    values = {
        "person": filters.person,
        "place": filters.place,
        "topic": filters.topic,
        "from": iso(filters.since),
        "to": iso(filters.until),
        "as_of": iso(filters.as_of),
    }
    return {name: value for name, value in values.items() if value}


def _form(filters: TimelineFilters, offers: Offers, strings: Strings) -> str:
    return (
        '<form class="filters" action="/timeline" method="get" role="search">'
        + text_field("person", strings("documents.person"), filters.person, "timeline-people")
        + text_field("place", strings("timeline.place"), filters.place, "timeline-places")
        + text_field("topic", strings("documents.topic"), filters.topic, "timeline-topics")
        + text_field("from", strings("documents.from"), iso(filters.since), kind="date")
        + text_field("to", strings("documents.to"), iso(filters.until), kind="date")
        + text_field("as_of", strings("timeline.as_of"), iso(filters.as_of), kind="date")
        + f'<div class="filter-actions"><button type="submit">{escape(strings("documents.apply"))}</button>'
        + f'<a class="clear" href="/timeline">{escape(strings("documents.clear"))}</a></div>'
        + offered("timeline-people", offers.people)
        + offered("timeline-places", offers.places)
        + offered("timeline-topics", offers.topics)
        + "</form>"
    )


def _results(timeline: Timeline, filters: TimelineFilters, strings: Strings) -> str:
    found = strings.lines(timeline.found) if timeline.found else strings("timeline.none")
    cut = timeline.coverage.as_of
    notes = [strings("timeline.cut_off", date=strings.date(cut))] if cut else []
    notes += [strings("timeline.unread", count=timeline.unread)] if timeline.unread else []
    lines = "".join(_line(entry, strings) for entry in timeline.entries)
    return (
        f"{_beside(filters, strings)}{_months(timeline, filters, strings)}"
        f'<p class="found" role="status">{escape(" ".join([found + ("." if notes else ""), *notes]))}</p>'
        f'<ol class="entries">{lines}</ol>{_pager(timeline, filters, strings)}'
    )


def _beside(filters: TimelineFilters, strings: Strings) -> str:
    """Where else it goes: files of the same lines, and what changed."""
    query = f"?{escape_line(urlencode(query_of(filters)))}" if query_of(filters) else ""
    files = " · ".join(
        f'<a href="/api/timeline{ending}{query}" download="timeline{ending or ".json"}">{name}</a>'
        for name, ending in (("CSV", ".csv"), ("JSON", ""), ("ICS", ".ics"))
    )
    visited = escape_line(strings("timeline.since_visit"))
    return (
        f'<p class="beside"><span>{escape(strings("timeline.save_as"))} {files}</span>'
        f'<a class="what-changed" href="/changes" data-visited="{visited}">'
        f"{escape(strings('timeline.what_changed'))}</a></p>"
    )


def _months(timeline: Timeline, filters: TimelineFilters, strings: Strings) -> str:
    """How many lines each month has, as bars that lead to the month."""
    if len(timeline.months) < 2:
        return ""
    months = _without_gaps(timeline.months)
    most = max(timeline.months.values())
    width = len(months) * (_BAR + _GAP)
    bars = "".join(
        _bar(index, month, timeline.months.get(month, 0), most, filters, strings) for index, month in enumerate(months)
    )
    return (
        f'<nav class="months" aria-label="{escape(strings("timeline.months"))}">'
        f'<svg viewBox="0 0 {width} {_HEIGHT + _FOOT}" role="list">{bars}</svg></nav>'
    )


def _bar(index: int, month: str, count: int, most: int, filters: TimelineFilters, strings: Strings) -> str:
    left = index * (_BAR + _GAP)
    year = f'<text x="{left}" y="{_HEIGHT + _FOOT - 3}">{month[:4]}</text>' if month[5:] == "01" or not index else ""
    if not count:
        return year
    first = dt.date.fromisoformat(f"{month}-01")
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    query = escape_line(urlencode(query_of(filters) | {"from": iso(first), "to": iso(last)}))
    height = max(3, round(_HEIGHT * count / most))
    name = escape(f"{strings('collection.months').split()[first.month - 1]} {first.year}: {strings.lines(count)}")
    return (
        f'<a href="/timeline?{query}" role="listitem" aria-label="{name}"><title>{name}</title>'
        f'<rect x="{left}" y="{_HEIGHT - height}" width="{_BAR}" height="{height}"/></a>{year}'
    )


def _without_gaps(months: Mapping[str, int]) -> list[str]:
    """All months from the first to the last; only those with lines where there would be too many."""
    first, last = min(months), max(months)
    numbers = range(_number(first), _number(last) + 1)
    return [f"{n // 12}-{n % 12 + 1:02}" for n in numbers] if len(numbers) <= 60 else sorted(months)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _line(entry: TimelineEntry, strings: Strings) -> str:
    address = escape_line(document_path(entry.document_id, entry.start, entry.end))
    days = escape_line(spelled_days(entry, strings.language))
    subject = f"{escape_line(entry.subject)}: " if entry.subject else ""
    title = entry.title if entry.kind == "event" else strings("timeline.told_in", title=entry.title)
    quote = emphasise(escape_line(entry.quote))
    return (
        f'<li class="line {entry.kind}"><p class="days"><time datetime="{entry.first_day}">{days}</time></p>'
        f'<a class="source-title" href="{address}"{language_attribute(entry.language)}>{escape_line(title)}</a>'
        f"<blockquote{language_attribute(entry.language)}>{subject}{quote}</blockquote>"
        f'<p class="byline">{byline(entry.publisher, entry.url, entry.date, strings)}</p></li>'
    )


def byline(publisher: str | None, url: str | None, date: dt.date | None, strings: Strings) -> str:
    """Who published it and when, as HTML."""
    return " · ".join(part for part in (publisher_link(publisher, url), escape(strings.date(date))) if part)


def _pager(timeline: Timeline, filters: TimelineFilters, strings: Strings) -> str:
    if timeline.pages == 1:
        return ""

    def link(page: int, name: str, rel: str) -> str:
        if not 1 <= page <= timeline.pages:
            return ""
        address = escape_line(f"/timeline?{urlencode(query_of(filters) | {'page': str(page)})}")
        return f'<a rel="{rel}" href="{address}">{escape(strings(f"documents.{name}"))}</a>'

    where = escape(strings("documents.page", page=timeline.page, pages=timeline.pages))
    return (
        f'<nav class="pager" aria-label="{escape(strings("documents.pages"))}">'
        f"{link(timeline.page - 1, 'previous', 'prev')}<span>{where}</span>"
        f"{link(timeline.page + 1, 'next', 'next')}</nav>"
    )
