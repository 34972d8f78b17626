"""The quotations as HTML: a page of its own that needs no script, which the Quotes tab shows as well."""

from collections.abc import Sequence
from urllib.parse import urlencode

from rag.reading.quotation_index import QuotationFilters, QuotationPage, SpokenWords
from rag.web.markup import document_path, emphasise, escape, escape_line, language_attribute
from rag.web.page.forms import iso, offered, text_field
from rag.web.page.timeline_page import STYLES, byline
from rag.web.source_page import reading_page
from rag.web.strings import Strings


def quotations_page(
    found: QuotationPage,
    filters: QuotationFilters,
    speakers: Sequence[str],
    unreadable: tuple[str, ...],
    strings: Strings,
) -> str:
    """The whole page. `filters` are as the reader gave them, `speakers` is who can be looked for."""
    title = strings("quotes.title")
    notes = "".join(
        f'<p class="notice">{escape_line(strings("documents.date_unreadable", value=text))}</p>' for text in unreadable
    )
    body = (
        f'<h1>{escape(title)}</h1><section class="catalogue timeline">{_form(filters, speakers, strings)}'
        f'<div class="results">{notes}{_results(found, filters, strings)}</div></section>'
    )
    return reading_page(title, body, strings, styles=STYLES, main_class="wide")


def _form(filters: QuotationFilters, speakers: Sequence[str], strings: Strings) -> str:
    return (
        '<form class="filters" action="/quotes" method="get" role="search">'
        + text_field("q", strings("quotes.words"), filters.words, kind="search")
        + text_field("speaker", strings("quotes.speaker"), filters.speaker, "quotes-speakers")
        + text_field("topic", strings("documents.topic"), filters.topic)
        + text_field("from", strings("documents.from"), iso(filters.since), kind="date")
        + text_field("to", strings("documents.to"), iso(filters.until), kind="date")
        + text_field("as_of", strings("timeline.as_of"), iso(filters.as_of), kind="date")
        + f'<div class="filter-actions"><button type="submit">{escape(strings("documents.apply"))}</button>'
        + f'<a class="clear" href="/quotes">{escape(strings("documents.clear"))}</a></div>'
        + offered("quotes-speakers", speakers)
        + "</form>"
    )


def _results(found: QuotationPage, filters: QuotationFilters, strings: Strings) -> str:
    count = strings.counted("quotes.found", found.found) if found.found else strings("quotes.none")
    cut = found.coverage.as_of
    if cut:
        count += f"{'.' if found.found else ''} {strings('timeline.cut_off', date=strings.date(cut))}"
    address = f"/positions?{urlencode({'q': filters.words})}" if filters.words else "/positions"
    items = "".join(_quotation(one, strings) for one in found.quotations)
    return (
        f'<p class="beside"><a href="{escape_line(address)}">{escape(strings("quotes.positions"))}</a></p>'
        f'<p class="found" role="status">{escape(count)}</p>'
        f'<ol class="entries">{items}</ol>{_pager(found, filters, strings)}'
    )


def _quotation(one: SpokenWords, strings: Strings) -> str:
    """The words, who said them and when, and the sentence around them, which opens the source there."""
    speaker = f"<strong>{escape_line(one.speaker)}</strong>" if one.speaker else escape(strings("quotes.nobody"))
    parts = [
        speaker,
        escape(strings("quotes.second_hand")) if one.second_hand else "",
        escape(strings.date(one.said_on)) if one.said_on else "",
        escape_line(one.place or ""),
    ]
    note = f'<p class="kind">{escape(strings("quotes.by_meaning"))}</p>' if one.matches == "meaning" else ""
    language = language_attribute(one.language)
    named = f"{emphasise(escape_line(one.named_in.quote))} … " if one.named_in else ""
    address = escape_line(document_path(one.document_id, one.start, one.end))
    return (
        f'<li class="line quotation">{note}<p class="days">{" · ".join(part for part in parts if part)}</p>'
        f"<blockquote{language}>“{escape_line(one.quote)}”</blockquote>"
        f'<p class="context"{language}>{named}{emphasise(escape_line(one.context.quote))}</p>'
        f'<p class="byline"><a class="source-title" href="{address}"{language}>{escape_line(one.title)}</a><br>'
        f"{byline(one.publisher, one.url, one.date, strings)}</p></li>"
    )


def _pager(found: QuotationPage, filters: QuotationFilters, strings: Strings) -> str:
    if found.pages == 1:
        return ""

    def link(page: int, name: str, rel: str) -> str:
        if not 1 <= page <= found.pages:
            return ""
        address = escape_line(f"/quotes?{urlencode(_query(filters) | {'page': str(page)})}")
        return f'<a rel="{rel}" href="{address}">{escape(strings(f"documents.{name}"))}</a>'

    where = escape(strings("documents.page", page=found.page, pages=found.pages))
    return (
        f'<nav class="pager" aria-label="{escape(strings("documents.pages"))}">'
        f"{link(found.page - 1, 'previous', 'prev')}<span>{where}</span>{link(found.page + 1, 'next', 'next')}</nav>"
    )


def _query(filters: QuotationFilters) -> dict[str, str]:
    values = {
        "q": filters.words,
        "speaker": filters.speaker,
        "topic": filters.topic,
        "from": iso(filters.since),
        "to": iso(filters.until),
        "as_of": iso(filters.as_of),
    }
    return {name: value for name, value in values.items() if value}
