"""An answer as HTML, for the page's Markdown component (which sanitises it once more in the browser) and for its own
page.

A turn is one line of HTML: Markdown leaves such a block as it is, so that nothing in a document's text is read as
markup. The component drops `data-` and `aria-` attributes; names for screen readers are therefore hidden text.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from rag.types import MARKER, Answer, Citation, NearestPassage
from rag.web.markup import document_path, emphasise, escape_line, language_attribute, web_address
from rag.web.sourcing_line import sourcing_line
from rag.web.strings import Strings

_SPACED_MARKER = re.compile(rf"\s*{MARKER.pattern}")  # a marker belongs to the word before it, also at a line's end
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


def answer_turn(number: int, answer: Answer, strings: Strings) -> str:
    """One finished turn: the question, the answer or the abstention, what it rests on, and where it is kept."""
    return _turn(number, answer.question, answer_body(answer, strings) + _permalink(answer, strings))


def answer_body(answer: Answer, strings: Strings) -> str:
    """The answer or the abstention with what it rests on."""
    told = notice(answer.notice) if answer.notice else ""
    return told + (_answered(answer, strings) if answer.status == "answered" else _abstained(answer, strings))


def partial_turn(number: int, question: str, text: str, strings: Strings) -> str:
    """A turn whose answer is still being written; markers are not links before the citations are known.

    Its tags stay open: what follows is then more text at the end, and Gradio sends only that.
    """
    if not text:
        waiting = escape_line(strings("turn.waiting"))
        return f'{_opening(number, question)}<p class="waiting">{waiting}</p>'
    return (
        f'{_opening(number, question)}<div class="answer unfinished">{_prose(text, {}, strings).removesuffix("</p>")}'
    )


def pending_turn(number: int, question: str, text: str, pending: str, strings: Strings) -> str:
    """A partial turn with, set apart from the answer, the sentence that is being checked; "" while it is written."""
    begun = partial_turn(number, question, text, strings)
    closed = f"{begun}</p></div>" if text else begun
    checking = strings("turn.checking", text=pending) if pending else strings("turn.writing")
    return f'{closed}<p class="pending">{escape_line(checking)}</p>'


def notice_turn(number: int, question: str, sentence: str) -> str:
    """A turn that got no answer: a question that cannot be asked, a stop, a failure."""
    return _turn(number, question, notice(sentence))


def notice(sentence: str) -> str:
    """One plain sentence set apart from answers."""
    return f'<p class="notice">{escape_line(sentence)}</p>'


def _turn(number: int, question: str, body: str) -> str:
    return f"{_opening(number, question)}{body}</article>"


def _opening(number: int, question: str) -> str:
    heading = f'<h2 class="question">{escape_line(question)}</h2>' if question.strip() else ""
    return f'<article class="turn" id="turn-{number}">{heading}'


def _permalink(answer: Answer, strings: Strings) -> str:
    if answer.answer_id is None:
        return ""
    name = escape_line(strings("turn.permalink"))
    return f'<p class="kept"><a class="permalink" href="/answers/{quote(answer.answer_id, safe="")}">{name}</a></p>'


def _answered(answer: Answer, strings: Strings) -> str:
    citations = {citation.marker: citation for citation in answer.citations}
    by_document: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        by_document.setdefault(citation.document_id, []).append(citation)
    cards = "".join(_card(cited, strings) for cited in by_document.values())
    return (
        f'<div class="answer">{_prose(answer.text, citations, strings)}</div>{_briefing(answer, strings)}'
        f'<p class="standing">{escape_line(_standing(answer, strings))}</p>'
        f'<section class="sources"><h3>{escape_line(strings("turn.sources"))}</h3><ol>{cards}</ol></section>'
    )


def _briefing(answer: Answer, strings: Strings) -> str:
    """The way to the whole briefing, where the answer is one in short."""
    if not answer.briefing:
        return ""
    cut = {"as_of": str(answer.coverage.as_of)} if answer.coverage.as_of else {}
    address = escape_line(f"/briefing?{urlencode({'topic': answer.briefing, **cut})}")
    return f'<p><a class="whole" href="{address}" target="_blank">{escape_line(strings("briefing.whole"))}</a></p>'


def _standing(answer: Answer, strings: Strings) -> str:
    """How old the evidence is, against how far the collection reaches and where the reader cut it off."""
    dates = [citation.date for citation in answer.citations if citation.date]
    parts = [strings("turn.newest_source", date=strings.date(max(dates)))] if dates else []
    return " ".join([*parts, _extent(answer, strings)])


def _extent(answer: Answer, strings: Strings) -> str:
    if answer.coverage.as_of:
        return strings("turn.cut_off", date=strings.date(answer.coverage.as_of))
    return strings("turn.collection_ends", date=strings.date(answer.coverage.newest))


def _abstained(answer: Answer, strings: Strings) -> str:
    """The assistant's own explanation, which names the newest document, and the closest passages."""
    nearest = _nearest(answer.nearest, strings) if answer.nearest else ""
    verdict = f'<p class="verdict">{escape_line(strings("turn.no_answer"))}</p>'
    cut = f'<p class="standing">{escape_line(_extent(answer, strings))}</p>' if answer.coverage.as_of else ""
    return f'<div class="abstention">{verdict}{_prose(answer.text, {}, strings)}{cut}</div>{nearest}'


def _nearest(passages: Sequence[NearestPassage], strings: Strings) -> str:
    cards = "".join(
        f'<li class="source"><a class="source-title" href="{escape_line(_place(passage))}" target="_blank">'
        f'{escape_line(passage.title)}</a><p class="byline">{escape_line(strings.date(passage.date))}</p>'
        f"<blockquote>{emphasise(escape_line(passage.quote))}</blockquote></li>"
        for passage in passages
    )
    return f'<section class="sources nearest"><h3>{escape_line(strings("turn.nearest"))}</h3><ol>{cards}</ol></section>'


def _place(pointer: Citation | NearestPassage) -> str:
    return document_path(pointer.document_id, pointer.start, pointer.end)


def _prose(text: str, citations: dict[int, Citation], strings: Strings) -> str:
    paragraphs = (paragraph for paragraph in _PARAGRAPH_BREAK.split(text) if paragraph.strip())
    return "".join(
        f"<p>{_linked(emphasise(escape_line(paragraph)), citations, strings)}</p>" for paragraph in paragraphs
    )


def _linked(escaped: str, citations: dict[int, Citation], strings: Strings) -> str:
    """Markers as links to the place in the source. Escaping leaves `[1]` as it is."""

    def link(match: re.Match[str]) -> str:
        marker = int(match.group(1))
        citation = citations.get(marker)
        if citation is None:
            return f"<sup>{marker}</sup>"
        name = escape_line(strings("turn.marker_source", title=citation.title))
        return (
            f'<sup>&#8288;<a class="cite" href="{escape_line(_place(citation))}" target="_blank">'
            f'<span class="marker">{marker}</span><span class="hidden-text">{name}</span></a></sup>'
        )

    return _SPACED_MARKER.sub(link, escaped)


def _card(cited: list[Citation], strings: Strings) -> str:
    """One document with everything that is quoted from it."""
    first = cited[0]
    name = escape_line(strings("turn.quotation"))
    quotes = "".join(
        f'<li class="quote"><a class="number" href="{escape_line(_place(citation))}" target="_blank">'
        f'<span class="hidden-text">{name} </span>{citation.marker}</a>'
        f"<blockquote{language_attribute(citation.language)}>{emphasise(escape_line(citation.quote))}</blockquote></li>"
        for citation in cited
    )
    return (
        f'<li class="source"><a class="source-title" href="{escape_line(_place(first))}" target="_blank">'
        f"<span{language_attribute(first.language)}>{escape_line(first.title)}</span></a>"
        f'<p class="byline">{_byline(first, strings)}</p>{_sourcing(cited, strings)}'
        f'<ul class="quotes">{quotes}</ul></li>'
    )


def _sourcing(cited: list[Citation], strings: Strings) -> str:
    line = sourcing_line(cited, strings)
    return f'<p class="sourcing">{escape_line(line)}</p>' if line else ""


def _byline(citation: Citation, strings: Strings) -> str:
    publisher = publisher_link(citation.publisher, citation.url)
    foreign = citation.language != strings.language
    language = (strings.find("turn", f"in_{citation.language}") or "") if foreign else ""
    parts = [publisher, escape_line(strings.date(citation.date)), escape_line(language)]
    return " · ".join(part for part in parts if part)


def publisher_link(publisher: str | None, url: str | None) -> str:
    """A publisher's name as HTML, a link where the address may be followed; empty without a name."""
    shown = escape_line(publisher or "")
    address = web_address(url)
    if shown and address:
        return f'<a href="{escape_line(address)}" target="_blank" rel="noopener noreferrer">{shown}</a>'
    return shown
