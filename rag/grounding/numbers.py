"""The numbers of a text, in digits or in words, in English, Ukrainian and Russian: what they are worth.

Dates are not looked for here (rag/grounding/dates.py); their digits have to be passed over by the caller.
"""

import math
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from index.text.words import find_words, fold, is_number, plain_number
from index.types import Span

DATA = Path(__file__).parents[1] / "data" / "numbers.yaml"
Sort = Literal["count", "ordinal", "percent", "clock"]
_PERCENT = re.compile(r"%|per ?cent|pct|процент|відсот", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])")
_ORDINAL_ENDING = re.compile(r"(?:st|nd|rd|th|-?(?:й|го|ої|му|та|ша|га|тя|а|е|я|ий|ый|ой|ая|ое))\b", re.IGNORECASE)
_ARTICLES = ("a", "an")  # a number before "hundred" and "million" only
_HUNDREDS = ("hundred", "hundreds")
_BESIDE = re.compile(r"[\s$€£₴₽-]*")
_LONGEST_MARK = 16  # characters looked at before a number for "about"
HUNDRED = 100
CURRENCY = "$€£₴₽"
NEAR = 0.05  # "about 600" may be 580 or 620


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that a text names: its value, and how it is meant.

    A `weak` one may be no number ("one of"): it bears out a claim, but a claim is not asked for it. `about` tells that
    the text calls it approximate, `scaled` that it counts in thousands or millions.
    """

    value: float
    sort: Sort
    start: int
    end: int
    weak: bool = False
    about: bool = False
    scaled: bool = False

    def __str__(self) -> str:
        if self.sort == "clock":
            return f"{int(self.value)}:{round(self.value % 1 * 60):02}"
        return f"{self.value:,.15g}".replace(",", "") + ("%" if self.sort == "percent" else "")


def find_quantities(text: str, taken: Sequence[Span] = ()) -> list[Quantity]:
    """The numbers of `text` in order, but for those within `taken`."""
    passed = {offset for span in taken for offset in range(span.start, span.end)}
    clocks = [match for match in _CLOCK.finditer(text) if match.start() not in passed]
    passed.update(offset for match in clocks for offset in range(*match.span()))
    found = [Quantity(int(m[1]) + int(m[2]) / 60, "clock", *m.span()) for m in clocks]
    return sorted((*found, *_worded(text, passed)), key=lambda quantity: quantity.start)


def bears_out(held: Quantity, wanted: Quantity) -> bool:
    """Whether the number that a text holds is the one that a claim names."""
    if not _comparable(held.sort, wanted.sort):
        return False
    if held.value == wanted.value:
        return True
    if wanted.sort == "clock" or not (wanted.about or wanted.scaled):
        return False
    near = wanted.about and abs(held.value - wanted.value) <= NEAR * held.value
    return near or _rounded(held.value, wanted.value)


def _rounded(held: float, wanted: float) -> bool:
    """Whether `wanted` is `held` with fewer digits, two of them at least."""
    digits = max(2, len(f"{wanted:.15g}".replace(".", "").strip("0")))
    return float(f"{held:.{digits}g}") == wanted


def _comparable(held: Sort, wanted: Sort) -> bool:
    return held == wanted or {held, wanted} == {"count", "ordinal"} or (held, wanted) == ("count", "percent")


def _worded(text: str, passed: Set[int]) -> Iterator[Quantity]:
    """Runs of number words ("two hundred and five thousand") and numbers in digits with their scale and per cent."""
    words = [word for word in find_words(text) if word.start not in passed]
    position = 0
    while position < len(words):
        run = _run(text, words, position)
        if run is None:
            position += 1
            continue
        last, value, sort, weak = run
        start, end = words[position].start, words[last].end
        if percent := _PERCENT.match(text, _BESIDE.match(text, end).end()):
            sort, weak, end = "percent", False, percent.end()
        scaled = last > position and is_number(text[start:end])
        weak = weak or (sort, value) == ("ordinal", 1)
        yield Quantity(value, sort, start, end, weak, _is_about(text, words, position), scaled)
        position = last + 1


def _run(text: str, words: Sequence[Span], position: int) -> tuple[int, float, Sort, bool] | None:
    """The last word, the value, the sort and the weakness of the number that starts at a word, if one does."""
    table = _table()
    surface = text[words[position].start : words[position].end]
    word = fold(surface)
    if is_number(word):
        value, sort = float(plain_number(word)), "count"
        if _ORDINAL_ENDING.match(text, words[position].end):
            sort = "ordinal"
        last, scaled = _scaled(text, words, position, value)
        return last, scaled, sort, False
    if word in table.cardinal or word in table.ordinal:
        return _spelled(text, words, position)
    if word in table.weak:
        last, value, sort, _ = _spelled(text, words, position)
        return None if last == position and word in _ARTICLES else (last, value, sort, last == position)
    return None


def _spelled(text: str, words: Sequence[Span], position: int) -> tuple[int, float, Sort, bool]:
    """A number in words: tens and units, hundreds, thousands, the last of them perhaps an ordinal."""
    table = _table()
    total = current = 0.0
    sort: Sort = "count"
    last = position
    smallest = math.inf
    for index in range(position, len(words)):
        word = fold(text[words[index].start : words[index].end])
        if index > position and not _BESIDE.fullmatch(text, words[index - 1].end, words[index].start):
            break
        if word == "and" and smallest >= HUNDRED:
            continue
        value = table.cardinal.get(word, table.weak.get(word) if index == position else None)
        if word in _HUNDREDS and 0 < current < HUNDRED:
            current, smallest = current * HUNDRED, HUNDRED
        elif value is not None and _fits(value, smallest):
            current, smallest = current + value, value
        elif word in table.scale and current:
            total, current, smallest = total + current * table.scale[word], 0.0, math.inf
        elif word in table.ordinal and _fits(table.ordinal[word], smallest):
            current, sort, last = current + table.ordinal[word], "ordinal", index
            break
        else:
            break
        last = index
    return last, total + current, sort, False


def _fits(value: float, smallest: float) -> bool:
    """Whether a number word may follow a larger one: units after tens, tens and units after hundreds."""
    return smallest == math.inf or (smallest >= HUNDRED > value) or (value < 10 and 20 <= smallest < HUNDRED)


def _scaled(text: str, words: Sequence[Span], position: int, value: float) -> tuple[int, float]:
    """The value times the scale words that follow it."""
    last = position
    while last + 1 < len(words) and _BESIDE.fullmatch(text, words[last].end, words[last + 1].start):
        word = fold(text[words[last + 1].start : words[last + 1].end])
        factor = _table().scale.get(word) or (HUNDRED if word == "hundred" else None)
        if factor is None or (len(word) == 1 and text[words[position].start - 1] not in CURRENCY):
            break
        value, last = value * factor, last + 1
    return last, value


def _is_about(text: str, words: Sequence[Span], position: int) -> bool:
    return any(
        fold(text[word.start : word.end]) in _table().about
        for word in words[max(0, position - 2) : position]
        if words[position].start - word.end <= _LONGEST_MARK
    )


@dataclass(frozen=True)
class _Table:
    """What `data/numbers.yaml` holds, by folded word."""

    cardinal: dict[str, float]
    weak: dict[str, float]
    ordinal: dict[str, float]
    scale: dict[str, float]
    about: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))

    def by_word(part: str) -> dict[str, float]:
        return {fold(word): float(value) for value, words in data[part].items() for word in words}

    return _Table(
        by_word("cardinal"), by_word("weak"), by_word("ordinal"), by_word("scale"), frozenset(map(fold, data["about"]))
    )
