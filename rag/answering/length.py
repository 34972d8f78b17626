"""How long an answer the question asks for: short, unless it asks for everything."""

import re
from dataclasses import replace
from functools import cache
from importlib import resources

import yaml

from rag.answering.extractive import ExtractiveLimits
from rag.cues import any_of

MORE_SENTENCES, MORE_WORDS = 10, 240


def limits_for(question: str, limits: ExtractiveLimits) -> ExtractiveLimits:
    """`limits`, or wider ones where the question's own words ask for more."""
    if not _asks_for_more().search(question):
        return limits
    return replace(limits, sentences=max(limits.sentences, MORE_SENTENCES), words=max(limits.words, MORE_WORDS))


@cache
def _asks_for_more() -> re.Pattern[str]:
    table = yaml.safe_load(resources.files("rag").joinpath("data/length.yaml").read_text(encoding="utf-8"))
    return any_of(table["asks_for_more"])
