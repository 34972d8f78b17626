"""What a word is: where words stand in a text, and the one spelling under which the same word always meets itself."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from index.types import Span

APOSTROPHES = "'’‘ʼ`ʹ´"
# Groups of three digits are one number ("600,000", "600 000"). A full stop groups only where it cannot be a decimal
# point ("1.000.000", "600.000"); whatever else has a stop or a comma inside is a decimal ("1,5", "2.75").
_GROUPED = (
    r"[1-9]\d{0,2}(?:(?:,\d{3})+(?:\.\d+)?|(?:[ \u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?|(?:\.\d{3})*\.000)(?![\d,.]*\d)"
)
_LETTER = rf"(?![{APOSTROPHES}])[^\W\d_][\u0300-\u036f]*"
_WORD = re.compile(rf"{_GROUPED}|\d+(?:[.,]\d+)?|{_LETTER}(?:{_LETTER}|[{APOSTROPHES}](?=[^\W\d_]))*|%")
_WHOLE_GROUPED = re.compile(_GROUPED)
_GROUPS = re.compile(r"(?<=\d)[ ,.\u00a0\u202f\u2009](?=\d{3}(?!\d))")
_POSSESSIVE = re.compile(rf"[{APOSTROPHES}]s$")
_ACCENTED_BUT_A_LETTER = re.compile("([йї])")
_SPELLING = str.maketrans({"ё": "е", "ł": "l", "ø": "o", "ı": "i", "đ": "d", **dict.fromkeys(APOSTROPHES)})


def find_words(text: str) -> Iterator[Span]:
    """Where the words and numbers of `text` stand. Hyphens part words, apostrophes inside a word do not."""
    return (Span(match.start(), match.end()) for match in _WORD.finditer(text))


@lru_cache(maxsize=1 << 17)
def fold(word: str) -> str:
    """One spelling for a word: small letters, no accents, ё as е, no apostrophes, no possessive 's; й and ї stay."""
    word = unicodedata.normalize("NFKC", word).casefold()
    if word[-1:] == "s":
        word = _POSSESSIVE.sub("", word)
    if not word.isascii():
        word = "".join(
            part if part in "йї" else "".join(char for char in unicodedata.normalize("NFKD", part) if char.isalnum())
            for part in _ACCENTED_BUT_A_LETTER.split(word.translate(_SPELLING))
        )
    return word.translate(_SPELLING)


def is_cyrillic(word: str) -> bool:
    """Whether a folded word is written in Cyrillic."""
    return "\u0400" <= word[:1] <= "\u04ff"


def is_number(word: str) -> bool:
    """Whether a word is a number in digits."""
    return word[:1].isdigit()


def plain_number(number: str) -> str:
    """The number without digit groups and with a decimal point: "600 000" gives "600000", "1,5" gives "1.5"."""
    if _WHOLE_GROUPED.fullmatch(number):
        number = _GROUPS.sub("", number)
    whole, point, decimals = number.replace(",", ".").partition(".")
    return whole + (point + decimals if decimals.strip("0") else "")
