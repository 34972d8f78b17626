"""Whether a question asks for more than an answer: a briefing, a timeline, how far something has got, who says what.

`data/reading.yaml` has the words. What only looks like such a question is sorted out by whoever answers it, which then
gives nothing, and the question is answered like any other.
"""

import re
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from index.text.lexical import content_term
from index.text.words import find_words, fold
from rag.cues import any_of

MOST_LEFT = 1  # words of "according to whom exactly?" that are none of its cue


class Wish(StrEnum):
    """What the question asks for; of several the first."""

    BRIEFING = "briefing"  # first: "brief me on the timeline"
    TIMELINE = "timeline"
    CHANGES = "changes"
    DISAGREEMENTS = "disagreements"
    SOURCING = "sourcing"
    STATUS = "status"
    QUOTES = "quotes"
    POSITIONS = "positions"


def wish_of(question: str) -> Wish | None:
    """What the question's own words ask for; None where it is an ordinary question."""
    return next((wish for wish, cue in wish_cues().items() if cue.search(question)), None)


def asks_whose(question: str) -> bool:
    """Whether a question asks only who says what was answered before: "according to whom?"."""
    cue = cues_of("whose")
    return bool(cue.search(question)) and len(_content(cue.sub(" ", question))) <= MOST_LEFT


def subject_of_wish(question: str, wish: Wish) -> str:
    """What is left of a question without the words that ask: its subject."""
    return " ".join(wish_cues()[wish].sub(" ", question).split()).strip(" ?!.,:;—–-")


def wish_cues() -> dict[Wish, re.Pattern[str]]:
    """What in a question asks for each."""
    return {wish: cues_of(wish) for wish in Wish}


@lru_cache(maxsize=16)
def cues_of(name: str) -> re.Pattern[str]:
    """The phrases of one list of `data/reading.yaml`."""
    return any_of(_table()[name])


@lru_cache(maxsize=1)
def words_aside() -> frozenset[str]:
    """Words beside the subject of a briefing that are no part of it."""
    return frozenset(_table()["aside"])


@lru_cache(maxsize=4)
def words_of(*names: str) -> frozenset[str]:
    """The words of the phrases of these lists, folded."""
    phrases = [phrase for name in names for group in _table()[name].values() for phrase in group]
    return frozenset(fold(word) for phrase in phrases for word in re.split(r"[\s|]+", phrase) if word.isalpha())


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return yaml.safe_load(resources.files("rag").joinpath("data/reading.yaml").read_text(encoding="utf-8"))


def _content(text: str) -> list[str]:
    return [term for word in find_words(text) if (term := content_term(text[word.start : word.end]))]
