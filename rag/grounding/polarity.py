"""Where two sentences say yes and no of the same thing: denials with what they deny, and opposites.

Words and opposites are data (rag/data/polarity.yaml). A denial reaches forward to the end of its part of the sentence,
or back where nothing follows it ("was ruled out").
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import yaml

from index.text.words import fold, is_cyrillic
from rag.grounding.phrases import Phrases
from rag.grounding.reading import Sentence, Word

DATA = Path(__file__).parents[1] / "data" / "polarity.yaml"
FARTHEST = 6  # terms that one denial reaches
SHARE_DENIED = 0.6  # of the terms of a denial, to be said in another sentence for that to say the opposite


@dataclass(frozen=True, slots=True)
class Denial:
    """A denying word, where it stands among the words of its sentence, and the terms that it denies."""

    word: str
    position: int
    terms: frozenset[str]
    is_verb: bool


def denials(sentence: Sentence) -> list[Denial]:
    """What a sentence denies, in order. Two denials of the same terms cancel one another out, verbs and "not" alike;
    in Ukrainian and Russian, where "ніхто не" is one denial, "not" counts once."""
    words = sentence.words
    found: list[Denial] = []
    for position, length, is_verb in _cues(words):
        terms = frozenset(_reach(words, position, length))
        before = next((d for d in found if d.terms & terms and _one_clause(words, d.position, position)), None)
        if before is None:
            if terms:
                found.append(Denial(words[position].folded, position, terms, is_verb))
        elif before.is_verb or is_verb:
            found.remove(before)
    return found


def denying(sentence: Sentence) -> frozenset[int]:
    """The positions of the words that say no, idioms or not."""
    return frozenset(position for position, _, _ in _cues(sentence.words, idioms=False))


def sides_of(word: str) -> list[tuple[int, int]]:
    """The pairs of opposites that a folded word belongs to, each with its side, 0 or 1."""
    return _table().sides.of(word)


def is_denying_verb(word: str) -> bool:
    """Whether a folded word by itself says no."""
    return bool(_table().denies.length([Word(0, 0, word, None, 0, True, False)], 0))


def polarity_differs(claim: Sentence, held: Sentence) -> bool:
    """Whether one of the sentences denies what the other says, as far as they share their words."""
    ours, theirs = denials(claim), denials(held)
    return _contradicts(ours, theirs, held) or _contradicts(theirs, ours, claim)


def opposite(claim: Sentence, held: Sentence) -> tuple[str, str] | None:
    """A word of the claim and the word of its source that says the opposite, if each has only its own side."""
    ours, theirs = _sides(claim), _sides(held)
    for pair in ours.keys() & theirs.keys():
        if len(ours[pair]) == len(theirs[pair]) == 1 and ours[pair].keys() != theirs[pair].keys():
            return next(iter(ours[pair].values())), next(iter(theirs[pair].values()))
    return None


def _contradicts(denied: Iterable[Denial], others: Sequence[Denial], said: Sentence) -> bool:
    """Whether `said` says most of what one of the denials denies, and denies it nowhere."""
    for denial in denied:
        shared = denial.terms & said.terms
        if len(shared) < SHARE_DENIED * min(len(denial.terms), len(said.terms)):
            continue
        if not any(2 * len(other.terms & shared) >= len(shared) for other in others):
            return True
    return False


def _cues(words: Sequence[Word], *, idioms: bool = True) -> Iterator[tuple[int, int, bool]]:
    """Position, length and verbhood of each denying word; with `idioms`, "not only" and its like are none."""
    table = _table()
    position = 0
    while position < len(words):
        length = table.no_denial.length(words, position) if idioms else 0
        if length:
            position += length
            continue
        for phrases, is_verb in ((table.denies, True), (table.negators, False)):
            if length := phrases.length(words, position):
                yield position, length, is_verb
                break
        position += max(length, 1)


def _reach(words: Sequence[Word], position: int, length: int) -> list[str]:
    """The terms that the denial at `position` is about."""
    clause, breaks = words[position].clause, _table().breaks
    forward = []
    rest = words[position + length :]
    if rest and rest[0].term is None and not rest[0].is_free:
        return []  # "not 25": a number or name is compared by itself
    by_whom = bool(rest) and rest[0].folded == "by"
    for word in () if by_whom else rest:
        if word.clause != clause or word.folded in breaks:
            break
        if word.term and word.is_free:
            forward.append(word.term)
    if forward:
        return forward[:FARTHEST]
    return list(
        islice((w.term for w in reversed(words[:position]) if w.clause == clause and w.term and w.is_free), FARTHEST)
    )


def _one_clause(words: Sequence[Word], one: int, other: int) -> bool:
    return words[one].clause == words[other].clause


def _sides(sentence: Sentence) -> dict[int, dict[int, str]]:
    """By pair of opposites: which sides the sentence has, each with its word."""
    found: dict[int, dict[int, str]] = {}
    for word in sentence.words:
        for pair, side in sides_of(word.folded):
            found.setdefault(pair, {})[side] = word.folded
    return found


class _Sides:
    """For each word the pairs of opposites that it belongs to, and its side in each."""

    def __init__(self, pairs: Sequence[Sequence[str]]) -> None:
        self._exact: dict[str, list[tuple[int, int]]] = {}
        self._stems: dict[str, list[tuple[int, int]]] = {}
        for number, pair in enumerate(pairs):
            for side, words in enumerate(pair):
                for word in words.split():
                    kept = self._stems if word.endswith("*") else self._exact
                    kept.setdefault(fold(word.rstrip("*")), []).append((number, side))

    def of(self, word: str) -> list[tuple[int, int]]:
        found = list(self._exact.get(word, ()))
        if is_cyrillic(word):
            for cut in range(2, len(word) + 1):
                found += self._stems.get(word[:cut], ())
        return found


@dataclass(frozen=True)
class _Table:
    """What `data/polarity.yaml` holds."""

    negators: Phrases
    no_denial: Phrases
    denies: Phrases
    sides: _Sides
    breaks: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return _Table(
        Phrases(data["not"].split()),
        Phrases(data["no_denial"].split()),
        Phrases(data["denies"].split()),
        _Sides(data["opposites"]),
        frozenset(data["breaks"].split()),
    )
