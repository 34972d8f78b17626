"""What changed since a day: claims then and now beside each other, and what is not found again.

Documents dated before the day say what was claimed then, those from that day on what is claimed now. Pages without an
event of their own are left out, for their date does not tell when they say what. A claim counts as not found again when
no sentence of the newer passages on the subject holds half of its words; whether it was given up, no text is asked.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.names import Names
from index.types import REFERENCE_KINDS, Coverage, DocumentSummary
from rag.answering.answer_type import AnswerType
from rag.answering.evidence import Evidence, find_evidence
from rag.answering.extractive import Chosen, ExtractiveLimits, select
from rag.reading.quoted import Quoted, quoted
from rag.reading.wishes import Wish, wish_cues
from rag.retrieval.reranking import Reranked, rerank
from rag.retrieval.retriever import Query, make_query, retrieve
from rag.time.expressions import find_periods
from rag.time.fit import TimeFrame
from rag.types import Passage

CANDIDATES = 120  # passages that are looked for on each side
MOST_NEW = 50
READ = 20  # of them that claims are taken from
# What counts is to be on the topic, however few sentences compare. One figure may be all that changed, so that
# only what is nearly the same is repetition.
LIMITS = ExtractiveLimits(sentences=5, words=200, lowest_score=float("-inf"), largest_overlap=0.8)
FOUND_AGAIN = 0.5  # share of a claim's terms
SHARED_TERMS = 2  # beside those of the question, from which two claims are on the same matter


class Claim(Quoted):
    """What a document says; `subject` is whom the quote calls "he"."""

    subject: str | None = None


class Change(BaseModel):
    """A claim of the newer documents, and what they said of the same matter before; None where nothing was found."""

    model_config = ConfigDict(frozen=True)

    now: Claim
    before: Claim | None


class Changes(BaseModel):
    """The newest first. `not_found_again` are earlier claims that no newer document on the subject repeats.

    `new_documents` are dated, or were added or changed, since that day; at most MOST_NEW of `new_count`.
    """

    model_config = ConfigDict(frozen=True)

    topic: str
    since: dt.date
    coverage: Coverage
    changed: list[Change]
    not_found_again: list[Claim]
    new_documents: list[DocumentSummary]
    new_count: int
    index_version: str


@dataclass(frozen=True, slots=True)
class ChangeFinder:
    """Finds what changed, with the retrieval and the choice of sentences that answers are made with."""

    embedder: Embedder
    names: Names

    def find(
        self, snapshot: Snapshot, topic: str, since: dt.date, as_of: dt.date | None = None, language: str = "en"
    ) -> Changes:
        """What the documents from `since` to `as_of` say about `topic`, against those before; new ones in any case."""
        new = _new_documents(snapshot, since, as_of)
        if not topic:
            return _changes(snapshot, topic, since, as_of, new)
        newer = self._evidence(snapshot, topic, self._passages(snapshot, topic, as_of, since))
        older = self._evidence(snapshot, topic, self._passages(snapshot, topic, _last_day_before(since, as_of)))
        now = self._claims(snapshot, topic, newer, language)
        before = self._claims(snapshot, topic, older, language)
        pairs = self._pairs(snapshot, topic, now, before)
        taken = {id(one) for _, one in pairs if one}
        dropped = [one for one in before if id(one) not in taken and not _is_told(one, newer)]
        changed = [Change(now=claim_of(one), before=claim_of(other) if other else None) for one, other in pairs]
        gone = [claim_of(one) for one in sorted(dropped, key=_newest_first)] if now else []
        return _changes(snapshot, topic, since, as_of, new, changed, gone)

    def newest(self, snapshot: Snapshot, topic: str, as_of: dt.date | None = None, language: str = "en") -> list[Claim]:
        """What the reports up to `as_of` claim about `topic`, the newer ones favoured; the newest first."""
        evidence = self._evidence(snapshot, topic, self._passages(snapshot, topic, as_of))
        claims = self._claims(snapshot, topic, evidence, language)
        return [claim_of(one) for one in sorted(claims, key=_newest_first)]

    def _query(self, snapshot: Snapshot, topic: str, as_of: dt.date | None = None) -> Query:
        return make_query(topic, snapshot, self.embedder, self.names, as_of)

    def _passages(
        self, snapshot: Snapshot, topic: str, as_of: dt.date | None, since: dt.date = dt.date.min
    ) -> Reranked:
        """The best passages on the topic, of reports from `since` to `as_of`, the newer ones favoured."""
        query = self._query(snapshot, topic, as_of)
        found = retrieve(snapshot, query, CANDIDATES)
        fitting = [one for one in found if _is_report(one) and one.document.date >= since]
        return rerank(snapshot, query, TimeFrame(latest=True), fitting, READ)

    def _evidence(self, snapshot: Snapshot, topic: str, passages: Reranked) -> list[Evidence]:
        return find_evidence(self._query(snapshot, topic), AnswerType.OTHER, passages, self.names)

    def _claims(self, snapshot: Snapshot, topic: str, evidence: Sequence[Evidence], language: str) -> list[Chosen]:
        """The best sentences that are on the topic: they name it, or, in another language, come as near to it."""
        asked = frozenset(self._query(snapshot, topic).tokens)
        naming = [one for one in evidence if one.tokens & asked]
        if naming:
            level = float(np.median([one.sentence.similarity for one in naming]))
        else:
            level = float(np.quantile([one.sentence.similarity for one in evidence], 0.75)) if evidence else 0.0
        on_topic = [
            one
            for one in evidence
            if one.tokens & asked
            or (one.sentence.passage.document.language != language and one.sentence.similarity >= level)
        ]
        return select(on_topic, language, self.names, LIMITS, self.embedder.translation_level)

    def _pairs(
        self, snapshot: Snapshot, topic: str, now: Sequence[Chosen], before: Sequence[Chosen]
    ) -> list[tuple[Chosen, Chosen | None]]:
        """Each newer claim, the newest first, with the nearest earlier one that shares words beside the topic's."""
        asked = frozenset(self._query(snapshot, topic).tokens)
        pairs = []
        left = list(before)
        for one in sorted(now, key=_newest_first):
            alike = [other for other in left if len(_terms(one) & _terms(other) - asked) >= SHARED_TERMS]
            other = max(alike, key=lambda other: float(np.dot(_embedding(one), _embedding(other))), default=None)
            if other:
                left.remove(other)
            pairs.append((one, other))
        return pairs


def since_of(question: str, today: dt.date) -> tuple[dt.date, str] | None:
    """The day that a question counts from, and the question's subject; None where it names no such day.

    "What changed on territory since January" is about "on territory"; where nothing is left, the subject is empty.
    """
    period = next((one for one in find_periods(question, today) if one.start and not one.end), None)
    if period is None:
        return None
    rest = question[: period.span_start] + " " + question[period.span_end :]
    rest = wish_cues()[Wish.CHANGES].sub(" ", rest)
    return period.start, " ".join(rest.split()).strip(" ?!.,:;—–-")


def _changes(
    snapshot: Snapshot,
    topic: str,
    since: dt.date,
    as_of: dt.date | None,
    new: list[DocumentSummary],
    changed: Sequence[Change] = (),
    gone: Sequence[Claim] = (),
) -> Changes:
    return Changes(
        topic=topic,
        since=since,
        coverage=snapshot.coverage(as_of),
        changed=list(changed),
        not_found_again=list(gone),
        new_documents=new[:MOST_NEW],
        new_count=len(new),
        index_version=snapshot.version,
    )


def _new_documents(snapshot: Snapshot, since: dt.date, as_of: dt.date | None) -> list[DocumentSummary]:
    """Newest first, the undated last."""
    came = snapshot.ingested_since(since)
    return [
        one
        for one in snapshot.documents()
        if (one.id in came or (one.date and one.date >= since)) and (as_of is None or (one.date and one.date <= as_of))
    ]


def _is_report(passage: Passage) -> bool:
    return passage.document.date is not None and passage.document.kind not in REFERENCE_KINDS


def claim_of(chosen: Chosen) -> Claim:
    """A chosen sentence with its source."""
    named = chosen.evidence.sentence
    subject = chosen.text.partition(": ")[0].partition(",")[0] if len(chosen.spans) > 1 else None
    return Claim(**quoted(named.passage.document, chosen.spans[0]).model_dump(), subject=subject)


def _is_told(claim: Chosen, newer: Sequence[Evidence]) -> bool:
    terms = _terms(claim)
    return not terms or any(len(terms & one.tokens) >= FOUND_AGAIN * len(terms) for one in newer)


def _last_day_before(since: dt.date, as_of: dt.date | None) -> dt.date:
    day = since - dt.timedelta(days=1)
    return min(day, as_of) if as_of else day


def _terms(chosen: Chosen) -> frozenset[str]:
    return chosen.evidence.tokens


def _embedding(chosen: Chosen) -> np.ndarray:
    return chosen.evidence.sentence.embedding


def _newest_first(chosen: Chosen) -> tuple[int, str]:
    return -chosen.document.date.toordinal(), chosen.document.id
