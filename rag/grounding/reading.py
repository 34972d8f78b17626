"""What a text says that can be compared: sentence by sentence its words, names, numbers and dates."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

from index.text.lexical import content_term
from index.text.names import Mention, Names
from index.text.sentences import split_sentences
from index.text.words import find_words, fold, is_cyrillic, is_number
from index.types import Span
from rag.grounding.dates import Moment, find_dates
from rag.grounding.numbers import Quantity, find_quantities
from rag.grounding.spelling import skeleton

_MARK = re.compile(r"[,;:()\[\]–—\"“”„«»]|\s-\s")
_OWN_LETTERS = {"uk": re.compile("[іїєґ]", re.IGNORECASE), "ru": re.compile("[ыэъё]", re.IGNORECASE)}
CACHED_TEXTS = 64
SHORTEST_NAME = 2

Found = TypeVar("Found", Mention, Quantity, Moment)


class Word(NamedTuple):
    """A word of a sentence: folded, with its lexical term (None for a stop word or a number).

    `is_free` tells that it is no part of a listed name, a number or a date, `is_proper` that it has a capital all the
    same; `clause` counts the parts of the sentence between punctuation marks.
    """

    start: int
    end: int
    folded: str
    term: str | None
    clause: int
    is_free: bool
    is_proper: bool

    @property
    def skeleton(self) -> str:
        """The word by its consonants."""
        return skeleton(self.folded)


@dataclass(frozen=True)
class Sentence:
    """A sentence and what it names."""

    span: Span
    text: str
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    dates: tuple[Moment, ...]
    words: tuple[Word, ...]

    @cached_property
    def terms(self) -> frozenset[str]:
        """The lexical terms of what is no listed name, number or date."""
        return frozenset(word.term for word in self.words if word.term and word.is_free)

    @cached_property
    def all_terms(self) -> frozenset[str]:
        """The lexical terms of all words, those within names too."""
        return frozenset(word.term for word in self.words if word.term)

    @cached_property
    def entities(self) -> frozenset[str]:
        """The ids of the names it mentions."""
        return frozenset(mention.entity_id for mention in self.mentions)

    @cached_property
    def skeletons(self) -> frozenset[str]:
        """Every word by its consonants, for names that are spelled in another way."""
        return frozenset(word.skeleton for word in self.words)


@dataclass(frozen=True)
class Reading:
    """A text, read. Offsets count from its start."""

    text: str
    sentences: tuple[Sentence, ...]

    @cached_property
    def is_cyrillic(self) -> bool:
        """Whether most of its words are written in Cyrillic."""
        words = [word.folded for sentence in self.sentences for word in sentence.words]
        return sum(map(is_cyrillic, words)) * 2 > len(words)

    @cached_property
    def language(self) -> str:
        """`uk` or `ru` where the letters tell, `cyrillic` where they don't, `latin` for any other."""
        if not self.is_cyrillic:
            return "latin"
        found = [name for name, letters in _OWN_LETTERS.items() if letters.search(self.text)]
        return found[0] if len(found) == 1 else "cyrillic"

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(quantity for sentence in self.sentences for quantity in sentence.quantities)

    @cached_property
    def dates(self) -> tuple[Moment, ...]:
        return tuple(moment for sentence in self.sentences for moment in sentence.dates)


@lru_cache(maxsize=CACHED_TEXTS)
def read(text: str, names: Names) -> Reading:
    """`text`, read; the last few texts are remembered, since one evidence is often asked about many claims."""
    words = list(find_words(text))
    mentions = [
        Mention(entity_id, words[first].start, words[last].end, text[words[first].start : words[last].end])
        for first, last, entity_id in names.match(text, words)
    ]
    dates = find_dates(text)
    quantities = find_quantities(text, [*_spans(dates), *_spans(mentions)])
    spans = (*_spans(mentions), *_spans(dates), *_spans(quantities))
    taken = {offset for span in spans for offset in range(span.start, span.end)}
    sentences = split_sentences(text)
    starts = [span.start for span in sentences]
    spoken: list[list[Span]] = [[] for _ in sentences]
    for word in words:
        spoken[max(0, bisect_right(starts, word.start) - 1)].append(word)
    by_sentence = zip(
        sentences, _shared(mentions, starts), _shared(quantities, starts), _shared(dates, starts), spoken, strict=True
    )
    return Reading(text, tuple(_sentence(text, *parts, taken) for parts in by_sentence))


def _sentence(
    text: str,
    span: Span,
    mentions: Sequence[Mention],
    quantities: Sequence[Quantity],
    dates: Sequence[Moment],
    spoken: Sequence[Span],
    taken: Set[int],
) -> Sentence:
    words = []
    clause, end = 0, span.start
    for position, word in enumerate(spoken):
        if position and _MARK.search(text, end, word.start):
            clause += 1
        end = word.end
        surface = text[word.start : word.end]
        folded = fold(surface)
        free = word.start not in taken
        term = None if is_number(folded) else content_term(surface)
        is_name = surface[0].isupper() and len(folded) > SHORTEST_NAME and position > 0
        words.append(Word(word.start, word.end, folded, term, clause, free, is_name and free and term is not None))
    return Sentence(span, text[span.start : span.end], tuple(mentions), tuple(quantities), tuple(dates), tuple(words))


def _spans(found: Iterable[Found]) -> list[Span]:
    return [Span(each.start, each.end) for each in found]


def _shared(found: Iterable[Found], starts: Sequence[int]) -> list[list[Found]]:
    """What was found, by the sentence in which it starts."""
    shared: list[list[Found]] = [[] for _ in starts]
    for each in found:
        if starts:
            shared[max(0, bisect_right(starts, each.start) - 1)].append(each)
    return shared
