"""Exact words of a document as HTML, with the way to them and who published them when."""

from rag.reading.quoted import Quoted
from rag.web.markup import document_path, emphasise, escape_line, language_attribute
from rag.web.page.timeline_page import byline
from rag.web.strings import Strings


def source_words(one: Quoted, strings: Strings, before: str = "") -> str:
    """The exact words and their source; `before` is HTML."""
    language = language_attribute(one.language)
    address = escape_line(document_path(one.document_id, one.start, one.end))
    return (
        f"<blockquote{language}>{before}{emphasise(escape_line(one.quote))}</blockquote>"
        f'<p class="byline"><a class="source-title" href="{address}"{language}>{escape_line(one.title)}</a><br>'
        f"{byline(one.publisher, one.url, one.date, strings)}</p>"
    )
