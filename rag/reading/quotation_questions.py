"""A question for somebody's words as a search: "what exactly did Rutte say about the ball last March?"."""

import datetime as dt
from dataclasses import replace

from index.text.lexical import content_term
from index.text.names import Names
from index.text.words import find_words
from index.types import Span
from rag.reading.attribution import SPEAKING_KINDS
from rag.reading.quotation_index import QuotationFilters
from rag.reading.words import Sentence, read_sentence, table
from rag.time.expressions import Period, find_periods


def as_filters(asked: QuotationFilters, names: Names, reference: dt.date) -> QuotationFilters:
    """The filters with what their words say of speaker and time in the fields for it, where those are empty.

    `reference` is the day on which "last March" is asked. Words that are no question for what somebody said stay.
    """
    words = asked.words
    sentence = read_sentence(words, Span(0, len(words)), names)
    taken: list[Span] = []
    found = asked
    asking = _asking(sentence)
    if asking and not asked.speaker:
        span = _speaker(sentence, names)
        if span:
            found = replace(found, speaker=words[span.start : span.end])
            taken.append(span)
    if asking:
        taken += asking
    for period in _periods(words, reference):
        if period.relation == "as_of" and asked.as_of is None:
            found = replace(found, as_of=period.end)
        elif period.relation != "as_of" and asked.since is None and asked.until is None:
            found = replace(found, since=period.start, until=period.end)
        taken.append(Span(period.span_start, period.span_end))
    return replace(found, words=_without(words, taken), meaning=words) if taken else found


def _asking(sentence: Sentence) -> list[Span]:
    """Where the words stand that ask for a quotation."""
    lists, words = table(), sentence.words
    named = {position for naming in sentence.namings for position in range(naming.first, naming.last + 1)}
    spans = []
    for position, word in enumerate(words):
        length = max(lists.asks.length(words, position), lists.verbs.length(words, position))
        if length and position not in named:
            spans.append(Span(word.start, words[position + length - 1].end))
    return spans


def _speaker(sentence: Sentence, names: Names) -> Span | None:
    """Where the first is named who is not spoken about: a person if there is one, a misspelt one too."""
    words = sentence.words
    named = [
        naming
        for naming in sentence.namings
        if names.entity(naming.entity_id).kind in SPEAKING_KINDS
        and (naming.first == 0 or words[naming.first - 1].folded not in table().about | table().places)
    ]
    people = [naming for naming in named if names.entity(naming.entity_id).kind == "person"]
    if chosen := next(iter(people or named), None):
        return Span(words[chosen.first].start, words[chosen.last].end)
    return next((Span(slip.start, slip.end) for slip in names.slips(sentence.text)), None)


def _periods(words: str, reference: dt.date) -> list[Period]:
    """The cut-off and the time that a question names; no time where it names several."""
    periods = find_periods(words, reference)
    times = [period for period in periods if period.relation != "as_of"]
    cut_offs = [period for period in periods if period.relation == "as_of"]
    return (times if len(times) == 1 else []) + cut_offs[:1]


def _without(text: str, spans: list[Span]) -> str:
    """The words outside of `spans` that say anything."""
    left = [
        text[word.start : word.end]
        for word in find_words(text)
        if not any(span.start <= word.start < span.end for span in spans) and content_term(text[word.start : word.end])
    ]
    return " ".join(left)
