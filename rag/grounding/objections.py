"""What speaks against a claim, beside the evidence: a name, number or date that differs, a denial, another speaker."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.text.names import Mention, Names
from rag.grounding.alignment import Alignment, Part, holds
from rag.grounding.numbers import Quantity
from rag.grounding.polarity import denials, opposite, polarity_differs
from rag.grounding.quotations import is_verbatim, quotations
from rag.grounding.reading import Reading, Sentence, Word
from rag.grounding.similarity import Nearness
from rag.grounding.slots import Comparison, compare
from rag.grounding.speakers import roles_exchanged, speaker_differs, stands_for


@dataclass(frozen=True, slots=True)
class Penalties:
    """What is left of a score for each thing that speaks against a claim."""

    number: float = 0.4
    date: float = 0.45
    name: float = 0.45
    small_number: float = 0.7
    negation: float = 0.45
    foreign_negation: float = 0.6
    opposite: float = 0.5
    speaker: float = 0.45
    roles: float = 0.5
    quotation: float = 0.45


PENALTIES = Penalties()
# How much of what is no name, number or date a sentence must share with the claim for another one in their place to
# count as an exchange.
ALIKE = 0.6
# How much of a claim must stand in a sentence of the evidence, in order, for the two to be compared word by word.
WORDED_ALIKE = 0.6
MUCH_LONGER = 1.5  # times as many words, among which a denial may be about something else
COUNTED = 10  # a number up to which may be a count that nobody wrote down


@dataclass(frozen=True, slots=True)
class Objection:
    """Something that speaks against a claim, and what it leaves of the score."""

    reason: str
    factor: float


def misquoted(claim: Reading, evidence: Reading) -> Iterator[Objection]:
    if claim.is_cyrillic != evidence.is_cyrillic:
        return
    if any(not is_verbatim(quoted, evidence.text) for quoted in quotations(claim.text)):
        yield Objection("quotation is not word for word in the evidence", PENALTIES.quotation)


def objections(aligned: Alignment, evidence: Reading, names: Names) -> Iterator[Objection]:
    """What speaks against one sentence of the claim."""
    compared = (compare(aligned.claim, evidence.sentences[index]) for index in aligned.best)
    nearest = max(compared, key=_nearness, default=Comparison(0.0, ()))
    worded_alike = nearest.share >= WORDED_ALIKE
    everywhere = aligned.everywhere
    alike = [index for index in aligned.best if _likeness(aligned, evidence.sentences[index]) >= ALIKE]
    for index, part in enumerate(aligned.parts):
        if isinstance(part, Word):
            continue
        kind, factor, spelled = _described(part, names)
        if index not in everywhere:
            yield Objection(f"{kind} {spelled} is not in the evidence", _if_missing(part, factor))
        elif not worded_alike and (rival := _rival(aligned, index, alike, evidence.sentences, names)):
            yield Objection(f"{kind} differs: {spelled} in the claim, {rival} in the evidence", factor)
    if worded_alike:
        yield from _of_slots(nearest, names)
    else:
        yield from _of_sentences(aligned, alike, evidence.sentences, names)


def _if_missing(part: Part, factor: float) -> float:
    """Small numbers weigh less: they may have been counted, or worked out."""
    counted = isinstance(part, Quantity) and part.sort != "percent" and part.value <= COUNTED
    return PENALTIES.small_number if counted else factor


def foreign_objections(
    aligned: Alignment, evidence: Reading, near: Nearness | None, names: Names
) -> Iterator[Objection]:
    """What speaks against a claim in another alphabet than its evidence."""
    for index, part in enumerate(aligned.parts):
        if isinstance(part, Word):
            continue
        kind, factor, spelled = _described(part, names)
        if index not in aligned.everywhere:
            yield Objection(f"{kind} {spelled} is not in the evidence", _if_missing(part, factor))
        elif near and (rival := _rival(aligned, index, near.nearest, evidence.sentences, names)):
            yield Objection(f"{kind} differs: {spelled} in the claim, {rival} in the evidence", factor)

    if near and _denies_alone(aligned.claim, [evidence.sentences[index] for index in near.nearest]):
        yield Objection("negation differs", PENALTIES.foreign_negation)


def _denies_alone(claim: Sentence, nearest: Sequence[Sentence]) -> bool:
    """Whether of a claim and the sentences nearest to it, which are not much longer, only one side denies anything."""
    denies = bool(denials(claim))
    return all(
        bool(denials(sentence)) != denies and len(sentence.words) <= MUCH_LONGER * len(claim.words)
        for sentence in nearest
    )


def _nearness(comparison: Comparison) -> tuple[float, int]:
    return comparison.share, -len(comparison.slots)


def _of_slots(comparison: Comparison, names: Names) -> Iterator[Objection]:
    """What speaks against a claim that says nearly the same words as its source."""
    for sort, ours, theirs in comparison.exchanged:
        _, factor, spelled = _described(ours, names)
        rival = _described(theirs, names)[2]
        yield Objection(f"{sort} differs: {spelled} in the claim, {rival} in the evidence", factor)
    if pair := comparison.opposites:
        yield Objection(f"says the opposite: {pair[0]} in the claim, {pair[1]} in the evidence", PENALTIES.opposite)
    elif comparison.differs_in_negation:
        yield Objection("negation differs", PENALTIES.negation)


def _of_sentences(
    aligned: Alignment, alike: Sequence[int], sentences: Sequence[Sentence], names: Names
) -> Iterator[Objection]:
    """What speaks against it in every sentence that says much the same."""
    claim, best = aligned.claim, alike
    if not best:
        return
    turned = [opposite(claim, sentences[index]) for index in best]
    denied = [polarity_differs(claim, sentences[index]) for index in best]
    # "did not rise" and "fell" say the same: one turns the other back.
    if all(denied[n] and not turned[n] for n in range(len(best))):
        yield Objection("negation differs", PENALTIES.negation)
    if all(turned[n] and not denied[n] for n in range(len(best))):
        ours, theirs = turned[0]
        yield Objection(f"says the opposite: {ours} in the claim, {theirs} in the evidence", PENALTIES.opposite)
    if all(speaker_differs(claim, sentences[index], sentences[:index], names) for index in best):
        yield Objection("speaker differs", PENALTIES.speaker)
    if all(roles_exchanged(claim, sentences[index], names) for index in best):
        yield Objection("roles are exchanged", PENALTIES.roles)


def _likeness(aligned: Alignment, sentence: Sentence) -> float:
    """The share of the claim's words, names and figures aside, that a sentence has."""
    terms = aligned.claim.terms
    return len(terms & sentence.all_terms) / len(terms) if terms else 1.0


def _rival(
    aligned: Alignment, index: int, alike: Sequence[int], sentences: Sequence[Sentence], names: Names
) -> str | None:
    """What stands where the claim has this part, if every sentence that says much the same has another one there."""
    rivals = []
    for best in alike:
        if index in aligned.around(best):
            return None
        other = next(
            (o for o in _others(sentences[best], aligned.parts[index], names) if not _wanted(o, aligned)), None
        )
        if other is None:
            return None
        rivals.append(_described(other, names)[2])
    return rivals[0] if rivals else None


def _others(sentence: Sentence, part: Part, names: Names) -> Sequence[Part]:
    """What a sentence has of the same sort as a part of the claim."""
    if isinstance(part, Mention):
        kind = names.entity(part.entity_id).kind
        return [mention for mention in sentence.mentions if names.entity(mention.entity_id).kind == kind]
    if isinstance(part, Quantity):
        return [quantity for quantity in sentence.quantities if quantity.sort == part.sort]
    return [moment for moment in sentence.dates if (moment.weekday is None) == (part.weekday is None)]


def _wanted(other: Part, aligned: Alignment) -> bool:
    """Whether the claim names this, too."""
    if isinstance(other, Mention):
        return any(stands_for(other.entity_id, entity) for entity in aligned.claim.entities)
    return holds(aligned.claim, other)


def _described(part: Part, names: Names) -> tuple[str, float, str]:
    """What sort of thing a part is, what its absence leaves of a score, and how it is spelled in a reason."""
    if isinstance(part, Mention):
        return "name", PENALTIES.name, names.entity(part.entity_id).label
    if isinstance(part, Word):
        return "name", PENALTIES.name, part.folded
    if isinstance(part, Quantity):
        return "number", PENALTIES.number, str(part)
    return "date", PENALTIES.date, str(part)
