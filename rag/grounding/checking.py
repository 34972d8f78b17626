"""The verdict on a claim, and the score alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from index.embedding import Embedder
from index.text.names import Mention, Names, load_names
from rag.grounding.alignment import Alignment, Part, align, holds
from rag.grounding.numbers import Quantity
from rag.grounding.polarity import denials, opposite, polarity_differs
from rag.grounding.quotations import bare_words, is_verbatim, quotations
from rag.grounding.reading import Reading, Sentence, Word, read
from rag.grounding.similarity import Nearness, nearness
from rag.grounding.slots import Comparison, compare
from rag.grounding.speakers import roles_exchanged, speaker_differs, stands_for

SUPPORTED_FROM = 0.5


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
class Blend:
    """What goes into a score besides the words of the claim: its names and figures standing near its words, and the
    nearness of embeddings. `foreign_facts` is what names and figures are worth where words cannot be compared."""

    attachment: float = 0.25
    nearness: float = 0.3
    foreign_nearness: float = 0.6
    foreign_facts: float = 0.7


BLEND = Blend()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text supports a claim, how far (0..1), and what speaks against it, in plain words."""

    supported: bool
    support: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """Something that speaks against a claim, and what it leaves of the score."""

    reason: str
    factor: float


def check(claim: str, evidence: str, names: Names, embedder: Embedder | None = None) -> Verdict:
    """What comparing `claim` with `evidence` gives; an empty text supports nothing, and nothing supports one.

    An `embedder` lets other words, and other languages, count where they are near in meaning. Without one a claim in
    another alphabet than its evidence is judged by names and figures alone.
    """
    said, source = read(claim, names), read(evidence, names)
    if _stands_in(said, source):
        return Verdict(True, 1.0)
    judged = [_judge(sentence, said, source, names, embedder) for sentence in said.sentences]
    weight = sum(each.weight for each in judged)
    if not weight:
        return Verdict(False, 0.0)
    found = [objection for each in judged for objection in each.objections] + list(_misquoted(said, source))
    score = sum(each.weight * each.share for each in judged) / weight * prod(each.factor for each in found)
    reasons = tuple(dict.fromkeys(objection.reason for objection in found))
    return Verdict(score >= SUPPORTED_FROM, score, reasons)


def support(evidence: str, claim: str, embedder: Embedder | None = None) -> float:
    """How far `evidence` supports `claim`, 0..1, with the names that ship; whole sentences of it score 1."""
    return check(claim, evidence, load_names(), embedder).support


@dataclass(frozen=True, slots=True)
class _Judged:
    """What became of one sentence of a claim; without weight where it says nothing that can be compared."""

    weight: float
    share: float
    objections: tuple[Objection, ...]


def _judge(sentence: Sentence, said: Reading, source: Reading, names: Names, embedder: Embedder | None) -> _Judged:
    foreign = said.is_cyrillic != source.is_cyrillic
    aligned = align(sentence, source, foreign=foreign)
    if aligned is None:
        return _Judged(0.0, 0.0, ())
    near = nearness(aligned, source, embedder, foreign=foreign)
    if foreign:
        found = _foreign_objections(aligned, source, near, names)
        return _Judged(aligned.weight or 1.0, _foreign_share(aligned, near), tuple(found))
    share = aligned.borne_out() * (1 - BLEND.attachment + BLEND.attachment * aligned.attachment())
    if near:
        share = (1 - BLEND.nearness) * share + BLEND.nearness * near.level
    return _Judged(aligned.weight, share, tuple(_objections(aligned, source, names)))


def _foreign_share(aligned: Alignment, near: Nearness | None) -> float:
    """How much of a claim in another alphabet is there, by its names and figures and by embeddings."""
    if near is None:
        return BLEND.foreign_facts * aligned.borne_out()
    if not aligned.parts:
        return near.level
    return (1 - BLEND.foreign_nearness) * aligned.borne_out() + BLEND.foreign_nearness * near.level


def _stands_in(claim: Reading, evidence: Reading) -> bool:
    """Whether the claim is one or more whole sentences of the evidence, word for word."""
    words = bare_words(claim.text)
    if not words.strip():
        return False
    sentences = [bare_words(sentence.text).strip() for sentence in evidence.sentences]
    text = words.strip()
    for start, first in enumerate(sentences):
        if not first or not text.startswith(first):
            continue
        joined = first
        for following in sentences[start + 1 :]:
            if len(joined) >= len(text):
                break
            joined = f"{joined} {following}"
        if joined == text:
            return True
    return False


def _misquoted(claim: Reading, evidence: Reading) -> Iterator[Objection]:
    if claim.is_cyrillic != evidence.is_cyrillic:
        return
    if any(not is_verbatim(quoted, evidence.text) for quoted in quotations(claim.text)):
        yield Objection("quotation is not word for word in the evidence", PENALTIES.quotation)


def _objections(aligned: Alignment, evidence: Reading, names: Names) -> Iterator[Objection]:
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


def _foreign_objections(
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
