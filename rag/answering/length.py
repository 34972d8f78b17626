"""How long an answer the question asks for: short, unless it asks for everything."""

import re
from dataclasses import replace

from rag.answering.extractive import ExtractiveLimits

# Words that ask for more than the shortest answer.
_ASKS_FOR_MORE = re.compile(
    r"\b(?:in (?:full |more |great |greater )?detail|at length|in depth|thoroughly|full (?:list|account|story)|"
    r"list (?:all|every|everything|each)|(?:all|each) of (?:the|them)|name (?:all|every)|everything|"
    r"tell me (?:all|more) about|explain (?:fully|at length)|"
    r"докладн\w*|детальн\w*|перел[іи]ч\w*|переліч\w*|назв\w+ (?:всіх|усіх|всі|усі)|"
    r"усе про|все про|повн\w+ (?:список|перелік)|"
    r"подробн\w*|перечисл\w*|назов\w+ вс(?:е|ех)|всё о|все о|полн\w+ (?:список|перечень))\b",
    re.IGNORECASE,
)
MORE_SENTENCES, MORE_WORDS = 10, 240


def limits_for(question: str, limits: ExtractiveLimits) -> ExtractiveLimits:
    """`limits`, or wider ones where the question's own words ask for more."""
    if not _ASKS_FOR_MORE.search(question):
        return limits
    return replace(limits, sentences=max(limits.sentences, MORE_SENTENCES), words=max(limits.words, MORE_WORDS))
