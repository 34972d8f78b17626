"""When not to answer, and what is said instead.

The first honest form: silence where nothing was found, where the nearest sentence is about something else altogether,
and where the question names a person or thing that no document mentions. (Places and bodies are left out: a document
on Vilnius answers a question about Lithuania, one on Ukrainian troops a question about the Armed Forces.) Whether
documents on the subject do answer is more than any retrieval score tells, and not claimed.
"""

from index.collection import Snapshot
from index.text.dates import spell_date
from index.text.names import Names
from index.types import Coverage
from rag.retrieval.reranking import Reranked
from rag.retrieval.retriever import Query

TELLING_KINDS = frozenset({"person", "object"})

_TEXTS = {
    "en": (
        "The documents do not answer this. ",
        "No document mentions {names}. ",
        "There are {documents} documents, the newest dated {newest}; the passages below come closest.",
        "There are no documents to answer from{cut}.",
        " up to {as_of}",
    ),
    "uk": (
        "Документи не дають відповіді на це питання. ",
        "Жоден документ не згадує: {names}. ",
        "Документів {documents}, найновіший датовано {newest}; найближчі уривки наведено нижче.",
        "Немає документів, за якими можна відповісти{cut}.",
        " станом на {as_of}",
    ),
    "ru": (
        "Документы не отвечают на этот вопрос. ",
        "Ни один документ не упоминает: {names}. ",
        "Документов {documents}, самый новый датирован {newest}; ближайшие отрывки приведены ниже.",
        "Нет документов, по которым можно ответить{cut}.",
        " по состоянию на {as_of}",
    ),
}


def unmentioned(snapshot: Snapshot, query: Query, names: Names) -> tuple[str, ...]:
    """The labels of the persons and things in the question that no document up to its cut-off mentions."""
    asked = {mention.entity_id: names.entity(mention.entity_id) for mention in names.find(query.text)}
    return tuple(
        entity.label
        for entity in asked.values()
        if entity.kind in TELLING_KINDS and not snapshot.lexical([f"@{entity.id}"], 1, query.as_of)
    )


def off_topic(reranked: Reranked, relevance_floor: float | None) -> bool:
    """Whether even the nearest sentence is about something else; never where the embedder has no known floor."""
    nearest = max((sentence.similarity for sentence in reranked.sentences), default=0.0)
    return relevance_floor is not None and nearest < relevance_floor


def abstention_text(coverage: Coverage, unmentioned_names: tuple[str, ...], language: str) -> str:
    """What is said instead of an answer: that the documents are silent, how many they are and how new."""
    silent, missing, extent, empty, cut = _TEXTS[language]
    if coverage.newest is None:
        as_of = cut.format(as_of=spell_date(coverage.as_of, language)) if coverage.as_of else ""
        return empty.format(cut=as_of)
    named = missing.format(names=", ".join(unmentioned_names)) if unmentioned_names else ""
    return silent + named + extent.format(documents=coverage.documents, newest=spell_date(coverage.newest, language))
