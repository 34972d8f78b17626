"""The briefing as HTML: a page of its own that needs no script, which the Briefing tab shows as well, and prints."""

import datetime as dt
from urllib.parse import urlencode

from rag.reading.briefing import BriefedDocument, Briefing
from rag.reading.quoted import Quoted
from rag.web.markup import document_path, emphasise, escape, escape_line, language_attribute, web_address
from rag.web.page.briefing_layout import Item, Part, Said, Section, opening_lines, sections
from rag.web.page.forms import iso, text_field
from rag.web.page.timeline_page import STYLES
from rag.web.source_page import reading_page
from rag.web.strings import Strings


class Places:
    """Where the links of a briefing lead: to the document at the words, or, with no server, to the list of sources."""

    def __init__(self, briefing: Briefing, server: str | None = "") -> None:
        """`server` is "" for links within one site, None for a file on its own."""
        self._server = server
        self._markers = {(one.document_id, one.start, one.end): one.marker for one in briefing.citations}

    def marker(self, one: Quoted) -> int:
        return self._markers[one.document_id, one.start, one.end]

    def of(self, one: Quoted) -> str:
        if self._server is None:
            return f"#source-{self.marker(one)}"
        return f"{self._server}{document_path(one.document_id, one.start, one.end)}"

    def of_document(self, document_id: str) -> str | None:
        return None if self._server is None else f"{self._server}{document_path(document_id)}"


def briefing_page(
    topic: str,
    since: dt.date | None,
    as_of: dt.date | None,
    briefing: Briefing | None,
    unreadable: tuple[str, ...],
    strings: Strings,
) -> str:
    """The form, and below it the briefing; None before a subject was named."""
    notes = "".join(
        f'<p class="notice">{escape_line(strings("documents.date_unreadable", value=text))}</p>' for text in unreadable
    )
    if briefing:
        title = strings("briefing.of", topic=briefing.topic)
        shown = _beside(topic, since, as_of, strings) + briefing_body(briefing, strings, Places(briefing))
    else:
        title = strings("briefing.title")
        shown = f'<p class="found" role="status">{escape(strings("briefing.hint"))}</p>'
    body = (
        f'<section class="catalogue timeline">{_form(topic, since, as_of, strings)}'
        f'<div class="results">{notes}{shown}</div></section>'
    )
    return reading_page(title, body, strings, styles=(*STYLES, "briefing.css"), main_class="wide")


def address_of(topic: str, since: dt.date | None = None, as_of: dt.date | None = None) -> str:
    """The page of a briefing, on this server."""
    return f"/briefing?{urlencode(_query(topic, since, as_of))}"


def briefing_body(briefing: Briefing, strings: Strings, places: Places) -> str:
    """The briefing itself, as HTML."""
    first, *more = opening_lines(briefing, strings)
    lines = f'<p class="found" role="status">{escape_line(first)}</p>'
    lines += f'<p class="found">{escape_line(" ".join(more))}</p>' if more else ""
    body = "".join(_section(section, strings, places) for section in sections(briefing, strings))
    return (
        f'<article class="briefing timeline"><h1>{escape_line(strings("briefing.of", topic=briefing.topic))}</h1>'
        f"{lines}{body}{_sources(briefing, strings, places)}"
        f'<p class="byline">{escape(strings("briefing.version", version=briefing.index_version))}</p></article>'
    )


def _query(topic: str, since: dt.date | None, as_of: dt.date | None) -> dict[str, str]:
    values = {"topic": topic, "since": iso(since), "as_of": iso(as_of)}
    return {name: value for name, value in values.items() if value}


def _form(topic: str, since: dt.date | None, as_of: dt.date | None, strings: Strings) -> str:
    return (
        '<form class="filters unhurried" action="/briefing" method="get" role="search">'
        + text_field("topic", strings("briefing.topic"), topic, kind="search")
        + text_field("since", strings("briefing.since"), iso(since), kind="date")
        + text_field("as_of", strings("timeline.as_of"), iso(as_of), kind="date")
        + f'<div class="filter-actions"><button type="submit">{escape(strings("briefing.write"))}</button></div></form>'
    )


def _beside(topic: str, since: dt.date | None, as_of: dt.date | None, strings: Strings) -> str:
    """The same as files, and on paper."""
    files = []
    for name, form, ending in (("Markdown", "markdown", "md"), ("HTML", "html", "html"), ("JSON", "json", "json")):
        query = urlencode(_query(topic, since, as_of) | {"format": form, "language": strings.language})
        files.append(f'<a href="/api/briefing?{escape_line(query)}" download="briefing.{ending}">{name}</a>')
    paper = escape_line(f"{address_of(topic, since, as_of)}#print")
    return (
        f'<p class="beside"><span>{escape(strings("timeline.save_as"))} {" · ".join(files)}</span>'
        f'<a class="print" href="{paper}" target="_blank">{escape(strings("briefing.print"))}</a></p>'
    )


def _section(section: Section, strings: Strings, places: Places) -> str:
    parts = "".join(_part(part, places, strings) for part in section.parts)
    shown = parts or f'<p class="found">{escape(section.nothing)}</p>'
    return f'<section class="side {section.name}"><h2>{escape(section.heading)}</h2>{shown}</section>'


def _part(part: Part, places: Places, strings: Strings) -> str:
    heading = f"<h3>{escape(part.heading)}</h3>" if part.heading else ""
    items = "".join(_item(item, places, strings) for item in part.items)
    return f'{heading}<ol class="entries">{items}</ol>'


def _item(item: Item, places: Places, strings: Strings) -> str:
    said = "".join(_said(one, places, strings) for one in item.said)
    pair = ' class="pair"' if len(item.said) == 2 else ""
    marks = escape_line(" · ".join(item.marks))
    return f'<li class="line"><p class="days">{marks}</p><div{pair}>{said}</div></li>'


def _said(said: Said, places: Places, strings: Strings) -> str:
    one = said.words
    language = language_attribute(one.language)
    label = f"<h4>{escape_line(said.label)}</h4>" if said.label else ""
    named = f"{_quoted(said.named_in, places)} … " if said.named_in else ""
    front = f"{escape_line(said.front)}: " if said.front else ""
    source = " · ".join(part for part in (escape_line(one.publisher or ""), escape(strings.date(one.date))) if part)
    return (
        f"<div>{label}<blockquote{language}>{front}{named}{_quoted(one, places)}</blockquote>"
        f'<p class="byline"><a class="source-title" href="{escape_line(places.of(one))}"{language}>'
        f"{escape_line(one.title)}</a> {source}</p></div>"
    )


def _quoted(one: Quoted, places: Places) -> str:
    return (
        f"<q>{emphasise(escape_line(one.quote))}</q>&nbsp;"
        f'<a class="source-title mark" href="{escape_line(places.of(one))}">[{places.marker(one)}]</a>'
    )


def _sources(briefing: Briefing, strings: Strings, places: Places) -> str:
    spans = {one.marker: f"{one.start}–{one.end}" for one in briefing.citations}
    items = "".join(_source(one, spans, strings, places) for one in briefing.sources)
    shown = f'<ol class="entries">{items}</ol>' if items else f"<p>{escape(strings('briefing.sources_none'))}</p>"
    return f'<section class="side cited"><h2>{escape(strings("briefing.sources"))}</h2>{shown}</section>'


def _source(one: BriefedDocument, spans: dict[int, str], strings: Strings, places: Places) -> str:
    address = places.of_document(one.document_id)
    title = escape_line(one.title)
    language = language_attribute(one.language)
    if address:
        title = f'<a class="source-title" href="{escape_line(address)}"{language}>{title}</a>'
    else:
        title = f"<strong{language}>{title}</strong>"
    anchors = "".join(f'<span id="source-{marker}">[{marker}]</span> ' for marker in one.markers)
    where = strings(
        "briefing.place",
        id=one.document_id,
        spans=", ".join(f"[{marker}] {spans[marker]}" for marker in one.markers),
    )
    publishers = escape_line(", ".join(one.publishers)) or escape(strings("briefing.no_publisher"))
    web = web_address(one.url)
    link = (
        f'<a href="{escape_line(web)}" target="_blank" rel="noopener noreferrer">{escape_line(web)}</a>' if web else ""
    )
    notes = "; ".join(strings(f"claims.{note}") for note in one.notes)
    lines = (f"{publishers} · {escape(strings.date(one.date))}", escape_line(where), link, escape(notes))
    return f'<li class="entry">{anchors}{title}<p class="byline">{"<br>".join(line for line in lines if line)}</p></li>'
