"""When not to answer, and what is said instead.

Silence where nothing was found, where the nearest sentence is about something else altogether, where the question asks
about a person or thing that no document mentions, and where no document tells of the days that it names. Known places
and bodies are left out: a document on Vilnius answers a question about Lithuania, one on Ukrainian troops a question
about the Armed Forces. An unknown name that only tells where or when is answered, with a notice. Whether documents on
the subject do answer is more than any retrieval score tells, and not claimed.
"""

import datetime as dt
from dataclasses import dataclass

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.dates import spell_date
from index.text.names import Entity, Names
from index.types import Coverage
from rag.answering.unknown_names import unknown_names
from rag.retrieval.reranking import Reranked
from rag.retrieval.retriever import Query
from rag.time.expressions import find_periods
from rag.time.fit import TimeFrame

TELLING_KINDS = frozenset({"person", "object"})
# A question of unknown words has to come nearer: by so much if all its words are unknown. The embedder's floor is for
# the usual share. Over two collections, the seeds and training/data, each asked its own questions, the other's,
# ClapNQ's and RealTimeQA's, 1.6% of their own were silenced and 73% of the others; the floor alone, 1.3% and 57%.
UNKNOWN_RAISES = 0.04
USUALLY_UNKNOWN = 1 / 8
# What is told of a much longer time ("in 2026 and 2027") does not tell of the days in it.
A_QUARTER = dt.timedelta(days=92)

_TEXTS = {
    "en": (
        "The documents do not answer this. ",
        "No document here mentions {names}. ",
        "No document tells of the time asked about. ",
        "There are {documents} documents, the newest dated {newest}; the passages below come closest.",
        "There are no documents to answer from{cut}.",
        " up to {as_of}",
    ),
    "uk": (
        "Документи не дають відповіді на це питання. ",
        "Жоден документ не згадує: {names}. ",
        "Жоден документ не розповідає про час, про який запитано. ",
        "Документів {documents}, найновіший датовано {newest}; найближчі уривки наведено нижче.",
        "Немає документів, за якими можна відповісти{cut}.",
        " станом на {as_of}",
    ),
    "ru": (
        "Документы не отвечают на этот вопрос. ",
        "Ни один документ не упоминает: {names}. ",
        "Ни один документ не рассказывает о времени, о котором спрошено. ",
        "Документов {documents}, самый новый датирован {newest}; ближайшие отрывки приведены ниже.",
        "Нет документов, по которым можно ответить{cut}.",
        " по состоянию на {as_of}",
    ),
}


@dataclass(frozen=True, slots=True)
class Unmentioned:
    """Names in a question that no document up to its cut-off mentions.

    `asked_about` is what an answer would have to speak of, `aside` what only tells where or when.
    """

    asked_about: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


NOTHING_UNMENTIONED = Unmentioned()


def unmentioned(snapshot: Snapshot, query: Query, names: Names) -> Unmentioned:
    """What the question names and no document mentions: the labels of persons and things, the words of other names."""
    missing = [one.label for one in _telling(query, names) if not snapshot.lexical([f"@{one.id}"], 1, query.as_of)]
    unknown = unknown_names(snapshot, query, names)
    return Unmentioned(
        (*missing, *(name.text for name in unknown if name.asked_about)),
        tuple(name.text for name in unknown if not name.asked_about),
    )


def unmentioned_notice(aside: tuple[str, ...], language: str) -> str | None:
    """One sentence for the reader of an answer whose question names what no document mentions; None where none is."""
    return _TEXTS[language][1].format(names=", ".join(aside)).strip() if aside else None


def off_topic(snapshot: Snapshot, query: Query, reranked: Reranked, names: Names, embedder: Embedder) -> bool:
    """Whether even the nearest sentence is about something else; never where the embedder has no known floor.

    Who is asked about by name is known to the documents, once `unmentioned` is empty: then no word raises the floor.
    """
    if embedder.relevance_floor is None:
        return False
    nearest = max((sentence.similarity for sentence in reranked.sentences), default=0.0)
    lowest = embedder.relevance_floor - UNKNOWN_RAISES * USUALLY_UNKNOWN
    if not lowest <= nearest < lowest + UNKNOWN_RAISES or _telling(query, names):
        return nearest < lowest
    return nearest < lowest + UNKNOWN_RAISES * unknown_share(snapshot, query)


def not_told(reranked: Reranked, floor: float | None) -> bool:
    """Whether the cross-encoder holds even the likeliest sentence for no answer; never where it read nothing."""
    return floor is not None and reranked.surest is not None and reranked.surest < floor


def out_of_time(snapshot: Snapshot, query: Query, frame: TimeFrame, reranked: Reranked) -> bool:
    """Whether the question names days, and neither is any document of those days nor does a passage speak of them."""
    windows = [window for window in frame.windows if window.start and window.end and window.certainty == 1]
    if not windows or len(windows) < len(frame.windows):
        return False
    last_known = query.as_of or dt.date.max
    for first, last in (window.report_days for window in windows):
        if first <= last_known and snapshot.holds_day_between(first, min(last, last_known)):
            return False
    told = [
        period
        for sentence in reranked.sentences
        for period in find_periods(sentence.text, sentence.passage.document.date or dt.date.today())
        if period.start and period.end
    ]
    return not any(
        window.meets(period.start, period.end) and period.end - period.start <= max(3 * window.length, A_QUARTER)
        for window in windows
        for period in told
    )


def abstention_text(
    coverage: Coverage, language: str, *, unmentioned_names: tuple[str, ...] = (), no_such_time: bool = False
) -> str:
    """What is said instead of an answer: that the documents are silent, how many they are and how new."""
    silent, missing, untold, extent, empty, cut = _TEXTS[language]
    if coverage.newest is None:
        as_of = cut.format(as_of=spell_date(coverage.as_of, language)) if coverage.as_of else ""
        return empty.format(cut=as_of)
    named = missing.format(names=", ".join(unmentioned_names)) if unmentioned_names else ""
    time = untold if no_such_time else ""
    newest = spell_date(coverage.newest, language)
    return silent + named + time + extent.format(documents=coverage.documents, newest=newest)


def _telling(query: Query, names: Names) -> list[Entity]:
    """The persons and things that the question names."""
    ids = dict.fromkeys(mention.entity_id for mention in names.find(query.text))
    return [entity for entity in map(names.entity, ids) if entity.kind in TELLING_KINDS]


def unknown_share(snapshot: Snapshot, query: Query) -> float:
    """How many of the question's terms no document up to its cut-off holds, 0..1."""
    terms = set(query.tokens)
    return sum(not snapshot.lexical([term], 1, query.as_of) for term in terms) / max(len(terms), 1)
