"""What is said or held by whom, sentence by sentence: statements, and where a side stands on something.

A sentence counts for whoever it lets speak outermost, and again for each who speaks in a part of its own ("...; Trump
put it at ..."). Where the text leaves it open who speaks, nothing is counted.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from index.text.names import Names
from index.types import Document, Span
from rag.reading.attribution import SPEAKING_KINDS, Attribution, Speaker, is_possessive, opening
from rag.reading.quotations import said_on
from rag.reading.sides import PARTIES, side_of
from rag.reading.speakers import Spoken, Voice
from rag.reading.words import Naming, Sentence, table


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a document that says what somebody says or holds. `side` is None for one who speaks for none.

    `about_itself` tells that a side speaks of itself and names no other.
    """

    document: Document
    span: Span
    voice: Voice
    side: str | None
    said_on: dt.date | None
    denies: bool
    about_itself: bool


def statements_at(spoken: Spoken, index: int, names: Names) -> list[Statement]:
    """What the sentence at `index` lets somebody say or hold, each voice once."""
    sentence, document = spoken.sentence(index), spoken.document
    found: dict[str, Statement] = {}
    for attribution in _outermost(sentence, spoken.attributions(index)):
        voice = spoken.voice(index, attribution.speaker)
        if voice and voice.label not in found:
            denies = _denies(sentence, attribution)
            found[voice.label] = _statement(document, sentence, attribution.span, voice, denies=denies)
    for speaker, place in _stances(sentence, names) if not found else ():
        voice = spoken.voice(index, speaker)
        if voice and voice.label not in found:
            found[voice.label] = _statement(document, sentence, place, voice, denies=False)
    return list(found.values())


def _statement(document: Document, sentence: Sentence, place: Span, voice: Voice, *, denies: bool) -> Statement:
    day = said_on(document, sentence, place)
    side = side_of(voice.entity_ids)
    named = {
        side_of((naming.entity_id,)) for naming in sentence.namings if sentence.words[naming.first].start >= place.end
    }
    return Statement(document, sentence.span, voice, side, day, denies, side in PARTIES and named - {None} == {side})


def _outermost(sentence: Sentence, attributed: list[Attribution]) -> Iterator[Attribution]:
    """The first who speaks, and who speaks in a further part after a semicolon."""
    end = sentence.span.start
    first = True
    for each in attributed:
        if each.speaker is None:
            continue
        if first or ";" in sentence.surface(end, each.speaker.span.start):
            yield each
            first = False
            end = each.span.end


def _denies(sentence: Sentence, attribution: Attribution) -> bool:
    position = next(i for i, word in enumerate(sentence.words) if word.start == attribution.span.start)
    return bool(table().denials.length(sentence.words, position))


def _stances(sentence: Sentence, names: Names) -> Iterator[tuple[Speaker, Span]]:
    """Who wants, refuses or accepts something in the main clause, and whose position is told."""
    words = sentence.words
    for naming in sentence.namings:
        if names.entity(naming.entity_id).kind in SPEAKING_KINDS and _is_owner_of_position(sentence, naming):
            span = Span(words[naming.first].start, words[naming.last].end)
            yield Speaker(span, (naming.entity_id,)), span
    subject = opening(sentence, len(words), names)
    if subject is None:
        return
    following = next((i for i, word in enumerate(words) if word.start >= subject.span.end), len(words))
    while following < len(words) and words[following].folded in table().between - table().be:
        following += 1
    if following < len(words) and table().stances.length(words, following):
        yield subject, Span(words[following].start, words[following].end)


def _is_owner_of_position(sentence: Sentence, naming: Naming) -> bool:
    """Whether a sentence begins with a position and whose it is: "Russia's position", «позиція України»."""
    words, nouns = sentence.words, table().stance_nouns
    if naming.first == 0 and naming.last + 1 < len(words):
        return is_possessive(sentence, naming) and words[naming.last + 1].folded in nouns
    return naming.first == 1 and not naming.is_subject_form and words[0].folded in nouns
