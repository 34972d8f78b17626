"""A claim laid beside a sentence in nearly the same words: what stands in the one where the other has something else.

This is what finds an exchange within one sentence ("Russia struck, Ukraine answered"), where both names occur on both
sides.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from index.text.names import Mention
from rag.grounding.dates import Moment, is_date_of
from rag.grounding.numbers import Quantity, bears_out
from rag.grounding.polarity import denying, sides_of
from rag.grounding.reading import Sentence, Word
from rag.grounding.speakers import is_reporting, stands_for

Thing = Mention | Quantity | Moment | Word
FEW = 3  # items: what is longer is another wording, whose words may be anywhere


@dataclass(frozen=True, slots=True)
class Item:
    """A name, number, date or word of a sentence; items with the same `key` say the same, `word` is its first."""

    key: tuple[object, ...]
    thing: Thing
    word: str = ""
    is_denial: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place at which the claim has `ours` and its source has `theirs`; one of them may be empty.

    `is_said` tells that a reporting verb stands beside it, `is_inside` that the two agree before it and after it.
    """

    ours: tuple[Item, ...]
    theirs: tuple[Item, ...]
    is_said: bool
    is_inside: bool


@dataclass(frozen=True)
class Comparison:
    """Two sentences side by side; `share` is the part of the claim that stands in both, in the same order (0..1)."""

    share: float
    slots: tuple[Slot, ...]

    @cached_property
    def exchanged(self) -> tuple[tuple[str, Thing, Thing], ...]:
        """Names, numbers and dates that stand in place of others: the sort, ours and theirs."""
        return tuple(self._exchanged())

    @property
    def differs_in_negation(self) -> bool:
        """Whether a "not" was put in or left out."""
        few = [slot for slot in self.slots if len(slot.ours) <= FEW and len(slot.theirs) <= FEW and _is_put_in(slot)]
        more = sum(item.is_denial for slot in few for item in slot.ours)
        fewer = sum(item.is_denial for slot in few for item in slot.theirs)
        return (more - fewer) % 2 == 1

    @property
    def opposites(self) -> tuple[str, str] | None:
        """A word and its opposite that stands in its place."""
        for slot in self.slots:
            for one in slot.ours:
                for other in slot.theirs:
                    if _are_opposites(one.word, other.word):
                        return one.word, other.word
        return None

    def _exchanged(self) -> Iterator[tuple[str, Thing, Thing]]:
        ours_apart = [item.thing for slot in self.slots for item in slot.ours]
        theirs_apart = [item.thing for slot in self.slots for item in slot.theirs]
        for slot in self.slots:
            passive = any(word.folded == "by" for word in (*_words(slot.ours), *_words(slot.theirs)))
            if stranger := _stranger(slot):
                yield ("speaker" if slot.is_said else "name"), *stranger
            for sort, kind in (("name", Mention), ("number", Quantity), ("date", Moment)):
                ours = [item.thing for item in slot.ours if isinstance(item.thing, kind)]
                theirs = [item.thing for item in slot.theirs if isinstance(item.thing, kind)]
                pair = next(((o, t) for o in ours for t in theirs if _is_sort(o, t)), None)
                if pair is None or any(_same(one, other) for one in ours for other in theirs):
                    continue
                moved = _among(pair[0], theirs_apart) or _among(pair[1], ours_apart)
                swapped = _among(pair[0], theirs_apart) and _among(pair[1], ours_apart)
                if not moved or (swapped and not passive and len(slot.ours) == len(slot.theirs) == 1):
                    yield ("speaker" if slot.is_said and sort == "name" else sort), *pair


def compare(claim: Sentence, source: Sentence) -> Comparison:
    """The claim beside one sentence of its source."""
    ours, theirs = items_of(claim), items_of(source)
    if not ours or not theirs:
        return Comparison(0.0, ())
    matcher = SequenceMatcher(None, [item.key for item in theirs], [item.key for item in ours], autojunk=False)
    shared, slots = 0, []
    for tag, first, end, ours_first, ours_end in matcher.get_opcodes():
        if tag == "equal":
            shared += end - first
            continue
        beside = [*ours[max(0, ours_first - 1) : ours_first], *ours[ours_end : ours_end + 1]]
        inside = first > 0 and end < len(theirs)
        slots.append(
            Slot(tuple(ours[ours_first:ours_end]), tuple(theirs[first:end]), any(map(_reports, beside)), inside)
        )
    return Comparison(shared / len(ours), tuple(slots))


def items_of(sentence: Sentence) -> list[Item]:
    """The sentence as a row of items, in order."""
    denials = denying(sentence)
    words = {word.start: word.folded for word in sentence.words}
    things: list[tuple[int, Item]] = [
        (mention.start, Item(("name", mention.entity_id), mention)) for mention in sentence.mentions
    ]
    things += [
        (q.start, Item(("number", q.sort == "percent", q.value), q, words.get(q.start, "")))
        for q in sentence.quantities
    ]
    things += [(m.start, Item(("date", m.year, m.month, m.day, m.weekday), m)) for m in sentence.dates]
    things += [
        (word.start, Item(("word", word.term or word.folded), word, word.folded, position in denials))
        for position, word in enumerate(sentence.words)
        if word.is_free
    ]
    return [item for _, item in sorted(things, key=lambda each: each[0])]


def _stranger(slot: Slot) -> tuple[Word, Mention] | None:
    """An unlisted name of the claim where its source has a listed one."""
    theirs = [item.thing for item in slot.theirs if isinstance(item.thing, Mention)]
    ours = [word for word in _words(slot.ours) if word.is_proper]
    listed = any(isinstance(item.thing, Mention) for item in slot.ours)
    return (ours[-1], theirs[-1]) if theirs and ours and not listed and len(slot.ours) <= FEW else None


def _is_put_in(slot: Slot) -> bool:
    """Whether a slot is more than a clause left off at either end."""
    return slot.is_inside or bool(slot.ours)


def _words(items: Iterable[Item]) -> list[Word]:
    return [item.thing for item in items if isinstance(item.thing, Word)]


def _reports(item: Item) -> bool:
    return isinstance(item.thing, Word) and is_reporting(item.thing)


def _are_opposites(one: str, other: str) -> bool:
    ours, theirs = dict(sides_of(one)), dict(sides_of(other))
    return any(ours[pair] != theirs[pair] for pair in ours.keys() & theirs.keys())


def _is_sort(one: Thing, other: Thing) -> bool:
    """Whether the two could stand for one another at all: percentages for percentages, weekdays for weekdays."""
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return (one.sort == "percent") == (other.sort == "percent")
    if isinstance(one, Moment) and isinstance(other, Moment):
        return (one.weekday is None) == (other.weekday is None)
    return True


def _same(one: Thing, other: Thing) -> bool:
    if isinstance(one, Mention) and isinstance(other, Mention):
        return stands_for(one.entity_id, other.entity_id)
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return bears_out(other, one)
    return isinstance(one, Moment) and isinstance(other, Moment) and is_date_of(other, one)


def _among(one: Thing, others: Sequence[Thing]) -> bool:
    return any(_same(one, other) for other in others)
