"""Where in its evidence a sentence of a claim belongs: which of its parts each sentence bears out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.text.names import Mention
from rag.grounding.dates import Moment, is_date_of, moved_days
from rag.grounding.numbers import Quantity, bears_out
from rag.grounding.reading import Reading, Sentence, Word
from rag.grounding.speakers import is_reporting, stands_for


@dataclass(frozen=True, slots=True)
class PartWeights:
    """What the parts of a claim count."""

    word: float = 1.0
    reporting: float = 0.25
    proper: float = 1.5
    name: float = 2.0
    number: float = 2.0
    date: float = 2.0


PARTS = PartWeights()
WINDOW = 3  # sentences that are read together, side by side or from anywhere
NEAR_BEST = 0.8  # of the best sentence's share: a sentence that may be what the claim is about, too
BESIDE = 0.75  # what a sentence counts whose neighbour names what the claim names

Part = Word | Mention | Quantity | Moment


@dataclass(frozen=True)
class Alignment:
    """The parts of a sentence of a claim with their weights, and which of them each sentence of the evidence holds."""

    claim: Sentence
    parts: tuple[Part, ...]
    weights: tuple[float, ...]
    held: tuple[frozenset[int], ...]

    def share(self, held: Iterable[int]) -> float:
        """How much of the claim some of its parts, by index, are (0..1)."""
        return sum(self.weights[index] for index in held) / self.weight if self.weight else 0.0

    @cached_property
    def weight(self) -> float:
        """What all its parts count together."""
        return sum(self.weights)

    @cached_property
    def everywhere(self) -> frozenset[int]:
        """The parts that stand anywhere in the evidence."""
        return frozenset().union(*self.held)

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """The share of each sentence of the evidence."""
        return tuple(map(self.share, self.held))

    @cached_property
    def best(self) -> tuple[int, ...]:
        """The sentences that the claim may be about, by index."""
        least = NEAR_BEST * max(self.shares)
        return tuple(index for index, share in enumerate(self.shares) if share and share >= least)

    def borne_out(self) -> float:
        """How much of the claim is there (0..1): the mean of the shares of the best sentence, of the best few side by
        side and of the best few from anywhere, a little less where names and figures stand apart from the words."""
        starts = range(max(1, len(self.held) - WINDOW + 1))
        window = max(self.share(frozenset().union(*self.held[start : start + WINDOW])) for start in starts)
        return (max(self.shares) + window + self.share(self._best_few())) / 3

    def attachment(self) -> float:
        """How near the words of the claim that name or figure stands whose place is farthest from them (0..1)."""
        words = [index for index, part in enumerate(self.parts) if is_plain(part)]
        facts = [index for index in self.everywhere if not is_plain(self.parts[index])]
        shares = [len(held.intersection(words)) / len(words) if words else 0.0 for held in self.held]
        most = max(shares)
        if not most or not facts:
            return 1.0
        return min(max(map(self._reach, [fact] * len(shares), range(len(shares)), shares)) for fact in facts) / most

    def around(self, index: int) -> frozenset[int]:
        """The parts that a sentence or one beside it holds."""
        return frozenset().union(*self.held[max(0, index - 1) : index + 2])

    def _reach(self, fact: int, index: int, share: float) -> float:
        if fact in self.held[index]:
            return share
        return BESIDE * share if fact in self.around(index) else 0.0

    def _best_few(self) -> frozenset[int]:
        found: frozenset[int] = frozenset()
        for _ in range(WINDOW):
            found |= max(self.held, key=lambda held: self.share(held - found))
        return found


def align(
    claim: Sentence, evidence: Reading, *, foreign: bool = False, weights: PartWeights = PARTS
) -> Alignment | None:
    """The parts of `claim` beside `evidence`; None where one of them says nothing.

    Between a claim and a `foreign` evidence, in another alphabet, words are not compared but names and figures are, of
    which there may be none.
    """
    parts, counts = _parts(claim, PARTS, foreign)
    if not (parts or (foreign and claim.terms)) or not evidence.sentences:
        return None
    moved = moved_days(evidence.text, evidence.dates)
    held = tuple(_held(parts, sentence, moved) for sentence in evidence.sentences)
    return Alignment(claim, parts, counts, held)


def is_plain(part: Part) -> bool:
    """Whether a part of a claim is a word that names nothing."""
    return isinstance(part, Word) and not part.is_proper


def _parts(claim: Sentence, weights: PartWeights, foreign: bool) -> tuple[tuple[Part, ...], tuple[float, ...]]:
    """What a sentence says, each thing once."""
    parts: dict[object, tuple[Part, float]] = {}
    for word in claim.words:
        if word.term and word.is_free and (word.is_proper or not foreign):
            parts.setdefault(word.term, (word, _word_weight(word, weights)))
    for mention in claim.mentions:
        parts.setdefault(("name", mention.entity_id), (mention, weights.name))
    for quantity in claim.quantities:
        if not quantity.weak:
            parts.setdefault((quantity.sort, quantity.value), (quantity, weights.number))
    for moment in claim.dates:
        parts.setdefault((moment.year, moment.month, moment.day, moment.weekday), (moment, weights.date))
    found = list(parts.values())
    return tuple(part for part, _ in found), tuple(weight for _, weight in found)


def _word_weight(word: Word, weights: PartWeights) -> float:
    if word.is_proper:
        return weights.proper
    return weights.reporting if is_reporting(word) else weights.word


def _held(parts: Sequence[Part], sentence: Sentence, moved: Sequence[Moment]) -> frozenset[int]:
    return frozenset(index for index, part in enumerate(parts) if holds(sentence, part, moved))


def holds(sentence: Sentence, part: Part, moved: Sequence[Moment] = ()) -> bool:
    """Whether a sentence of the evidence has a part of the claim; `moved` are days that the evidence speaks of without
    their date."""
    if isinstance(part, Word):
        return part.term in sentence.all_terms or (part.is_proper and part.skeleton in sentence.skeletons)
    if isinstance(part, Mention):
        return any(stands_for(part.entity_id, held) for held in sentence.entities)
    if isinstance(part, Quantity):
        return any(bears_out(held, part) for held in sentence.quantities) or _is_year(part, sentence.dates)
    return any(is_date_of(held, part) for held in (*sentence.dates, *moved)) or any(
        held.value == part.year for held in sentence.quantities if part.month is None
    )


def _is_year(part: Quantity, dates: Iterable[Moment]) -> bool:
    return any(date.year == part.value and date.month is None for date in dates)
