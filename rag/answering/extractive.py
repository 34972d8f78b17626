"""The extractive answerer: the exact sentences that answer, each with its citation, and nothing else.

It needs no language model and cannot invent: every sentence is a span of a document, and all that is added is the
date of a report whose sentence names none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.text.dates import names_date, spell_date
from index.text.sentences import split_sentences
from index.types import REFERENCE_KINDS, Document, Span
from rag.answering.evidence import Evidence
from rag.citations import cite
from rag.grounding import support
from rag.types import AnswerSentence, Citation


@dataclass(frozen=True, slots=True)
class ExtractiveLimits:
    """How much an answer says. Scores are those of `find_evidence`.

    Sentences below `lowest_score` only fill: up to 2.5 nothing is lost (correct answers to three question sets).
    """

    sentences: int = 4
    words: int = 80
    lowest_score: float = 2.0
    same_passage_bonus: float = 0.5
    largest_overlap: float = 0.6


LIMITS = ExtractiveLimits()

_LEANS_ON_PREVIOUS = re.compile(
    r"(he|she|it|they|his|her|its|their|this|that|these|those|both|neither|the (two|three|latter|former|same|move|"
    r"proposal|statement|remarks?)|he'd|він|вона|воно|вони|його|її|їх|це|цей|ця|ці|обидва|обидві|"
    r"он|она|оно|они|его|ее|её|их|это|этот|эта|эти|оба|обе)\b",
    re.IGNORECASE,
)
# Emphasis anywhere, and the sign that opens a list item or a quotation block.
_MARKS = re.compile(r"\*\*|__|^\s*(?:[-*+•>]|\d{1,3}[.)])\s+")
_ACTIVE = re.compile(r"[\[\]<]")


@dataclass(frozen=True, slots=True)
class Draft:
    """The sentences of an answer and what they cite; markers count from 1 in the order of first use."""

    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]

    @property
    def text(self) -> str:
        """The sentences with their markers, one paragraph of Markdown."""
        return " ".join(
            _escaped(sentence.text) + "".join(f" [{marker}]" for marker in sentence.citations)
            for sentence in self.sentences
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence as the answer shows it, with the span it rests on."""

    evidence: Evidence
    document: Document
    span: Span
    text: str


def compose(
    evidence: Sequence[Evidence],
    language: str,
    limits: ExtractiveLimits = LIMITS,
    translation_level: float | None = None,
) -> Draft:
    """The answer that the best evidence gives, best first; empty when there is none.

    `language` is that of the reader, in which added dates are spelled; `translation_level` is the embedder's.
    """
    sentences, citations = [], []
    for chosen in select(evidence, language, limits, translation_level):
        citation = cite(len(citations) + 1, chosen.document, chosen.span)
        score = support(_evidence_of(citation), chosen.text)
        sentences.append(AnswerSentence(text=chosen.text, citations=(citation.marker,), support=score))
        citations.append(citation)
    return Draft(tuple(sentences), tuple(citations))


def select(
    evidence: Sequence[Evidence],
    language: str,
    limits: ExtractiveLimits = LIMITS,
    translation_level: float | None = None,
) -> list[Chosen]:
    """The best sentences that fit, without repetition; once one is chosen, others of its passage are favoured.

    The best one is taken even where it alone is longer than the limit.
    """
    chosen: list[Chosen] = []
    left = list(evidence)
    room = limits.words
    while left and len(chosen) < limits.sentences:
        best = max(left, key=lambda candidate: candidate.score)
        left.remove(best)
        shown = _shown(best, language, limits)
        length = len(shown.text.split())
        if chosen and (best.score < limits.lowest_score or length > room):
            continue
        if any(_repeats(shown, other, limits.largest_overlap, translation_level) for other in chosen):
            continue
        if not chosen:
            left = [_favoured(candidate, best, limits) for candidate in left]
        chosen.append(shown)
        room -= length
    return chosen


def with_antecedent(document: Document, span: Span, max_words: int) -> Span:
    """The span, begun one sentence earlier where it opens with a pronoun and both fit into `max_words`."""
    if not _LEANS_ON_PREVIOUS.match(document.text[span.start : span.end].lstrip("\"'«“*")):
        return span
    paragraph = max(document.text.rfind("\n\n", 0, span.start), 0)
    before = split_sentences(document.text[paragraph : span.start])
    if not before:
        return span
    longer = Span(paragraph + before[-1].start, span.end)
    return longer if len(document.text[longer.start : longer.end].split()) <= max_words else span


def dated(text: str, document: Document, language: str) -> str:
    """The text, with the document's date in front where that is the date of an event or report and it names none."""
    if document.date is None or document.kind in REFERENCE_KINDS or names_date(text):
        return text
    return f"{spell_date(document.date, language)}: {text}"


def without_marks(text: str) -> str:
    """The words of a quote, on one line and without the Markdown that its document was written in."""
    return " ".join(_MARKS.sub("", text).split())


def _shown(evidence: Evidence, language: str, limits: ExtractiveLimits) -> Chosen:
    document = evidence.sentence.passage.document
    span = with_antecedent(document, evidence.sentence.span, limits.words // 2)
    text = dated(without_marks(document.text[span.start : span.end]), document, language)
    return Chosen(evidence, document, span, text)


def _favoured(candidate: Evidence, first: Evidence, limits: ExtractiveLimits) -> Evidence:
    same = candidate.sentence.passage.chunk.id == first.sentence.passage.chunk.id
    return replace(candidate, score=candidate.score + limits.same_passage_bonus) if same else candidate


def _repeats(one: Chosen, other: Chosen, largest_overlap: float, translation_level: float | None) -> bool:
    """Whether they show the same words, say for the most part the same, or are translations of one another."""
    if one.document.id == other.document.id and one.span.start < other.span.end and other.span.start < one.span.end:
        return True
    if translation_level is not None and one.document.language != other.document.language:
        return float(one.evidence.sentence.embedding @ other.evidence.sentence.embedding) >= translation_level
    ours, theirs = one.evidence.tokens, other.evidence.tokens
    return len(ours & theirs) > largest_overlap * min(len(ours), len(theirs))


def _escaped(text: str) -> str:
    """The text as Markdown that shows it as it is: what a document says can be no marker, link, image or HTML."""
    return _ACTIVE.sub(r"\\\g<0>", text)


def _evidence_of(citation: Citation) -> str:
    """What a citation lends support with: its words, and the title and date under which they stand."""
    date = f"{citation.date.isoformat()} {spell_date(citation.date, 'en')}. " if citation.date else ""
    return f"{citation.title}. {date}{citation.quote}"
