"""The extractive answerer: the exact sentences that answer, each with its citation, and nothing else.

It needs no language model and cannot invent: every sentence is a span of a document, and all that is added is the
date of a report whose sentence names none, and the name of a person whom it calls "he".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.text.dates import names_date, spell_date
from index.text.entities import Entity, spelled
from index.text.names import Names
from index.types import REFERENCE_KINDS, Document, Span
from rag.answering.antecedent import leans_back, with_antecedent
from rag.answering.evidence import Evidence
from rag.citations import cite
from rag.grounding import support
from rag.types import AnswerSentence, Citation


@dataclass(frozen=True, slots=True)
class ExtractiveLimits:
    """How much an answer says. Scores are those of `find_evidence`.

    Sentences below `lowest_score` only fill: up to 2.5 nothing is lost (correct answers to three question sets).
    `new_terms_bonus` is for a further sentence that holds every term of the question that those before it lack.
    """

    sentences: int = 4
    words: int = 80
    lowest_score: float = 2.0
    same_passage_bonus: float = 0.5
    new_terms_bonus: float = 4.0
    largest_overlap: float = 0.6


LIMITS = ExtractiveLimits()

# Before an account that does not agree with the one before it.
_OTHERWISE = {
    "en": "Another account differs:",
    "uk": "Інше повідомлення розходиться з цим:",
    "ru": "Другое сообщение расходится с этим:",
}
# Emphasis anywhere, and the sign that opens a list item or a quotation block.
_MARKS = re.compile(r"\*\*|__|^\s*(?:[-*+•>]|\d{1,3}[.)])\s+")
_ACTIVE = re.compile(r"[\[\]<]")


@dataclass(frozen=True, slots=True)
class Draft:
    """The sentences of an answer and what they cite; markers count from 1 in the order of first use.

    `preface` is what Parley itself says before them; with `listed` each sentence is a paragraph of its own. `briefing`
    is the subject that there is more to say on.
    """

    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    preface: str = ""
    listed: bool = False
    briefing: str = ""

    @property
    def text(self) -> str:
        """The sentences with their markers, in Markdown."""
        shown = [
            as_markdown(sentence.text) + "".join(f" [{marker}]" for marker in sentence.citations)
            for sentence in self.sentences
        ]
        body = ("\n\n" if self.listed else " ").join(shown)
        return "\n\n".join(part for part in (self.preface, body) if part)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence as the answer shows it, with the spans it rests on: its own first, then where its subject is named."""

    evidence: Evidence
    document: Document
    spans: tuple[Span, ...]
    text: str


def compose(
    evidence: Sequence[Evidence],
    language: str,
    names: Names,
    limits: ExtractiveLimits = LIMITS,
    translation_level: float | None = None,
    further: Sequence[Sequence[Evidence]] = (),
) -> Draft:
    """The answer that the best evidence gives, best first; empty when there is none.

    `language` is that of the reader, in which added dates are spelled; `translation_level` is the embedder's; `further`
    is the evidence for the other parts of a question that has several.
    """
    sentences: list[AnswerSentence] = []
    citations: list[Citation] = []
    for chosen in select(evidence, language, names, limits, translation_level, further):
        first = len(citations) + 1
        cited = [cite(first + index, chosen.document, span) for index, span in enumerate(chosen.spans)]
        score = support(" ".join(map(evidence_of, cited)), chosen.text)
        markers = tuple(citation.marker for citation in cited)
        sentences.append(AnswerSentence(text=chosen.text, citations=markers, support=score))
        citations += cited
    return Draft(tuple(sentences), tuple(citations))


def select(
    evidence: Sequence[Evidence],
    language: str,
    names: Names,
    limits: ExtractiveLimits = LIMITS,
    translation_level: float | None = None,
    further: Sequence[Sequence[Evidence]] = (),
) -> list[Chosen]:
    """The best sentences that fit, without repetition; once one is chosen, others of its passage are favoured.

    So are those that speak of what the question names and no sentence before them did.

    The best one is taken even where it alone is longer than the limit. With `further` the parts of the question take
    turns.
    """
    chosen: list[Chosen] = []
    spoken_of: frozenset[str] = frozenset()
    parts = [list(evidence), *map(list, further)]
    room = limits.words
    longest = min(limits.words * 3 // 4, limits.words // len(parts))
    while parts and len(chosen) < limits.sentences:
        left = parts[0]
        if not left:
            del parts[0]
            continue
        best = max(left, key=lambda one: one.score + (_new_terms(one, spoken_of, limits) if chosen else 0.0))
        left.remove(best)
        place, shown = _shown(best, chosen, language, names, longest)
        if shown is None:
            continue
        length = len(shown.text.split())
        if chosen and (best.score < limits.lowest_score or length > room):
            continue
        # Accounts that differ in a number are worded alike.
        overlap = 1.0 if best.differs else limits.largest_overlap
        if any(_repeats(shown, other, overlap, translation_level) for other in chosen):
            continue
        if len(chosen) <= len(further):
            parts = [[_favoured(candidate, best, limits) for candidate in part] for part in parts]
        chosen.insert(place, shown)
        spoken_of |= best.question_terms.keys()
        room -= length
        parts.append(parts.pop(0))
    return chosen


def introduced(text: str, document: Document, subject: Entity | None, language: str) -> str:
    """The text, with whom it speaks of in front where it only says "he", and with its date where it names none.

    The date is that of an event or report; pages without an event of their own have none.
    """
    has_date = document.date is None or document.kind in REFERENCE_KINDS or names_date(text)
    front = [spelled(subject, language)] if subject else []
    front += [] if has_date else [spell_date(document.date, language)]
    return f"{', '.join(front)}: {text}" if front else text


def without_marks(text: str) -> str:
    """The words of a quote, on one line and without the Markdown that its document was written in."""
    return " ".join(_MARKS.sub("", text).split())


def _shown(
    evidence: Evidence, chosen: Sequence[Chosen], language: str, names: Names, longest: int
) -> tuple[int, Chosen | None]:
    """The sentence as it is shown, and its place among those `chosen`; None where it could be misunderstood."""
    document, span = evidence.sentence.passage.document, evidence.sentence.span
    quote = without_marks(document.text[span.start : span.end])
    for place, other in enumerate(chosen, start=1):
        if other.document.id == document.id and _adjoins(document, other.spans[0], span) and leans_back(quote, names):
            return place, Chosen(evidence, document, (span,), quote)
    shown = with_antecedent(document, span, names, longest)
    if shown is None:
        return len(chosen), None
    quote = without_marks(document.text[shown.span.start : shown.span.end])
    spans = (shown.span, shown.named_at) if shown.named_at else (shown.span,)
    text = introduced(quote, document, shown.subject, language)
    return len(chosen), Chosen(
        evidence, document, spans, f"{_OTHERWISE[language]} {text}" if evidence.differs else text
    )


def _adjoins(document: Document, earlier: Span, later: Span) -> bool:
    """Whether nothing stands between the two, not even the end of a paragraph."""
    gap = document.text[earlier.end : later.start]
    return earlier.end <= later.start and not gap.strip() and "\n\n" not in gap


def _favoured(candidate: Evidence, first: Evidence, limits: ExtractiveLimits) -> Evidence:
    same = candidate.sentence.passage.chunk.id == first.sentence.passage.chunk.id
    return replace(candidate, score=candidate.score + limits.same_passage_bonus) if same else candidate


def _new_terms(candidate: Evidence, spoken_of: frozenset[str], limits: ExtractiveLimits) -> float:
    """The bonus for the share of the question that the candidate adds to what has been spoken of."""
    shares = candidate.question_terms
    return limits.new_terms_bonus * sum(share for term, share in shares.items() if term not in spoken_of)


def _repeats(one: Chosen, other: Chosen, largest_overlap: float, translation_level: float | None) -> bool:
    """Whether they show the same words, say for the most part the same, or are translations of one another."""
    if one.document.id == other.document.id and _overlap(one.spans[0], other.spans[0]):
        return True
    if translation_level is not None and one.document.language != other.document.language:
        return float(one.evidence.sentence.embedding @ other.evidence.sentence.embedding) >= translation_level
    ours, theirs = one.evidence.tokens, other.evidence.tokens
    return len(ours & theirs) > largest_overlap * min(len(ours), len(theirs))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def as_markdown(text: str) -> str:
    """The text as Markdown that shows it as it is: what a document says can be no marker, link, image or HTML."""
    return _ACTIVE.sub(r"\\\g<0>", text)


def evidence_of(citation: Citation) -> str:
    """What a citation lends support with: its words, and the title and date under which they stand."""
    date = f"{citation.date.isoformat()} {spell_date(citation.date, 'en')}. " if citation.date else ""
    return f"{citation.title}. {date}{citation.quote}"
