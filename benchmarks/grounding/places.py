"""Sentences that rules are applied to, and what the rules find in them.

Nothing of how `rag.grounding` reads a text is used here but the list of names.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from index.text.dates import month_name
from index.text.names import Names

LANGUAGES = ("en", "uk", "ru")
MONTHS = {language: [month_name(month, language) for month in range(1, 13)] for language in LANGUAGES}
NUMBER = re.compile(
    r"(?<![\w.,:–-])\d{1,3}(?:[, \u00a0]\d{3})+(?![\w:–-])|(?<![\w.,:–-])\d+(?:\.\d+)?(?![\w:–-]|[.,]\d)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence and where it comes from: its language and the entities of its document and of all documents."""

    text: str
    language: str
    names: Names
    nearby: tuple[str, ...]
    anywhere: tuple[str, ...]


Rule = Callable[[Place, random.Random], str | None]
"""What a rule makes of a sentence, None where it does not apply."""


def replaced(text: str, span: tuple[int, int], new: str) -> str:
    """`text` with `new` in the place of a span."""
    return f"{text[: span[0]]}{new}{text[span[1] :]}"


def any_date(place: Place) -> re.Match[str] | None:
    """The first day and month, perhaps with a year, that is no end of a range; groups `day`, `month`, `year`."""
    months = "|".join(MONTHS[place.language])
    return re.search(
        r"(?<![\w–-])(?<!\d [іий] )(?<!\d and )(?<!\d to )(?<!\d or )"
        rf"(?P<day>\d{{1,2}}) (?P<month>{months})(?: (?P<year>20\d\d))?\b",
        place.text,
        re.IGNORECASE,
    )


def is_of_date(place: Place, match: re.Match[str]) -> bool:
    """Whether a number is a day or a year."""
    after, before = place.text[match.end() : match.end() + 20], place.text[max(0, match.start() - 12) : match.start()]
    months = "|".join(MONTHS[place.language])
    day = rf"(?:\s?(?:[–—-]|and|or|to|і|та|й|и|до|по)\s?\d+)?\s(?:{months})"
    if re.match(day, after, re.IGNORECASE) or re.search(rf"(?:{months})\s$", before, re.IGNORECASE):
        return True
    return re.fullmatch(r"(?:19|20)\d\d", match[0]) is not None


def month_of(place: Place, name: str) -> int:
    """1 to 12."""
    return [month.lower() for month in MONTHS[place.language]].index(name.lower()) + 1
