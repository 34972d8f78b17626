"""Who says what about a subject: statements by side, newest first, and where accounts do not agree.

Only passages that are found for the subject are read, so that it costs what a question costs at any size.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from index.collection import Snapshot
from index.embedding import Embedder
from index.stories import independent_sources
from index.text.names import Names
from index.types import REFERENCE_KINDS, Coverage, Document
from rag.answering.answer_type import AnswerType
from rag.answering.evidence import Evidence, find_evidence
from rag.reading.disagreements import Account, Disagreement, Ground, number_disagreements, told_disagreements
from rag.reading.quoted import Quoted, quoted
from rag.reading.sides import SIDES
from rag.reading.speakers import Spoken
from rag.reading.statements import Statement, statements_at
from rag.retrieval.reranking import rerank
from rag.retrieval.retriever import make_query, retrieve
from rag.time.fit import TimeFrame

CANDIDATES = 60  # passages found
PASSAGES_READ = 30  # the best of them, whose sentences are read
LOWEST_SCORE = 2.0  # of a sentence, as evidence for the subject
FEWEST_SENTENCES = 12  # in a small collection scores tell less: the best ones that are near to it at all
MOST_SENTENCES = 60  # the best ones
MOST_OF_A_SIDE = 5
SAME = 0.6  # share of the shorter statement's terms from which one side's two statements say the same


class Position(Quoted):
    """A sentence that says what somebody says or holds. `said_on` is what the text tells; `date` is the document's.

    `independent_sources` counts the reports that say it, near-duplicates once; `about_itself` marks what a party says
    of its own side.
    """

    speaker: str
    speaker_ids: tuple[str, ...]
    said_on: dt.date | None
    named_in: Quoted | None
    independent_sources: int
    about_itself: bool


class SidePositions(BaseModel):
    """What one side says, newest first. `side` is one of SIDES or "others"."""

    model_config = ConfigDict(frozen=True)

    side: str
    positions: list[Position]


class ShownAccount(Quoted):
    """One of several accounts; `speaker` and `side` are None where the text names nobody."""

    speaker: str | None
    side: str | None


class ShownDisagreement(BaseModel):
    """Accounts that do not agree, all shown. With `told` the text says so itself, in its first account."""

    model_config = ConfigDict(frozen=True)

    ground: Ground
    accounts: list[ShownAccount]


class Positions(BaseModel):
    """Who says what about `topic`."""

    model_config = ConfigDict(frozen=True)

    topic: str
    coverage: Coverage
    sides: list[SidePositions]
    disagreements: list[ShownDisagreement]
    index_version: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A statement with how well it fits the subject, its terms, and the documents that say it."""

    statement: Statement
    score: float
    terms: frozenset[str]
    documents: frozenset[str]


def find_positions(
    snapshot: Snapshot,
    topic: str,
    names: Names,
    embedder: Embedder,
    as_of: dt.date | None = None,
    evidence: Sequence[Evidence] | None = None,
    of_a_side: int = MOST_OF_A_SIDE,
) -> Positions:
    """The statements about `topic`, the best `of_a_side`, and the accounts that do not agree; empty without any.

    `evidence` is what `evidence_for` gives, where a caller has it already.
    """
    evidence = evidence_for(snapshot, topic, names, embedder, as_of) if evidence is None else evidence
    spoken: dict[str, Spoken] = {}
    found: dict[str, list[_Found]] = {}
    told: list[Disagreement] = []
    countable = []
    seen: set[tuple[str, int]] = set()
    for each in evidence:
        document = each.sentence.passage.document
        reading = spoken.setdefault(document.id, Spoken(document, names))
        index = reading.index_at(each.sentence.span.start)
        if (document.id, index) in seen:
            continue  # a quotation of several sentences makes them one
        seen.add((document.id, index))
        statements = [one for one in statements_at(reading, index, names) if _is_known(one, as_of)]
        for statement in statements:
            one = _Found(statement, each.score, each.tokens, frozenset({document.id}))
            _merge(found.setdefault(statement.side or "others", []), one)
        told += told_disagreements(reading, index, names)
        voice = statements[0] if len(statements) == 1 else None
        countable.append(
            (document, reading.spans[index], voice.voice.label if voice else None, voice.side if voice else None)
        )
    stories = snapshot.stories()
    disagreements = _distinct([*told, *number_disagreements(countable, names)], stories)
    return Positions(
        topic=topic,
        coverage=snapshot.coverage(as_of),
        sides=[
            SidePositions(side=side, positions=[_shown(one, stories) for one in _newest(found[side], of_a_side)])
            for side in (*SIDES, "others")
            if side in found
        ],
        disagreements=[_disagreement(one) for one in disagreements],
        index_version=snapshot.version,
    )


def evidence_for(
    snapshot: Snapshot, topic: str, names: Names, embedder: Embedder, as_of: dt.date | None
) -> Sequence[Evidence]:
    """The sentences about the subject, best first."""
    query = make_query(topic, snapshot, embedder, names, as_of)
    passages = retrieve(snapshot, query, CANDIDATES)
    reranked = rerank(snapshot, query, TimeFrame(), passages, PASSAGES_READ)
    evidence = find_evidence(query, AnswerType.SPEECH, reranked, names)[:MOST_SENTENCES]
    floor = embedder.relevance_floor or -1.0
    return [
        each
        for rank, each in enumerate(evidence)
        if each.score >= LOWEST_SCORE or (rank < FEWEST_SENTENCES and each.sentence.similarity >= floor)
    ]


def _is_known(statement: Statement, as_of: dt.date | None) -> bool:
    """Whether it was said by the reader's cut-off: a report of an event may tell of later days."""
    return as_of is None or statement.said_on is None or statement.said_on <= as_of


def _merge(group: list[_Found], one: _Found) -> None:
    """Add a statement, or, where the same voice is known to say the same, count its document there."""
    for place, other in enumerate(group):
        same_voice = other.statement.voice.label == one.statement.voice.label
        shorter = min(len(one.terms), len(other.terms)) or 1
        if same_voice and len(one.terms & other.terms) > SAME * shorter:
            group[place] = _Found(other.statement, other.score, other.terms, other.documents | one.documents)
            return
    group.append(one)


def _newest(group: Iterable[_Found], most: int) -> list[_Found]:
    """The best few, newest first."""
    best = sorted(group, key=lambda one: -one.score)[:most]
    return sorted(best, key=lambda one: -(_day(one.statement) or dt.date.min).toordinal())


def _day(statement: Statement) -> dt.date | None:
    """When it was said or reported; a page without an event of its own does not tell."""
    document = statement.document
    return statement.said_on or (None if document.kind in REFERENCE_KINDS else document.date)


def _shown(found: _Found, stories: dict[str, str]) -> Position:
    statement, voice = found.statement, found.statement.voice
    return Position(
        **quoted(statement.document, statement.span).model_dump(),
        speaker=voice.label,
        speaker_ids=voice.entity_ids,
        said_on=statement.said_on,
        named_in=quoted(statement.document, voice.named_at) if voice.named_at else None,
        independent_sources=independent_sources(found.documents, stories),
        about_itself=statement.about_itself,
    )


def _distinct(disagreements: Iterable[Disagreement], stories: dict[str, str]) -> Iterator[Disagreement]:
    """Each once, however many print the same report, and none whose sentences another one shows already."""
    shown: set[tuple[str, str]] = set()
    for one in disagreements:
        places = {
            (stories.get(document.id, document.id), document.text[account.span.start : account.span.end])
            for document, account in ((each.document, each) for each in one.accounts)
        }
        if not places <= shown:
            shown |= places
            yield one


def _disagreement(one: Disagreement) -> ShownDisagreement:
    return ShownDisagreement(ground=one.ground, accounts=[_account(account) for account in one.accounts])


def _account(account: Account) -> ShownAccount:
    document: Document = account.document
    return ShownAccount(**quoted(document, account.span).model_dump(), speaker=account.label, side=account.side)
