"""Whether a question asks for more than an answer: a briefing, a timeline, or what changed.

The words are in `data/reading.yaml`.
"""

import re
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from rag.cues import any_of


class Wish(StrEnum):
    """What the question asks for."""

    BRIEFING = "briefing"  # first: "brief me on the timeline"
    TIMELINE = "timeline"
    CHANGES = "changes"


def wish_of(question: str) -> Wish | None:
    """What the question's own words ask for; None where it is an ordinary question."""
    return next((wish for wish, cue in wish_cues().items() if cue.search(question)), None)


@lru_cache(maxsize=1)
def wish_cues() -> dict[Wish, re.Pattern[str]]:
    """What in a question asks for each."""
    return {wish: any_of(_table()[wish]) for wish in Wish}


@lru_cache(maxsize=1)
def words_aside() -> frozenset[str]:
    """Words beside the subject of a briefing that are no part of it."""
    return frozenset(_table()["aside"])


def _table() -> dict[str, Any]:
    return yaml.safe_load(resources.files("rag").joinpath("data/reading.yaml").read_text(encoding="utf-8"))
