"""A question for a briefing as what it is on: "please brief me on the prisoner exchanges since March"."""

import datetime as dt

from index.text.lexical import content_term
from index.text.words import find_words
from rag.reading.briefing import Brief
from rag.reading.wishes import Wish, wish_cues, words_aside
from rag.time.expressions import find_periods


def brief_of(question: str, as_of: dt.date | None, today: dt.date) -> Brief | None:
    """What is asked for; None where it names no subject. A cut-off in its words is in `as_of` already."""
    since, rest = None, question
    for period in reversed(find_periods(question, today)):
        if period.relation == "as_of" or (period.start and not period.end):
            since = since if period.relation == "as_of" else period.start
            rest = f"{rest[: period.span_start]} {rest[period.span_end :]}"
    cue = wish_cues()[Wish.BRIEFING].search(rest)
    before, after = (rest[: cue.start()], rest[cue.end() :]) if cue else ("", rest)
    topic = next((topic for topic in (_subject(after), _subject(before)) if topic), None)
    return Brief(topic, as_of, since) if topic else None


def _subject(text: str) -> str:
    """The text from its first to its last word that is part of a subject; empty where none says anything."""
    words = find_words(text)
    told = [word for word in words if text[word.start : word.end].casefold() not in words_aside()]
    if not any(content_term(text[word.start : word.end]) for word in told):
        return ""
    return " ".join(text[told[0].start : told[-1].end].split())
