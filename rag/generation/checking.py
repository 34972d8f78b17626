"""Whether a sentence that a model wrote may be shown, and the exact words that it is shown with.

A sentence stands if some few consecutive sentences of a document bear it out: every quotation is in them word for word,
every address in them letter for letter, and `rag.grounding` finds nothing against it. The passages that the model named
are looked at first, then all others; what no passage bears out is dropped. A claim in another language than the words
it rests on shares none with them: there names, numbers and negation must agree and the embeddings lie as close as those
of translations do. Nothing here reasons, and no similarity is called entailment.

A sentence that only has too many new words is dropped, unless somebody else may decide on it: with `rewordings` it
comes back as "reworded", for the model's second check (PARLEY_LLM_VERIFY), and is not to be shown without that.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from index.embedding import Embedder
from index.text.language import guess_language
from index.text.names import Names
from index.types import Document, Span
from rag.answering.evidence import says_something
from rag.generation.closeness import has_other_speaker, keeps_close
from rag.generation.material import Material
from rag.generation.quotations import locate, quotations
from rag.generation.sentences import Claim
from rag.grounding import SUPPORTED_FROM, Verdict, check, differ_in_language

LONGEST_WINDOW = 3  # sentences that one citation may span
NEAREST = 3  # passages that are gone through sentence by sentence, in the claim's language and in others
MOST_PARTNERS = 12  # windows that are tried as the second of two
# Beyond the embedder's own level, which is for showing a sentence once rather than for believing it: of 17 sentences
# made by hand, 6 of 8 translations pass with it and none of 9 that say something else.
TRANSLATION_MARGIN = 0.02
NEAR_BEST = 0.05  # support that a shorter window may lack, for a citation should not say more than it must

ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+(?:\.[\w-]+)*\.[a-zа-яіїєґ]{2,}(?:/\S*)?", re.IGNORECASE
)
_ENDING = ".,;:!?)]\"'»”’"


@dataclass(frozen=True, slots=True)
class Ground:
    """Words that bear a sentence out."""

    document: Document
    span: Span


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence after its check; one that is dropped has no grounds, and the reasons why.

    One that is "reworded" has nothing against it but new words, and stands only if a second check says so.
    """

    text: str
    outcome: Literal["kept", "recited", "reworded", "dropped"]
    grounds: tuple[Ground, ...] = ()
    support: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Window:
    """A few consecutive sentences of one passage, and how far they bear the claim out.

    `reworded` tells that the claim has new words, and that nothing else speaks against it.
    """

    material: Material
    span: Span
    verdict: Verdict
    reworded: bool = False

    @property
    def ground(self) -> Ground:
        return Ground(self.material.document, self.span)

    @property
    def evidence(self) -> str:
        return self.material.evidence(self.span)

    def overlaps(self, other: "_Window") -> bool:
        same = self.material.document.id == other.material.document.id
        return same and self.span.start < other.span.end and other.span.start < self.span.end


class SentenceChecker:
    """Checks claims against the passages that the model was shown."""

    def __init__(
        self, materials: Sequence[Material], names: Names, embedder: Embedder, *, rewordings: bool = False
    ) -> None:
        self._materials = {material.number: material for material in materials}
        self._names = names
        self._embedder = embedder
        self._rewordings = rewordings

    def check(self, claim: Claim) -> Checked:
        """Where the claim is borne out, or why it is dropped."""
        if not says_something(claim.text):
            return Checked(claim.text, "dropped", reasons=("it says nothing",))
        attempt = _Attempt(claim.text, self._names, self._embedder)
        named = [self._materials[number] for number in claim.numbers if number in self._materials]
        others = [material for material in self._materials.values() if material not in named]
        for materials, outcome in ((named, "kept"), (others, "recited")):
            if windows := attempt.borne_out_by(materials):
                grounds = tuple(window.ground for window in windows)
                return Checked(claim.text, outcome, grounds, min(window.verdict.support for window in windows))
        if self._rewordings and (window := attempt.reworded):
            return Checked(claim.text, "reworded", (window.ground,), window.verdict.support)
        return Checked(claim.text, "dropped", reasons=attempt.reasons)


class _Attempt:
    """One claim on its way through the passages."""

    def __init__(self, text: str, names: Names, embedder: Embedder) -> None:
        self._text = text
        self._names = names
        self._embedder = embedder
        self._quotations = quotations(text, names)
        self._addresses = [address.rstrip(_ENDING) for address in ADDRESS.findall(text)]
        self._language = guess_language(text)
        self._embedding: np.ndarray | None = None
        self._against = Verdict(False, 0.0, ("there is no passage",))
        self._reworded: list[_Window] = []

    @property
    def reworded(self) -> _Window | None:
        """Of all windows so far the one that says most of the claim, its new words being all that is against it."""
        return _shortest_of_best(self._reworded) if self._reworded else None

    @property
    def reasons(self) -> tuple[str, ...]:
        """What spoke against the claim where it came nearest to being borne out."""
        return self._against.reasons or ("too little of it is in the passages",)

    def borne_out_by(self, materials: Sequence[Material]) -> list[_Window]:
        """The window that bears the claim out, or two that do so together; [] if none do."""
        windows = [
            self._alone(material, span)
            for material in self._nearest(materials)
            for span in material.windows(LONGEST_WINDOW)
        ]
        if not windows:
            return []
        self._reworded += [window for window in windows if window.reworded]
        if sound := [window for window in windows if window.verdict.supported]:
            return [_shortest_of_best(sound)]
        best = max(windows, key=lambda window: window.verdict.support)
        if best.verdict.support >= self._against.support:
            self._against = best.verdict
        return self._in_two(best, windows)

    def _nearest(self, materials: Sequence[Material]) -> list[Material]:
        """The passages worth going through sentence by sentence: the nearest in the claim's language, and in others."""
        alike = [material for material in materials if self._speaks_alike(material)]
        foreign = [material for material in materials if not self._speaks_alike(material)]
        return [*_first(alike, self._overlap), *_first(foreign, self._greatest_likeness)]

    def _speaks_alike(self, material: Material) -> bool:
        return "und" in (self._language, material.document.language) or material.document.language == self._language

    def _overlap(self, material: Material) -> float:
        span = Span(material.sentences[0].span.start, material.sentences[-1].span.end)
        return check(self._text, material.evidence(span), self._names).support

    def _greatest_likeness(self, material: Material) -> float:
        return max(self._likeness(material, sentence.span) for sentence in material.sentences)

    def _in_two(self, best: _Window, windows: Iterable[_Window]) -> list[_Window]:
        """The best window and another one, for a sentence that puts two together."""
        partners = [window for window in windows if window.verdict.support > 0 and not window.overlaps(best)]
        partners = sorted(partners, key=lambda window: -window.verdict.support)[:MOST_PARTNERS]
        pairs = [
            _Window(other.material, other.span, self._verdict(f"{best.evidence}\n{other.evidence}"))
            for other in partners
        ]
        sound = [window for window in pairs if window.verdict.supported]
        if not sound:
            return []
        partner = _shortest_of_best(sound)
        return [_Window(best.material, best.span, partner.verdict), partner]

    def _alone(self, material: Material, span: Span) -> _Window:
        evidence = material.evidence(span)
        verdict = self._verdict(evidence)
        if verdict.supported or verdict.reasons:
            return _Window(material, span, verdict)
        if self._speaks_alike(material):
            return _Window(material, span, verdict, reworded=verdict.support >= SUPPORTED_FROM)
        return _Window(material, span, self._across_languages(material, span, evidence) or verdict)

    def _across_languages(self, material: Material, span: Span, evidence: str) -> Verdict | None:
        """The verdict on a claim whose words cannot be compared, if it lies as near as translations do."""
        likeness, level = self._likeness(material, span), self._embedder.translation_level
        if level is None or likeness < level + TRANSLATION_MARGIN:
            return None
        # Only by embeddings is it known which sentence a claim in another language denies.
        embedder = self._embedder if differ_in_language(evidence, self._text) else None
        reasons = check(self._text, evidence, self._names, embedder).reasons
        return Verdict(not reasons, likeness, reasons)

    def _verdict(self, evidence: str) -> Verdict:
        altered = [quote for quote in self._quotations if locate(quote, evidence) is None]
        reasons = [f"the quotation “{quote}” is not in the evidence" for quote in altered]
        reasons += [f"{address} is not in the evidence" for address in self._addresses if address not in evidence]
        verdict = check(self._text, evidence, self._names)
        reasons += verdict.reasons
        if verdict.supported and has_other_speaker(self._text, evidence, self._names):
            reasons.append("speaker differs")
        sound = verdict.supported and not reasons and keeps_close(self._text, evidence, self._names)
        return replace(verdict, supported=sound, reasons=tuple(reasons))

    def _likeness(self, material: Material, span: Span) -> float:
        """The similarity of claim and sentence, 0 for a window of several: those have no embedding."""
        for sentence in material.sentences:
            if sentence.span == span:
                if self._embedding is None:
                    self._embedding = self._embedder.encode_passages([self._text])[0]
                return min(1.0, float(sentence.embedding @ self._embedding))
        return 0.0


def _first(materials: Sequence[Material], nearness: Callable[[Material], float]) -> list[Material]:
    if len(materials) <= NEAREST:
        return list(materials)
    return sorted(materials, key=nearness, reverse=True)[:NEAREST]


def _shortest_of_best(windows: Sequence[_Window]) -> _Window:
    """The shortest of those whose support is nearly the best."""
    level = max(window.verdict.support for window in windows) - NEAR_BEST
    near = (window for window in windows if window.verdict.support >= level)
    return min(near, key=lambda window: (window.span.end - window.span.start, -window.verdict.support))
