"""Whether a question leans on the conversation.

It does when it opens with a connective ("And in Moscow?"), points back ("what was his reason?", "that same day", "two
days later"), asks without saying of what ("for how many hours?"), or is too short to stand alone and names nothing.
Anything else is a fresh topic.
"""

from index.text.lexical import tokenize
from index.text.names import Names
from rag.followup import cues
from rag.time.expressions import has_anchored_period

LONGEST_FRAGMENT = 3  # lexical terms
SHORTEST_WITH_OBJECT = 4  # words: a shorter question does not say what was answered
LONGEST_CLOSED = 9  # words: a longer question has its own noun for "it"


def leans_back(question: str, names: Names) -> bool:
    """Whether the question can't be understood without the one before it."""
    if cues.CONNECTIVE.match(question) or _points_back(question, names) or _asks_of_nothing(question, names):
        return True
    return len(tokenize(question)) <= LONGEST_FRAGMENT and not names.find(question)


def _points_back(question: str, names: Names) -> bool:
    """Whether a pronoun stands before the first name: what comes after a name may refer to that.

    One that closes a short question is no such reference: nobody accepts or rejects themselves.
    """
    spoken = cues.EXISTENTIAL.sub(" ", question)
    named = names.find(spoken)
    before_names = spoken[: named[0].start] if named else spoken
    if cues.POINTS_BACK.search(before_names) or has_anchored_period(before_names):
        return True
    if not named and cues.ONE_OF_A_SERIES.search(spoken):
        return True
    words = len(spoken.split())
    if words <= SHORTEST_WITH_OBJECT and cues.RESPONDS.search(spoken):
        return True
    return words <= LONGEST_CLOSED and bool(cues.CLOSING.search(spoken))


def _asks_of_nothing(question: str, names: Names) -> bool:
    """Whether it is a phrase with a question word and no verb: "For how many hours on the first day?"."""
    return bool(cues.PREPOSITION_ASKS.match(question)) and not (names.find(question) or has_verb(question))


def has_verb(question: str) -> bool:
    """Whether there is a finite verb; in Ukrainian and Russian, where endings tell too little, a long one has."""
    if question.isascii():
        return bool(cues.AUXILIARY.search(question))
    return len(question.split()) > LONGEST_FRAGMENT + 1
