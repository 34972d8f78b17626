"""The verdict on a claim, and the score alone."""

from dataclasses import dataclass
from math import prod

from index.embedding import Embedder
from index.text.names import Names, load_names
from rag.grounding.alignment import Alignment, align
from rag.grounding.dates import is_date_of
from rag.grounding.objections import Objection, foreign_objections, misquoted, objections
from rag.grounding.quotations import bare_words
from rag.grounding.reading import Reading, Sentence, read
from rag.grounding.similarity import Nearness, nearness

SUPPORTED_FROM = 0.5


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
    found = [objection for each in judged for objection in each.objections] + list(misquoted(said, source))
    score = sum(each.weight * each.share for each in judged) / weight * prod(each.factor for each in found)
    reasons = tuple(dict.fromkeys(objection.reason for objection in found))
    return Verdict(score >= SUPPORTED_FROM, score, reasons)


def support(evidence: str, claim: str, embedder: Embedder | None = None) -> float:
    """How far `evidence` supports `claim`, 0..1, with the names that ship; whole sentences of it score 1."""
    return check(claim, evidence, load_names(), embedder).support


def differ_in_language(evidence: str, claim: str) -> bool:
    """Whether the two are in languages whose words cannot, or hardly, be compared; then `support` wants an embedder."""
    said, source = read(claim, load_names()), read(evidence, load_names())
    return said.is_cyrillic != source.is_cyrillic or _are_kin(said, source)


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
    kin = _are_kin(said, source)
    near = nearness(aligned, source, embedder, foreign=foreign or kin)
    if foreign:
        found = foreign_objections(aligned, source, near, names)
        return _Judged(aligned.weight or 1.0, _foreign_share(aligned, near), tuple(found))
    share = aligned.borne_out() * (1 - BLEND.attachment + BLEND.attachment * aligned.attachment())
    if near and kin:
        share = max(share, _foreign_share(aligned, near))
    elif near:
        share = (1 - BLEND.nearness) * share + BLEND.nearness * near.level
    return _Judged(aligned.weight, share, tuple(objections(aligned, source, names)))


def _are_kin(said: Reading, source: Reading) -> bool:
    """Whether one is in Ukrainian and the other in Russian: many words are alike, many are not."""
    return {said.language, source.language} == {"uk", "ru"}


def _foreign_share(aligned: Alignment, near: Nearness | None) -> float:
    """How much of a claim in another alphabet is there, by its names and figures and by embeddings."""
    if near is None:
        return BLEND.foreign_facts * aligned.borne_out()
    if not aligned.parts:
        return near.level
    return (1 - BLEND.foreign_nearness) * aligned.borne_out() + BLEND.foreign_nearness * near.level


def _stands_in(claim: Reading, evidence: Reading) -> bool:
    """Whether the claim is one or more whole sentences of the evidence, word for word."""
    text = bare_words(_without_date(claim, evidence)).strip()
    if not text:
        return False
    sentences = [bare_words(sentence.text).strip() for sentence in evidence.sentences]
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


def _without_date(claim: Reading, evidence: Reading) -> str:
    """The claim without a date of the evidence in front, as in "22 January 2026: Witkoff flew to Moscow." """
    first = claim.dates[0] if claim.dates else None
    is_in_front = first and not claim.text[: first.start].strip() and claim.text.startswith(":", first.end)
    if is_in_front and any(is_date_of(held, first) for held in evidence.dates):
        return claim.text[first.end :]
    return claim.text
