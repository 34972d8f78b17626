"""How texts are made comparable before they are scored: case, quotation marks, dashes, spaces, markers, words."""

import re
import unicodedata
from collections.abc import Iterator

from rag.types import MARKER

_QUOTATION_MARKS = str.maketrans(dict.fromkeys("‘’‚‛ʼ′`´", "'") | dict.fromkeys("“”„‟«»″", '"'))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"\u00ad": None})
_SPACED_MARKER = re.compile(r"\s*" + MARKER.pattern)
_QUOTATION = re.compile(r"“([^“”]+)”|«([^«»]+)»|„([^„“”]+)[“”]|\"([^\"]+)\"")


def without_markers(text: str) -> str:
    """An answer's text without its [1] markers and the space in front of them."""
    return _SPACED_MARKER.sub("", text)


def normalise(text: str) -> str:
    """Case-folded, with one kind of quotation mark, dash and space; Unicode NFKC."""
    plain = text.translate(_QUOTATION_MARKS).translate(_DASHES)  # first: NFKC splits some of the marks in two
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())


def first_words(text: str, limit: int) -> str:
    """The first `limit` white-space separated words of `text`."""
    return " ".join(text.split()[:limit])


def quotations(text: str, min_words: int = 3) -> Iterator[str]:
    """What stands between double quotation marks in `text`, if it is at least `min_words` long."""
    for match in _QUOTATION.finditer(text):
        quoted = next(group for group in match.groups() if group is not None)
        if len(quoted.split()) >= min_words:
            yield quoted
