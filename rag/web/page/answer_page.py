"""A stored answer under its own address: as it was given, and what became of the documents since."""

from dataclasses import dataclass

from index.collection import Snapshot
from rag.records import StoredAnswer
from rag.types import Citation, NearestPassage
from rag.web.answer_view import answer_body
from rag.web.markup import escape
from rag.web.source_page import reading_page
from rag.web.strings import Strings


@dataclass(frozen=True, slots=True)
class Since:
    """What became of the documents that an answer points at: the index now, and titles of changed and removed ones."""

    version: str
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def compare(stored: StoredAnswer, snapshot: Snapshot) -> Since:
    """Whether each document still holds the words, where the answer says."""
    changed: dict[str, None] = {}
    removed: dict[str, None] = {}
    pointers: tuple[Citation | NearestPassage, ...] = (*stored.answer.citations, *stored.answer.nearest)
    for pointer in pointers:
        document = snapshot.document(pointer.document_id)
        if document is None:
            removed[pointer.title] = None
        elif document.text[pointer.start : pointer.end] != pointer.quote:
            changed[pointer.title] = None
    return Since(snapshot.version, tuple(changed), tuple(removed))


def answer_page(stored: StoredAnswer, since: Since | None, strings: Strings) -> str:
    """The page; `since` is None where the collection cannot be read now."""
    answer = stored.answer
    asked = strings("answer_page.asked", date=strings.date(stored.asked_at.date()), time=f"{stored.asked_at:%H:%M}")
    made = strings("answer_page.made_from", answerer=strings.answerer(answer.answerer), version=answer.index_version)
    notes = "".join(f"<p>{escape(line)}</p>" for line in (made, *_since(stored, since, strings)))
    body = (
        f'<article class="turn"><p class="kind">{escape(asked)}</p><h1 class="question">{escape(answer.question)}</h1>'
        f'{answer_body(answer, strings)}</article><aside class="provenance">{notes}</aside>'
        f'<p class="end"><a href="/">{escape(strings("answer_page.ask_own"))}</a></p>'
    )
    return reading_page(answer.question, body, strings, styles=("turn.css",), main_class="kept-answer")


def _since(stored: StoredAnswer, since: Since | None, strings: Strings) -> list[str]:
    if since is None:
        return [strings("answer_page.unknown")]
    if since.version == stored.answer.index_version:
        return [strings("answer_page.same_index")]
    lines = []
    if since.changed:
        lines.append(strings("answer_page.changed", titles="; ".join(since.changed)))
    if since.removed:
        lines.append(strings("answer_page.removed", titles="; ".join(since.removed)))
    whole = "index_changed" if lines or not stored.answer.citations else "quotes_hold"
    return [strings(f"answer_page.{whole}", version=since.version), *lines]
