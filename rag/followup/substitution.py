"""A fragment in place of a whole question: "And in Moscow?" asks the question before it, of another place.

The new place, person, body or date takes the place of the one that it contrasts with. Where the question before has
several of the kind, the one after the same preposition is meant; where that leaves it open, nothing is replaced.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text.names import Names
from index.text.words import fold
from index.types import Span
from rag.followup import cues
from rag.time import event_words
from rag.time.expressions import Period, find_periods

_WORD = re.compile(r"[\w’'ʼ-]+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LAST_WORD = re.compile(r"([^\W\d_]+)\s+(?:the\s+)?$")


@dataclass(frozen=True, slots=True)
class _Part:
    """What one thing in a question is, where it stands, and the word before it."""

    kind: str
    span: Span
    meaning: str
    lead: str


def substituted(fragment: str, question: str, names: Names) -> str | None:
    """`question`, with the one thing that `fragment` names in the place of its like; None where that is not clear."""
    match = cues.FRAGMENT.match(fragment)
    if match is None:
        return None
    rest = match["rest"] or match["about"]
    new = _parts(rest, names)
    if len(new) != 1 or not _nothing_else(rest, new[0].span):
        return None
    candidates = [part for part in _parts(question, names) if part.kind == new[0].kind]
    old = _contrasted(new[0], candidates)
    if old is None or old.meaning == new[0].meaning:
        return None
    surface = rest[new[0].span.start : new[0].span.end]
    if new[0].kind == "period" and not _YEAR.search(surface):
        years = _YEAR.findall(question[old.span.start : old.span.end])
        surface = " ".join([surface, *years[:1]])
    return question[: old.span.start] + surface + question[old.span.end :]


def _contrasted(new: _Part, candidates: Sequence[_Part]) -> _Part | None:
    if len({part.meaning for part in candidates}) == 1:
        return candidates[-1]
    same_lead = [part for part in candidates if new.lead and part.lead == new.lead]
    return same_lead[0] if len(same_lead) == 1 else None


def _nothing_else(text: str, span: Span) -> bool:
    """Whether all the other words of the fragment are prepositions, articles and the like."""
    words = _WORD.findall(text[: span.start] + " " + text[span.end :])
    return all(cues.FRAGMENT_FILLER.match(word) for word in words)


def _parts(text: str, names: Names) -> list[_Part]:
    """The names, dates and ordinals of a text, in order."""
    periods = [_of_period(text, period) for period in find_periods(text, dt.date.today())]
    found = list(periods)
    for mention in names.find(text):
        if not _overlaps(mention.start, mention.end, periods):
            kind = names.entity(mention.entity_id).kind
            span = Span(mention.start, mention.end)
            found.append(_Part(kind, span, mention.entity_id, _lead(text, mention.start)))
    ukrainian = bool(event_words.UKRAINIAN_LETTERS.search(text))
    for word in _WORD.finditer(text):
        ordinal = event_words.ordinal_of(fold(word.group()), ukrainian)
        if ordinal and not _overlaps(word.start(), word.end(), found):
            found.append(_Part("ordinal", Span(word.start(), word.end()), str(ordinal), ""))
    return sorted(found, key=lambda part: part.span.start)


def _of_period(text: str, period: Period) -> _Part:
    span = Span(period.span_start, period.span_end)
    return _Part("period", span, f"{period.start} {period.end}", _lead(text, period.span_start))


def _overlaps(start: int, end: int, parts: Sequence[_Part]) -> bool:
    return any(part.span.start < end and start < part.span.end for part in parts)


def _lead(text: str, start: int) -> str:
    """The word before, which tells "in Geneva" from "about Geneva"."""
    match = _LAST_WORD.search(text, 0, start)
    return fold(match[1]) if match else ""
