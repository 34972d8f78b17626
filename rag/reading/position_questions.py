"""A question for where somebody stands: "what does Moscow say about Donbas?", "where do the sides stand on elections?".

Whoever is asked about has to be a side, or somebody who speaks for one: what a plan or an article says is no position.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text.lexical import content_term
from index.text.names import Mention, Names
from index.text.words import find_words, fold
from rag.reading.sides import PARTIES, side_of
from rag.reading.wishes import Wish, cues_of, subject_of_wish, wish_cues, words_of

_NEAR = 4  # characters: "position of Kyiv", «позиция Москвы»


@dataclass(frozen=True, slots=True)
class AskedPositions:
    """The subject, and whose positions: all of the `sides`, or of those only what the `people` say; none means all."""

    topic: str
    sides: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()


def asked_positions(question: str, names: Names) -> AskedPositions | None:
    """Whose positions on what a question asks for; None where it asks for nobody's, or on nothing."""
    cue = wish_cues()[Wish.POSITIONS].search(question)
    if cue is None:
        return None
    whom = {mention.entity_id for mention in _asked(names.find(question), cue.start(), cue.end())}
    everybody = cues_of("all_sides").search(question)
    sides = {side_of((entity,)) for entity in whom}
    if not everybody and (not whom or not sides <= PARTIES or _is_of_another(question, cue, names)):
        return None
    topic = _without(subject_of_wish(question, Wish.POSITIONS), names, set() if everybody else whom)
    topic = cues_of("all_sides").sub(" ", topic)
    if not any(content_term(topic[word.start : word.end]) for word in find_words(topic)):
        return None
    if everybody:
        return AskedPositions(topic)
    people = frozenset(one for one in whom if names.entity(one).kind == "person")
    return AskedPositions(topic, frozenset(sides), people if people == whom else frozenset())


def _asked(mentions: Sequence[Mention], start: int, end: int) -> list[Mention]:
    """The names inside of the words that ask; else the one right before ("Moscow's position"), else right after."""
    inside = [one for one in mentions if one.start < end and one.end > start]
    before = [one for one in mentions if start - _NEAR <= one.end <= start]
    after = [one for one in mentions if end <= one.start <= end + _NEAR]
    return inside or before[-1:] or after[:1]


def _is_of_another(question: str, cue: re.Match[str], names: Names) -> bool:
    """Whether something else is named in the words that ask: "what does the American plan say"."""
    covered = [(one.start, one.end) for one in names.find(question)]
    for word in find_words(cue.group()):
        start = cue.start() + word.start
        text = cue.group()[word.start : word.end]
        is_name = any(first <= start < last for first, last in covered)
        if not is_name and content_term(text) and fold(text) not in words_of("positions", "beside_whom"):
            return True
    return False


def _without(text: str, names: Names, entities: set[str]) -> str:
    """The text without the first mention of each entity."""
    for mention in reversed(names.find(text)):
        if mention.entity_id in entities:
            text = f"{text[: mention.start]} {text[mention.end :]}"
    return " ".join(text.split())
