"""The source page: a document's text with the cited words marked, and where the document comes from.

Plain HTML that needs no script: the fragment `#span` scrolls to the mark; `source.js` does so where it is missing.
"""

import re
from collections.abc import Iterator

from index.types import Document, Source, Span
from rag.web.markup import (
    document_path,
    emphasise,
    escape,
    language_attribute,
    language_name,
    show_date,
    web_address,
)

_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · Parley</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/parley/tokens.css">
<link rel="stylesheet" href="/parley/source.css">
<script src="/parley/theme.js"></script>
<script type="module" src="/parley/source.js"></script>
</head>
<body>
<header class="bar"><a href="/" target="_top">Parley</a></header>
<main>
{body}
</main>
</body>
</html>
"""

LOST_SPAN = "The passage that this link points to is not in this document; here is the whole text."


def parse_span(start: str | None, end: str | None, length: int) -> Span | None:
    """The span that a link names, or None where it doesn't lie within `length` characters."""
    try:
        span = Span(int(start or ""), int(end or ""))
    except ValueError:
        return None
    return span if 0 <= span.start < span.end <= length else None


def source_page(document: Document, span: Span | None, notice: str | None = None) -> str:
    """The page of one document, with `span` marked."""
    body = "\n".join(
        [
            "<article>",
            f'<p class="kind">{_kind(document)}</p>',
            f"<h1{language_attribute(document.language)}>{escape(document.title)}</h1>",
            f'<p class="notice" role="note">{escape(notice)}</p>' if notice else "",
            f'<div class="text"{language_attribute(document.language)}>',
            *_paragraphs(document.text, span),
            "</div>",
            "</article>",
            _sources(document.sources),
            f'<p class="end"><a href="{document_path(document.id)}">Link to this document</a></p>',
        ]
    )
    return _PAGE.format(title=escape(document.title), body=body)


def message_page(title: str, sentence: str) -> str:
    """A page that says one thing: that a document isn't there, or isn't there yet."""
    body = f'<article><h1>{escape(title)}</h1><p class="text">{escape(sentence)}</p></article>'
    return _PAGE.format(title=escape(title), body=body)


def _kind(document: Document) -> str:
    language = language_name(document.language)
    parts = [
        f'<time datetime="{document.date}">{show_date(document.date)}</time>' if document.date else "Undated",
        escape(document.kind.capitalize()),
        f"In {language}" if language else "",
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


def _sources(sources: tuple[Source, ...]) -> str:
    if not sources:
        return '<section class="sources"><h2>Sources</h2><p>The document names none.</p></section>'
    items = "\n".join(f"<li>{_source(source)}</li>" for source in sources)
    return f'<section class="sources"><h2>Compiled from</h2><ol>\n{items}\n</ol></section>'


def _source(source: Source) -> str:
    title = escape(source.title or source.publisher or source.url or "Untitled")
    address = web_address(source.url)
    if address:
        title = f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow">{title}</a>'
    byline = [escape(source.publisher)] if source.publisher and source.title else []
    byline += [show_date(source.date)] if source.date else []
    return f'{title}<span class="byline">{" · ".join(byline)}</span>'
