"""The source page: a document's text with the cited words marked, and where the document comes from.

Plain HTML that needs no script: the fragment `#span` scrolls to the mark; `source.js` does so where it is missing.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from index.types import Document, Source, Span
from rag.web.markup import (
    document_path,
    emphasise,
    escape,
    language_attribute,
    web_address,
)
from rag.web.strings import Strings

_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · Parley</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/parley/tokens.css">
<link rel="stylesheet" href="/parley/source.css">
{styles}<script src="/parley/theme.js"></script>
<script type="module" src="/parley/source.js"></script>
</head>
<body>
<header class="bar"><a href="/" target="_top">Parley</a></header>
<main class="{main_class}">
{body}
</main>
</body>
</html>
"""


def parse_span(start: str | None, end: str | None, length: int) -> Span | None:
    """The span that a link names, or None where it doesn't lie within `length` characters."""
    try:
        span = Span(int(start or ""), int(end or ""))
    except ValueError:
        return None
    return span if 0 <= span.start < span.end <= length else None


def source_page(
    document: Document, span: Span | None, strings: Strings, *, lost: bool = False, notes: Sequence[str] = ()
) -> str:
    """The page of one document, with `span` marked; `lost` says that the link's span is not in it.

    `notes` are what `rag.reading.sourcing.document_notes` has to say of its sources.
    """
    notice = f'<p class="notice" role="note">{escape(strings("source_page.lost_span"))}</p>' if lost else ""
    body = "\n".join(
        [
            "<article>",
            f'<p class="kind">{kind_line(document.date, document.kind, document.language, strings)}</p>',
            f"<h1{language_attribute(document.language)}>{escape(document.title)}</h1>",
            notice,
            f'<div class="text"{language_attribute(document.language)}>',
            *_paragraphs(document.text, span),
            "</div>",
            "</article>",
            _sources(document.sources, strings),
            _notes(notes, strings),
            f'<p class="end"><a href="{document_path(document.id)}">{escape(strings("source_page.link_here"))}</a></p>',
        ]
    )
    return reading_page(document.title, body, strings)


def reading_page(title: str, body: str, strings: Strings, *, styles: Sequence[str] = (), main_class: str = "") -> str:
    """A page of our own around `body`, which is HTML; `styles` are further files of `static/`."""
    links = "".join(f'<link rel="stylesheet" href="/parley/{style}">\n' for style in styles)
    return _PAGE.format(
        language=strings.language, title=escape(title), body=body, styles=links, main_class=escape(main_class)
    )


def message_page(title: str, sentence: str) -> str:
    """A page that says one thing: that a document isn't there, or isn't there yet."""
    body = f'<article><h1>{escape(title)}</h1><p class="text">{escape(sentence)}</p></article>'
    return reading_page(title, body, Strings("en"))


def kind_line(date: dt.date | None, kind: str, language: str, strings: Strings) -> str:
    """When a document is from, what it is and in which language, as HTML."""
    shown = escape(strings.date(date))
    parts = [
        f'<time datetime="{date}">{shown}</time>' if date else shown.capitalize(),
        escape(strings.find("source_page", f"kind_{kind}") or kind.capitalize()),
        escape(strings.find("turn", f"in_{language}") or ""),
    ]
    return " · ".join(part for part in parts if part)


def _paragraphs(text: str, span: Span | None) -> Iterator[str]:
    """The text as paragraphs; the offsets of `span` count in `text`, whatever the paragraphs leave out."""
    first = True
    start = 0
    for end, following in [*((gap.start(), gap.end()) for gap in _PARAGRAPH_BREAK.finditer(text)), (len(text), 0)]:
        low, high = (max(span.start, start), min(span.end, end)) if span else (0, 0)
        if span and low < high:
            mark_id = ' id="span"' if first else ""
            first = False
            marked = f"<mark{mark_id}>{_readable(text[low:high])}</mark>"
            yield f"<p>{_readable(text[start:low])}{marked}{_readable(text[high:end])}</p>"
        elif text[start:end].strip():
            yield f"<p>{_readable(text[start:end])}</p>"
        start = following


def _readable(text: str) -> str:
    return emphasise(escape(text))


def _sources(sources: tuple[Source, ...], strings: Strings) -> str:
    if not sources:
        heading, none = escape(strings("turn.sources")), escape(strings("source_page.no_sources"))
        return f'<section class="sources"><h2>{heading}</h2><p>{none}</p></section>'
    items = "\n".join(f"<li>{_source(source, strings)}</li>" for source in sources)
    heading = escape(strings("source_page.compiled_from"))
    return f'<section class="sources"><h2>{heading}</h2><ol>\n{items}\n</ol></section>'


def _notes(notes: Sequence[str], strings: Strings) -> str:
    if not notes:
        return ""
    return f'<p class="byline">{escape("; ".join(strings(f"claims.{note}") for note in notes))}</p>'


def _source(source: Source, strings: Strings) -> str:
    title = escape(source.title or source.publisher or source.url or strings("source_page.untitled"))
    address = web_address(source.url)
    if address:
        title = f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow">{title}</a>'
    byline = [escape(source.publisher)] if source.publisher and source.title else []
    byline += [escape(strings.date(source.date))] if source.date else []
    return f'{title}<span class="byline">{" · ".join(byline)}</span>'
