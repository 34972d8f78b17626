"""Quotations inside a claim, and whether its source has them word for word."""

import re
from collections.abc import Iterator

from index.text.words import find_words, fold

_QUOTATION = re.compile(r"“([^“”]+)”|«([^«»]+)»|„([^„“”]+)[“”]|\"([^\"]+)\"")
_LEFT_OUT = re.compile(r"\.\.\.|…|\[[^\]]*\]")
FEWEST_WORDS = 3


def quotations(text: str, fewest_words: int = FEWEST_WORDS) -> Iterator[str]:
    """What stands between double quotation marks in `text`, if it has at least so many words."""
    for match in _QUOTATION.finditer(text):
        quoted = next(group for group in match.groups() if group is not None)
        if len(quoted.split()) >= fewest_words:
            yield quoted


def is_verbatim(quotation: str, source: str) -> bool:
    """Whether `source` has the words of `quotation` in order; the parts around an ellipsis may stand apart."""
    words = bare_words(source)
    return all(bare_words(part) in words for part in _LEFT_OUT.split(quotation) if part.strip())


def bare_words(text: str) -> str:
    """The words of `text`, folded, between single spaces and with one at each end."""
    return f" {' '.join(fold(text[word.start : word.end]) for word in find_words(text))} "
