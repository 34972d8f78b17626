"""An answer as HTML for the page's Markdown component, which sanitises it once more in the browser.

A turn is one line of HTML: Markdown leaves such a block as it is, so that nothing in a document's text is read as
markup. The component drops `data-` and `aria-` attributes; names for screen readers are therefore hidden text.
"""

import re
from collections.abc import Sequence

from rag.types import MARKER, Answer, Citation, NearestPassage
from rag.web.markup import (
    INTERFACE_LANGUAGE,
    document_path,
    emphasise,
    escape_line,
    language_attribute,
    language_name,
    show_date,
    web_address,
)

_SPACED_MARKER = re.compile(rf"\s*{MARKER.pattern}")  # a marker belongs to the word before it, also at a line's end
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


def answer_turn(number: int, answer: Answer) -> str:
    """One finished turn: the question, the answer or the abstention, and what it rests on."""
    body = _answered(answer) if answer.status == "answered" else _abstained(answer)
    return _turn(number, answer.question, body)


def partial_turn(number: int, question: str, text: str) -> str:
    """A turn whose answer is still being written; markers are not links before the citations are known."""
    if not text:
        return _turn(number, question, '<p class="waiting">Reading the documents</p>')
    return _turn(number, question, f'<div class="answer unfinished">{_prose(text, {})}</div>')


def notice_turn(number: int, question: str, sentence: str) -> str:
    """A turn that got no answer: a question that cannot be asked, a stop, a failure."""
    return _turn(number, question, notice(sentence))


def notice(sentence: str) -> str:
    """One plain sentence set apart from answers."""
    return f'<p class="notice">{escape_line(sentence)}</p>'


def _turn(number: int, question: str, body: str) -> str:
    heading = f'<h2 class="question">{escape_line(question)}</h2>' if question.strip() else ""
    return f'<article class="turn" id="turn-{number}">{heading}{body}</article>'


def _answered(answer: Answer) -> str:
    citations = {citation.marker: citation for citation in answer.citations}
    by_document: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        by_document.setdefault(citation.document_id, []).append(citation)
    cards = "".join(_card(cited) for cited in by_document.values())
    return (
        f'<div class="answer">{_prose(answer.text, citations)}</div>'
        f'<p class="standing">{_standing(answer)}</p>'
        f'<section class="sources"><h3>Sources</h3><ol>{cards}</ol></section>'
    )


def _standing(answer: Answer) -> str:
    """How old the evidence is, against how far the collection reaches."""
    dates = [citation.date for citation in answer.citations if citation.date]
    evidence = f"Newest source {show_date(max(dates))}. " if dates else ""
    return f"{evidence}The collection ends {show_date(answer.coverage.newest)}."


def _abstained(answer: Answer) -> str:
    """The assistant's own explanation, which names the newest document, and the closest passages."""
    nearest = _nearest(answer.nearest) if answer.nearest else ""
    verdict = '<p class="verdict">No answer in the documents</p>'
    return f'<div class="abstention">{verdict}{_prose(answer.text, {})}</div>{nearest}'


def _nearest(passages: Sequence[NearestPassage]) -> str:
    cards = "".join(
        f'<li class="source"><a class="source-title" href="{escape_line(_place(passage))}" target="_blank">'
        f'{escape_line(passage.title)}</a><p class="byline">{show_date(passage.date)}</p>'
        f"<blockquote>{emphasise(escape_line(passage.quote))}</blockquote></li>"
        for passage in passages
    )
    return f'<section class="sources nearest"><h3>The closest passages</h3><ol>{cards}</ol></section>'


def _place(pointer: Citation | NearestPassage) -> str:
    return document_path(pointer.document_id, pointer.start, pointer.end)


def _prose(text: str, citations: dict[int, Citation]) -> str:
    paragraphs = (paragraph for paragraph in _PARAGRAPH_BREAK.split(text) if paragraph.strip())
    return "".join(f"<p>{_linked(emphasise(escape_line(paragraph)), citations)}</p>" for paragraph in paragraphs)


def _linked(escaped: str, citations: dict[int, Citation]) -> str:
    """Markers as links to the place in the source. Escaping leaves `[1]` as it is."""

    def link(match: re.Match[str]) -> str:
        marker = int(match.group(1))
        citation = citations.get(marker)
        if citation is None:
            return f"<sup>{marker}</sup>"
        return (
            f'<sup>&#8288;<a class="cite" href="{escape_line(_place(citation))}" target="_blank">'
            f'<span class="marker">{marker}</span>'
            f'<span class="hidden-text">, source: {escape_line(citation.title)}</span></a></sup>'
        )

    return _SPACED_MARKER.sub(link, escaped)


def _card(cited: list[Citation]) -> str:
    """One document with everything that is quoted from it."""
    first = cited[0]
    quotes = "".join(
        f'<li class="quote"><a class="number" href="{escape_line(_place(citation))}" target="_blank">'
        f'<span class="hidden-text">Quotation </span>{citation.marker}</a>'
        f"<blockquote{language_attribute(citation.language)}>{emphasise(escape_line(citation.quote))}</blockquote></li>"
        for citation in cited
    )
    return (
        f'<li class="source"><a class="source-title" href="{escape_line(_place(first))}" target="_blank">'
        f"<span{language_attribute(first.language)}>{escape_line(first.title)}</span></a>"
        f'<p class="byline">{_byline(first)}</p><ul class="quotes">{quotes}</ul></li>'
    )


def _byline(citation: Citation) -> str:
    publisher = escape_line(citation.publisher or "")
    address = web_address(citation.url)
    if publisher and address:
        publisher = f'<a href="{escape_line(address)}" target="_blank" rel="noopener noreferrer">{publisher}</a>'
    language = language_name(citation.language) if citation.language != INTERFACE_LANGUAGE else None
    parts = [publisher, show_date(citation.date), f"in {language}" if language else ""]
    return " · ".join(part for part in parts if part)
