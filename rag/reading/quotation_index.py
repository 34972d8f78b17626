"""Every quotation of the collection, to be searched by speaker, day, topic and words.

Read once for each version of the index, and of documents that did not change not again.
"""

import datetime as dt
import math
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.lexical import tokenize, tokenize_query
from index.text.names import Names
from index.types import Coverage, Document
from rag.grounding.speakers import stands_for
from rag.reading.quotations import Quotation, quotations_of
from rag.reading.quoted import Quoted, quoted
from rag.retrieval.language_bias import NO_BIAS, language_bias
from rag.retrieval.zscores import standardised

PAGE_SIZE = 25
MOST_COMPARED = 200  # quotations whose sentences are compared with the words by their embeddings
COVERED = 0.5  # of the words sought, weighed by how rare they are: enough without nearness in meaning
MOST_BY_MEANING = 5
MOST_CHARS = 200_000  # of a document that is read
_MOST_SPEAKERS = 300

Match = Literal["words", "meaning"]


class SpokenWords(Quoted):
    """A quotation as it is shown: `quote` is what was said, without its marks.

    `speaker` is None where the text names nobody. `context` is the sentence around it, `named_in` the one that names
    the speaker where that is another. `said_on` and `place` are what the text tells; `date` is the document's.
    `matches` tells by what it was found: "meaning" alone may be about something else, and is all there can be where
    question and document are in different languages.
    """

    matches: Match | None
    speaker: str | None
    speaker_ids: tuple[str, ...]
    second_hand: bool
    said_on: dt.date | None
    place: str | None
    topics: tuple[str, ...]
    context: Quoted
    named_in: Quoted | None


class QuotationPage(BaseModel):
    """One page of what was found: what has the words first, then the nearest in meaning; else the newest first."""

    model_config = ConfigDict(frozen=True)

    coverage: Coverage
    quotations: list[SpokenWords]
    found: int
    page: int
    pages: int
    index_version: str


@dataclass(frozen=True, slots=True)
class QuotationFilters:
    """What a reader looks for; an empty field takes nothing away. `speaker` is a name in any spelling, or part of one.

    `since` and `until` are days on which it was said. `meaning` is the whole question that the words come out of.
    """

    words: str = ""
    meaning: str = ""
    speaker: str = ""
    topic: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    as_of: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A quotation, with what it is searched by; its document is read again when it is shown."""

    document_id: str
    date: dt.date | None
    language: str
    topics: tuple[str, ...]
    quotation: Quotation
    context: str
    terms: frozenset[str]

    @property
    def day(self) -> dt.date | None:
        """When it was said, or else when it was published."""
        return self.quotation.said_on or self.date

    @property
    def order(self) -> tuple:
        """The newest first, the undated last."""
        return -(self.day or dt.date.min).toordinal(), self.document_id, self.quotation.span.start


class QuotationIndex:
    """The quotations of the version of a collection that was asked for last; safe to share between threads."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._lock = threading.Lock()
        self._version: str | None = None
        self._read: dict[str, tuple[int, tuple[_Row, ...]]] = {}

    def search(self, snapshot: Snapshot, embedder: Embedder, filters: QuotationFilters, page: int = 1) -> QuotationPage:
        """The `page`th page of what fits, from 1; the nearest one that there is."""
        rows = self._fitting(snapshot, filters)
        if tokenize_query(filters.words, self._names):
            found = self._nearest(snapshot, embedder, rows, filters)
        else:
            found = [(row, None) for row in sorted(rows, key=lambda row: row.order)]
        pages = max(1, -(-len(found) // PAGE_SIZE))
        page = min(max(1, page), pages)
        shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return QuotationPage(
            coverage=snapshot.coverage(filters.as_of),
            quotations=[self._shown(snapshot, row, matches) for row, matches in shown],
            found=len(found),
            page=page,
            pages=pages,
            index_version=snapshot.version,
        )

    def speakers(self, snapshot: Snapshot, as_of: dt.date | None = None) -> list[str]:
        """Who is quoted, the most quoted first."""
        rows = self._fitting(snapshot, QuotationFilters(as_of=as_of))
        counts = Counter(row.quotation.voice.label for row in rows if row.quotation.voice)
        return [label for label, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))][:_MOST_SPEAKERS]

    def _fitting(self, snapshot: Snapshot, filters: QuotationFilters) -> list[_Row]:
        hidden = snapshot.superseded(filters.as_of)
        meant = {mention.entity_id for mention in self._names.find(filters.speaker)}
        if filters.speaker and not meant:
            meant = {mention.entity_id for mention in self._names.slips(filters.speaker)}
        wanted = self._with_spokesmen(meant)
        return [
            row
            for row in self._rows(snapshot)
            if row.document_id not in hidden
            and _in_time(row, filters)
            and (not filters.speaker or _speaks(row, filters.speaker, wanted))
            and _has_topic(row, filters.topic)
        ]

    def _with_spokesmen(self, meant: set[str]) -> set[str]:
        """Who is meant, and for an office those who speak for it; a person is nobody else."""
        offices = {one for one in meant if self._names.entity(one).kind != "person"}
        return meant | {each.id for each in self._names.entities if any(stands_for(one, each.id) for one in offices)}

    def _rows(self, snapshot: Snapshot) -> list[_Row]:
        with self._lock:
            if self._version != snapshot.version:
                known, self._read = self._read, {}
                for document in snapshot.all_documents():
                    print_ = hash(document)
                    before = known.get(document.id)
                    kept = before if before and before[0] == print_ else (print_, self._of(document))
                    self._read[document.id] = kept
                self._version = snapshot.version
            return [row for _, rows in self._read.values() for row in rows]

    def _of(self, document: Document) -> tuple[_Row, ...]:
        text = document.model_copy(update={"text": document.text[:MOST_CHARS]})
        around = frozenset(tokenize(" ".join((document.title, *document.topics)), self._names))
        rows = []
        for quotation in quotations_of(text, self._names):
            context = document.text[quotation.context.start : quotation.context.end]
            terms = around | frozenset(tokenize(context, self._names))
            rows.append(_Row(document.id, document.date, document.language, document.topics, quotation, context, terms))
        return tuple(rows)

    def _nearest(
        self, snapshot: Snapshot, embedder: Embedder, rows: Sequence[_Row], filters: QuotationFilters
    ) -> list[tuple[_Row, Match]]:
        """What has the words, and a few that are nearest to the question in meaning; each best first."""
        if not rows:
            return []
        covered = _coverage(tokenize_query(filters.words, self._names), [row.terms for row in rows])
        ranked = sorted(zip(covered, rows, strict=True), key=lambda pair: (-pair[0], pair[1].order))[:MOST_COMPARED]
        contexts = snapshot.embeddings([row.context for _, row in ranked])
        embedding = embedder.encode_query(filters.meaning or filters.words)
        bias = language_bias(snapshot, embedding)
        similarity = contexts @ embedding - [bias.get(row.language, NO_BIAS).plain for _, row in ranked]
        scores = standardised(similarity) + standardised(np.array([share for share, _ in ranked]))
        found: dict[Match, list[tuple[float, _Row]]] = {"words": [], "meaning": []}
        floor = embedder.relevance_floor or -1.0
        for score, alike, (share, row) in zip(scores.tolist(), similarity, ranked, strict=True):
            if share >= COVERED:
                found["words"].append((-score, row))
            elif alike >= floor:
                found["meaning"].append((-score, row))
        best = {match: sorted(group, key=lambda pair: (pair[0], pair[1].order)) for match, group in found.items()}
        best["meaning"] = best["meaning"][:MOST_BY_MEANING]
        return [(row, match) for match, group in best.items() for _, row in group]

    def _shown(self, snapshot: Snapshot, row: _Row, matches: Match | None) -> SpokenWords:
        document, quotation = snapshot.document(row.document_id), row.quotation
        voice = quotation.voice
        return SpokenWords(
            **quoted(document, quotation.span).model_dump(),
            matches=matches,
            speaker=voice.label if voice else None,
            speaker_ids=voice.entity_ids if voice else (),
            second_hand=quotation.second_hand,
            said_on=quotation.said_on,
            place=self._names.entity(quotation.place_ids[0]).label if quotation.place_ids else None,
            topics=document.topics,
            context=quoted(document, quotation.context),
            named_in=quoted(document, voice.named_at) if voice and voice.named_at else None,
        )


def _in_time(row: _Row, filters: QuotationFilters) -> bool:
    """Whether it was said in the days asked for, and told and said before the reader's cut-off."""
    if filters.as_of and (row.date is None or row.date > filters.as_of or (row.day and row.day > filters.as_of)):
        return False
    early = filters.since and (row.day is None or row.day < filters.since)
    late = filters.until and (row.day is None or row.day > filters.until)
    return not early and not late


def _speaks(row: _Row, speaker: str, wanted: set[str]) -> bool:
    voice = row.quotation.voice
    if voice is None:
        return False
    return bool(wanted & set(voice.entity_ids)) or (not wanted and speaker.strip().casefold() in voice.label.casefold())


def _has_topic(row: _Row, topic: str) -> bool:
    wanted = topic.strip().casefold()
    return not wanted or any(wanted in one.casefold() for one in row.topics)


def _coverage(asked: Sequence[str], rows: Sequence[frozenset[str]]) -> list[float]:
    """How much of what is asked each row has, 0..1, a term weighing more the fewer rows have it."""
    holding = Counter(term for terms in rows for term in terms)
    weight = {term: math.log(1 + len(rows) / max(1, holding[term])) for term in set(asked)}
    total = sum(weight.values()) or 1.0
    return [sum(weight[term] for term in weight.keys() & terms) / total for terms in rows]
