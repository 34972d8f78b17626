"""A text as the words that matter for events: names by entity, kinds, qualities, ordinals, stems.

Titles and questions are read by the same function, so that they meet.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.text.lexical import tokenize
from index.text.names import Names
from index.text.words import find_words, fold, is_number
from index.types import Span
from rag.time import event_words

# "2nd", "3-й", "1-ого": two words for index.words, one ordinal here.
_NUMBERED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|-?(?:й|ий|ый|ій|я|а|го|ого|му|ому|ої|ой|м|ом))(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a name of several words.

    `term` is equal for what is the same in other spellings and, as far as names and kinds go, in other languages.
    `folded` is empty for a name; `breaks` says that a punctuation mark stands before it.
    """

    start: int
    end: int
    folded: str
    term: str
    kind: str | None = None
    ordinal: int | None = None
    breaks: bool = False


def read(text: str, names: Names, compounds: Collection[tuple[str, ...]] = ()) -> list[Word]:
    """The words of `text` in order; runs of terms that `compounds` holds ("new", "york") become one word."""
    words = _words(text, names)
    openings = {compound[0] for compound in compounds}
    return _compounded(words, compounds) if any(word.term in openings for word in words) else words


def compound_term(terms: Sequence[str]) -> str:
    """The term of a name of several words that `names` does not know."""
    return "+".join(terms)


def _compounded(words: Sequence[Word], compounds: Collection[tuple[str, ...]]) -> list[Word]:
    joined: list[Word] = []
    index = 0
    while index < len(words):
        length = max((len(one) for one in compounds if _stands_at(one, words, index)), default=1)
        first, last = words[index], words[index + length - 1]
        if length > 1:
            terms = [word.term for word in words[index : index + length]]
            joined.append(Word(first.start, last.end, "", compound_term(terms), breaks=first.breaks))
        else:
            joined.append(first)
        index += length
    return joined


def _stands_at(compound: tuple[str, ...], words: Sequence[Word], index: int) -> bool:
    run = words[index : index + len(compound)]
    return tuple(word.term for word in run) == compound and not any(word.breaks for word in run[1:])


def _words(text: str, names: Names) -> list[Word]:
    spans = list(find_words(text))
    mentions = {first: (last, entity) for first, last, entity in names.match(text, spans)}
    ukrainian = bool(event_words.UKRAINIAN_LETTERS.search(text))
    words: list[Word] = []
    index = 0
    while index < len(spans):
        start, end = spans[index].start, spans[index].end
        breaks = _breaks(text, spans, index)
        if index in mentions:
            index, entity = mentions[index]
            words.append(Word(start, spans[index].end, "", f"@{entity}", breaks=breaks))
        elif number := _NUMBERED.match(text, start):
            index += 1
            words.append(Word(start, number.end(), fold(number[0]), number[1], None, int(number[1]), breaks))
        else:
            surface = text[start:end]
            folded = fold(surface)
            kind, term = _kind_and_term(surface, folded)
            words.append(Word(start, end, folded, term, kind, _ordinal(folded, ukrainian), breaks))
        index += 1
    return words


def _breaks(text: str, spans: Sequence[Span], index: int) -> bool:
    gap = text[spans[index - 1].end : spans[index].start] if index else ""
    return any(mark in gap for mark in ",.;:?!()\n")


@lru_cache(maxsize=1 << 15)
def _kind_and_term(surface: str, folded: str) -> tuple[str | None, str]:
    kind = event_words.kind_of(folded)
    return kind, kind or event_words.quality_of(folded) or (tokenize(surface) or [folded])[0]


@lru_cache(maxsize=1 << 15)
def _ordinal(folded: str, ukrainian: bool) -> int | None:
    return None if is_number(folded) else event_words.ordinal_of(folded, ukrainian)
