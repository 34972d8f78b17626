"""The list of documents as HTML: a page of its own that needs no script, which the Documents tab shows as well."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from index.types import DocumentSummary
from rag.web.answer_view import publisher_link
from rag.web.markup import document_path, escape, escape_line, language_attribute
from rag.web.page.catalogue import Filters, Listing, Offers
from rag.web.source_page import kind_line, reading_page
from rag.web.strings import Strings

_MOST_CHARS = 200  # of a search that is read


def read_filters(query: Mapping[str, str]) -> tuple[Filters, int, tuple[str, ...]]:
    """Filters, page and the dates that cannot be read, out of an address."""
    unreadable = []

    def day(name: str) -> dt.date | None:
        text = query.get(name, "").strip()
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            unreadable.append(text[:_MOST_CHARS])
            return None

    def words(name: str) -> str:
        return query.get(name, "")[:_MOST_CHARS].strip()

    filters = Filters(words("q"), day("from"), day("to"), words("person"), words("topic"), words("language"))
    page = query.get("page", "")
    return filters, int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1, tuple(unreadable)


def documents_page(
    listing: Listing,
    offers: Offers,
    filters: Filters,
    unreadable: tuple[str, ...],
    strings: Strings,
    *,
    managed: bool = False,
) -> str:
    """The whole page; where there is an administrator, `managed`, it leads to where documents are added and removed."""
    notes = "".join(
        f'<p class="notice">{escape_line(strings("documents.date_unreadable", value=text))}</p>' for text in unreadable
    )
    manage = f'<p class="manage"><a href="/admin">{escape(strings("documents.manage"))}</a></p>' if managed else ""
    title = strings("documents.title")
    body = (
        f'<h1>{escape(title)}</h1><section class="catalogue">{_form(filters, offers, strings)}'
        f'<div class="results">{notes}{_results(listing, filters, strings)}{manage}</div></section>'
    )
    return reading_page(title, body, strings, styles=("catalogue.css",), main_class="wide")


def _form(filters: Filters, offers: Offers, strings: Strings) -> str:
    def field(name: str, label: str, kind: str, value: str, more: str = "") -> str:
        return (
            f'<label class="field-{name}"><span>{escape(strings(f"documents.{label}"))}</span>'
            f'<input type="{kind}" name="{name}" value="{escape(value)}" autocomplete="off"{more}></label>'
        )

    def offered(name: str, values: tuple[str, ...]) -> str:
        options = "".join(f'<option value="{escape_line(value)}">' for value in values)
        return f'<datalist id="offered-{name}">{options}</datalist>'

    return (
        '<form class="filters" action="/documents" method="get" role="search">'
        + field("q", "search", "search", filters.words)
        + field("from", "from", "date", _iso(filters.since))
        + field("to", "to", "date", _iso(filters.until))
        + _languages(filters, offers, strings)
        + field("person", "person", "text", filters.person, ' list="offered-person"')
        + field("topic", "topic", "text", filters.topic, ' list="offered-topic"')
        + f'<div class="filter-actions"><button type="submit">{escape(strings("documents.apply"))}</button>'
        + f'<a class="clear" href="/documents">{escape(strings("documents.clear"))}</a></div>'
        + offered("person", tuple(offers.people))
        + offered("topic", tuple(offers.topics))
        + "</form>"
    )


def _languages(filters: Filters, offers: Offers, strings: Strings) -> str:
    def option(code: str, name: str) -> str:
        selected = " selected" if code == filters.language else ""
        return f'<option value="{escape_line(code)}"{selected}>{escape_line(name)}</option>'

    options = [option("", strings("documents.any"))]
    options += [option(code, strings.find("documents", f"named_{code}") or code) for code in offers.languages]
    return (
        f'<label class="field-language"><span>{escape(strings("documents.language"))}</span>'
        f'<select name="language">{"".join(options)}</select></label>'
    )


def _results(listing: Listing, filters: Filters, strings: Strings) -> str:
    if not listing.found:
        return f'<p class="found" role="status">{escape(strings("documents.found_none"))}</p>'
    items = "".join(_item(document, strings) for document in listing.documents)
    return (
        f'<p class="found" role="status">{escape(strings.documents(listing.found))}</p>'
        f'<ol class="entries">{items}</ol>{_pager(listing, filters, strings)}'
    )


def _item(document: DocumentSummary, strings: Strings) -> str:
    line = kind_line(document.date, document.kind, document.language, strings)
    sources = ", ".join(
        shown for source in document.sources if (shown := publisher_link(source.publisher or source.title, source.url))
    )
    below = f'<p class="entry-sources">{escape(strings("documents.sources"))} {sources}</p>' if sources else ""
    below += _replaced(document, strings)
    return (
        f'<li class="entry"><p class="kind">{line}</p>'
        f'<a class="source-title" href="{escape_line(document_path(document.id))}"'
        f"{language_attribute(document.language)}>{escape_line(document.title)}</a>{below}</li>"
    )


def _replaced(document: DocumentSummary, strings: Strings) -> str:
    if not document.superseded_by:
        return ""
    address = escape_line(document_path(document.superseded_by))
    return f'<p class="entry-sources"><a href="{address}">{escape(strings("documents.replaced"))}</a></p>'


def _pager(listing: Listing, filters: Filters, strings: Strings) -> str:
    if listing.pages == 1:
        return ""

    def link(page: int, name: str, rel: str) -> str:
        if not 1 <= page <= listing.pages:
            return ""
        address = escape_line(f"/documents?{urlencode(_query(filters) | {'page': page})}")
        return f'<a rel="{rel}" href="{address}">{escape(strings(f"documents.{name}"))}</a>'

    where = escape(strings("documents.page", page=listing.page, pages=listing.pages))
    return (
        f'<nav class="pager" aria-label="{escape(strings("documents.pages"))}">'
        f"{link(listing.page - 1, 'previous', 'prev')}<span>{where}</span>"
        f"{link(listing.page + 1, 'next', 'next')}</nav>"
    )


def _query(filters: Filters) -> dict[str, str | int]:
    values = {
        "q": filters.words,
        "from": _iso(filters.since),
        "to": _iso(filters.until),
        "person": filters.person,
        "topic": filters.topic,
        "language": filters.language,
    }
    return {name: value for name, value in values.items() if value}


def _iso(date: dt.date | None) -> str:
    return date.isoformat() if date else ""
