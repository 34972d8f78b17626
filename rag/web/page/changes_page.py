"""What changed since a day, as a page of its own: claims beside each other, and the documents that are new."""

import datetime as dt
from collections.abc import Sequence

from index.types import DocumentSummary
from rag.reading.changes import Changes, Claim
from rag.web.markup import document_path, emphasise, escape, escape_line, language_attribute
from rag.web.page.forms import iso, text_field
from rag.web.page.timeline_page import STYLES, byline
from rag.web.source_page import kind_line, reading_page
from rag.web.strings import Strings


def changes_page(
    topic: str,
    since: dt.date | None,
    as_of: dt.date | None,
    changes: Changes | None,
    unreadable: tuple[str, ...],
    strings: Strings,
) -> str:
    """The form, and below it what was found; `changes` is None before a day was chosen."""
    title = strings("changes.title")
    notes = "".join(
        f'<p class="notice">{escape_line(strings("documents.date_unreadable", value=text))}</p>' for text in unreadable
    )
    found = _results(changes, strings) if changes else f'<p class="found">{escape(strings("changes.hint"))}</p>'
    body = (
        f'<h1>{escape(title)}</h1><section class="catalogue timeline">{_form(topic, since, as_of, strings)}'
        f'<div class="results">{notes}{found}</div></section>'
    )
    return reading_page(title, body, strings, styles=STYLES, main_class="wide")


def _form(topic: str, since: dt.date | None, as_of: dt.date | None, strings: Strings) -> str:
    return (
        '<form class="filters" action="/changes" method="get" role="search">'
        + text_field("q", strings("changes.topic"), topic)
        + text_field("since", strings("changes.since"), iso(since), kind="date")
        + text_field("as_of", strings("timeline.as_of"), iso(as_of), kind="date")
        + f'<div class="filter-actions"><button type="submit">{escape(strings("changes.show"))}</button></div></form>'
    )


def _results(changes: Changes, strings: Strings) -> str:
    cut = changes.coverage.as_of
    parts = [f'<p class="found">{escape(strings("timeline.cut_off", date=strings.date(cut)))}</p>'] if cut else []
    pairs = "".join(
        f'<li class="pair"><div><h3>{escape(strings("changes.now"))}</h3>{_claim(change.now, strings)}</div>'
        f"<div><h3>{escape(strings('changes.before'))}</h3>{_earlier(change.before, strings)}</div></li>"
        for change in changes.changed
    )
    if pairs:
        parts.append(f'<ol class="pairs">{pairs}</ol>')
    elif changes.topic:
        parts.append(f'<p class="found">{escape(strings("changes.none"))}</p>')
    if changes.not_found_again:
        gone = "".join(f'<li class="pair"><div>{_claim(one, strings)}</div></li>' for one in changes.not_found_again)
        parts.append(f'<h2>{escape(strings("changes.gone"))}</h2><ul class="gone">{gone}</ul>')
    return "".join(parts) + _new_documents(changes.new_documents, changes.new_count, strings)


def _new_documents(documents: Sequence[DocumentSummary], count: int, strings: Strings) -> str:
    if not documents:
        return ""
    items = "".join(
        f'<li class="entry"><p class="kind">{kind_line(one.date, one.kind, one.language, strings)}</p>'
        f'<a class="source-title" href="{escape_line(document_path(one.id))}"{language_attribute(one.language)}>'
        f"{escape_line(one.title)}</a></li>"
        for one in documents
    )
    left = count - len(documents)
    more = f'<p class="found">{escape(strings("changes.more", count=left))}</p>' if left else ""
    heading = f"{escape(strings('changes.new_documents'))}: {escape(strings.documents(count))}"
    return f'<h2>{heading}</h2><ol class="entries">{items}</ol>{more}'


def _earlier(claim: Claim | None, strings: Strings) -> str:
    return _claim(claim, strings) if claim else f'<p class="byline">{escape(strings("changes.nothing_before"))}</p>'


def _claim(claim: Claim, strings: Strings) -> str:
    address = escape_line(document_path(claim.document_id, claim.start, claim.end))
    subject = f"{escape_line(claim.subject)}: " if claim.subject else ""
    return (
        f"<blockquote{language_attribute(claim.language)}>{subject}{emphasise(escape_line(claim.quote))}</blockquote>"
        f'<p class="byline"><a class="source-title" href="{address}">{escape_line(claim.title)}</a><br>'
        f"{byline(claim.publisher, claim.url, claim.date, strings)}</p>"
    )
