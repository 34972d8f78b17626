"""Follow-ups without a language model: what an elliptical question takes over from the one before it.

A question leans on the conversation when it opens with a connective ("And in Moscow?"), points back with a pronoun
("what was his reason?", "that same day"), or is too short to stand alone and names nothing. Anything else is a fresh
topic and is left as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text.lexical import tokenize
from index.text.names import Names

LONGEST_FRAGMENT = 3

_CONNECTIVE = re.compile(
    r"^(and|but|so|or|also|then|what about|how about|what else|who else|why\b[^\w]*$|а|і|й|и|но|але|та|тоді|тогда|"
    r"ну а|а що|а что|що щодо|что насчет)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(he|him|his|she|hers?|it|its|they|them|their|theirs|this|these|that (same )?(day|week|month|year|round|meeting|"
    r"talk|talks|call|deal|offer|plan|time|number|figure|one|place|case)|those|there|then|one after (that|it)|"
    r"the (same|other|latter|former|next|previous|following) (one|day|round|meeting|time)|"
    r"the (two|three|shorter|longer|first|second|other|latter|former)( one| of (the )?(two|them|these|those))|"
    r"він|його|йому|ним|вона|її|їй|вони|їх|їм|їхн\w+|це|цей|ця|ці|цього|той|там|тоді|того ж|"
    r"он|его|ему|ним|она|ее|её|ей|они|их|им|это|этот|эта|эти|этого|тот|там|тогда|того же)\b",
    re.IGNORECASE,
)
_EXISTENTIAL = re.compile(
    r"\bthere('s| is| are| was| were| has| have| will)\b|\b(is|are|was|were) there\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that can be searched by itself: `context` is what it takes over, empty for a fresh topic."""

    focus: str
    context: str = ""

    @property
    def text(self) -> str:
        """What is searched, and shown as `standalone_question`."""
        return f"{self.context} {self.focus}" if self.context else self.focus


def resolve_followup(question: str, history: Sequence[str], names: Names) -> Standalone:
    """The question with the earlier one that it leans on; `history` is oldest first."""
    if not history or not leans_back(question, names):
        return Standalone(question)
    start = len(history) - 1
    while start > 0 and leans_back(history[start], names):
        start -= 1
    return Standalone(question, " ".join(history[start:]))


def leans_back(question: str, names: Names) -> bool:
    """Whether the question can't be understood without the one before it."""
    if _CONNECTIVE.match(question) or _points_back(question, names):
        return True
    return len(tokenize(question)) <= LONGEST_FRAGMENT and not names.find(question)


def _points_back(question: str, names: Names) -> bool:
    """Whether a pronoun stands before the first name: what comes after a name may refer to that."""
    named = names.find(question)
    before_names = question[: named[0].start] if named else question
    return bool(_POINTS_BACK.search(_EXISTENTIAL.sub(" ", before_names)))
