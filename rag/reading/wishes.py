"""Whether a question asks for more than an answer: a timeline, or what changed; `data/reading.yaml` has the words."""

import re
from enum import StrEnum
from functools import lru_cache
from importlib import resources

import yaml

from rag.cues import any_of


class Wish(StrEnum):
    """What the question asks for."""

    TIMELINE = "timeline"
    CHANGES = "changes"


def wish_of(question: str) -> Wish | None:
    """What the question's own words ask for; None where it is an ordinary question."""
    return next((wish for wish, cue in wish_cues().items() if cue.search(question)), None)


@lru_cache(maxsize=1)
def wish_cues() -> dict[Wish, re.Pattern[str]]:
    """What in a question asks for each."""
    table = yaml.safe_load(resources.files("rag").joinpath("data/reading.yaml").read_text(encoding="utf-8"))
    return {wish: any_of(table[wish]) for wish in Wish}
