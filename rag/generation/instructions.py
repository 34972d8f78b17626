"""What in a document a language model should not see: text that a reader doesn't see, and text that speaks to a model.

A sentence that orders the answer about supports that answer word for word, so checking alone cannot catch it. What is
found here is neither shown to the model nor taken as evidence for what it writes; readers of the document still see
it. The phrases are data (`rag/data/instructions.yaml`). It is a second line, not a proof: an order that no phrase
describes is left to the prompt and to the checks.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml

from index.types import Span

PHRASES = Path(__file__).parents[1] / "data" / "instructions.yaml"
_LONGEST_ANNOUNCEMENT = 120  # characters of a paragraph that only says that an order follows
FEWEST_WORDS = 3  # a paragraph of so few can be no order by itself

_HIDDEN = re.compile(
    r"""
    <!--.*?(?:-->|\Z)
    | <(script|style|template|noscript|iframe|svg)\b.*?(?:</\1\s*>|\Z)
    | <(\w+)\b[^>]*?(?:\bhidden\b|aria-hidden|display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0|
        font-size\s*:\s*0|color\s*:\s*(?:white|transparent|\#fff)|left\s*:\s*-\d{3})[^>]*>.*?(?:</\2\s*>|\Z)
    | <\w+\b[^>]*\s(?:alt|title|aria-label|content|value|placeholder|data-[\w-]+)\s*=[^>]*>
    | !\[[^\]]*\]\([^)]*\)
    | ^\[[^\]\n]*\]:\s[^\n]*$
    | \]\([^)\s]*\s+["'(][^)]*\)
    """,
    re.IGNORECASE | re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_PARAGRAPH = re.compile(r"\S.*?(?=\n\s*\n|\Z)", re.DOTALL)
_TAG_CHARACTERS = re.compile("[\U000e0000-\U000e007f\u202a-\u202e\u2066-\u2069]")


@lru_cache(maxsize=256)
def withheld_spans(text: str) -> tuple[Span, ...]:
    """The stretches of a document that are kept from the model, in order; they may overlap."""
    hidden = [Span(match.start(), match.end()) for match in _HIDDEN.finditer(text)]
    return tuple(sorted([*hidden, *_addressed(text)], key=lambda span: span.start))


def speaks_to_model(text: str) -> bool:
    """Whether the text is addressed to whoever answers rather than to a reader."""
    if _TAG_CHARACTERS.search(text):
        return True
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return any(phrase.search(visible) for phrase in _phrases())


def _addressed(text: str) -> Iterator[Span]:
    announced = False
    for match in _PARAGRAPH.finditer(text):
        paragraph = match.group()
        speaks = speaks_to_model(paragraph)
        if speaks or announced:
            yield Span(match.start(), match.end())
        announced = speaks and _announces(paragraph)


def _announces(paragraph: str) -> bool:
    """Whether it is a heading, a line that ends in a colon or a scrap, and what is meant comes next."""
    if len(paragraph.split()) <= FEWEST_WORDS:
        return True
    short = len(paragraph) <= _LONGEST_ANNOUNCEMENT
    return short and (paragraph.startswith("#") or paragraph.rstrip("*_ ").endswith((":", "—")))


@lru_cache(maxsize=1)
def _phrases() -> tuple[re.Pattern[str], ...]:
    languages = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return tuple(re.compile(phrase, re.IGNORECASE) for phrases in languages.values() for phrase in phrases)
