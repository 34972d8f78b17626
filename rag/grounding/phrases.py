"""Looks up words and phrases of the data files in a sentence."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from index.text.words import fold


class Folded(Protocol):
    """A word of a sentence, in whatever form it is kept."""

    @property
    def folded(self) -> str:
        """Its one spelling."""


class Phrases:
    """Words and phrases; `*` is any ending, and a hyphen joins words that stand side by side."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            parts = tuple(fold(part.rstrip("*")) + "*" * part.endswith("*") for part in phrase.split("-"))
            self._by_first.setdefault(parts[0][:2], []).append(parts)

    def length(self, words: Sequence[Folded], position: int) -> int:
        """How many words the longest phrase that starts at `position` has; 0 if none does."""
        near = self._by_first.get(words[position].folded[:2], ())
        return max((len(parts) for parts in near if _stands(parts, words, position)), default=0)


def _stands(parts: Sequence[str], words: Sequence[Folded], position: int) -> bool:
    following = words[position : position + len(parts)]
    return len(following) == len(parts) and all(map(_is, (word.folded for word in following), parts))


def _is(word: str, part: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part
