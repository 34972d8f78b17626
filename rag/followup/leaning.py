"""Whether a question leans on the conversation.

It does when it opens with a connective ("And in Moscow?"), points back ("what was his reason?", "that same day", "two
days later"), asks without saying of what ("for how many hours?"), or is too short to stand alone and names nothing.
Anything else is a fresh topic, and so is what opens with a connective or is short, where the documents tell that it has
nothing to do with the turn before.
"""

import re
from collections.abc import Sequence
from enum import Enum

from index.text.lexical import tokenize
from index.text.names import Mention, Names
from rag.followup import cues
from rag.time.expressions import has_anchored_period

LONGEST_FRAGMENT = 3  # lexical terms
SHORTEST_WITH_OBJECT = 4  # words: a shorter question does not say what was answered
LONGEST_CLOSED = 9  # words: a longer question has its own noun for "it"
_CAPITAL = re.compile(r"(?<=[\w,] )[^\W\d_a-zа-яіїєґ][^\W\d_]{2,}")  # not the first word, nor "I"


class Leaning(Enum):
    """How a question leans on the one before it: not at all, by looks only, or beyond doubt."""

    NOT = 0
    LOOSELY = 1
    FIRMLY = 2


def leaning_of(question: str, names: Names) -> Leaning:
    """Whether the question can't be understood without the one before it, as far as its own words tell."""
    if _points_back(question, names) or _asks_of_nothing(question, names):
        return Leaning.FIRMLY
    if cues.CONNECTIVE.match(question):
        return Leaning.LOOSELY if _is_clause_after_connective(question) else Leaning.FIRMLY
    short = len(tokenize(question)) <= LONGEST_FRAGMENT and not names.find(question)
    return Leaning.LOOSELY if short else Leaning.NOT


def _is_clause_after_connective(question: str) -> bool:
    """Whether a whole question follows: "So who won the cup?", but not "And the Germans?"."""
    opening = cues.LOOSE_CONNECTIVE.match(question)
    return bool(opening and cues.WHOLE_QUESTION.match(question, opening.end()))


def _points_back(question: str, names: Names) -> bool:
    """Whether a pronoun stands before the first name: what comes after a name may refer to that.

    One that closes a short question is no such reference: nobody accepts or rejects themselves.
    """
    spoken = question
    for pointless in (cues.EXISTENTIAL, cues.EXPLETIVE, cues.OF_TODAY):
        spoken = pointless.sub(" ", spoken)
    named = names.find(spoken)
    before_names = spoken[: _first_name(spoken, named)]
    if cues.POINTS_BACK.search(before_names) or has_anchored_period(before_names):
        return True
    if not named and cues.ONE_OF_A_SERIES.search(spoken):
        return True
    words = len(spoken.split())
    if words <= SHORTEST_WITH_OBJECT and cues.RESPONDS.search(spoken):
        return True
    return words <= LONGEST_CLOSED and bool(cues.CLOSING.search(spoken))


def _first_name(question: str, named: Sequence[Mention]) -> int:
    """Where the first name begins, whether the names data knows it or only its capital tells; else the end."""
    unknown = _CAPITAL.search(question)
    starts = [mention.start for mention in named[:1]] + ([unknown.start()] if unknown else [])
    return min(starts, default=len(question))


def _asks_of_nothing(question: str, names: Names) -> bool:
    """Whether it is a phrase with a question word and no verb: "For how many hours on the first day?"."""
    return bool(cues.PREPOSITION_ASKS.match(question)) and not (names.find(question) or has_verb(question))


def has_verb(question: str) -> bool:
    """Whether there is a finite verb; in Ukrainian and Russian, where endings tell too little, a long one has."""
    if question.isascii():
        return bool(cues.AUXILIARY.search(question))
    return len(question.split()) > LONGEST_FRAGMENT + 1
