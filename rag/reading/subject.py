"""What a briefing is about, and whether a sentence that was found is about it too.

Retrieval brings what is nearest; a page that is read as a whole may not show what is only near.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.language import guess_language
from index.text.lexical import tokenize, tokenize_query
from index.text.names import Names
from index.types import Span
from rag.answering.abstention import UNKNOWN_RAISES, unknown_share
from rag.reading.quoted import Quoted
from rag.retrieval.reranking import Reranked, Sentence
from rag.retrieval.retriever import Query

TOLD = 0.5  # of the subject's words, that a sentence has with the title of its document
MARGIN = 0.05  # below the sentence nearest to the subject, from which another one is not near to it
# In a language that few documents are in, its words not being there tells nothing: what is found has to come nearer.
# Over 52 subjects (30 of the seeds') one of the seeds' was taken for strange, and 7 of 22 strange ones for theirs.
FOREIGN_RAISES = 0.015


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject's language and the terms that it is searched by, and the sentences near to it, by document.

    `named` are the terms of names; `is_person` tells that the subject is a person's name and nothing else.
    """

    language: str
    terms: frozenset[str]
    named: frozenset[str]
    near: Mapping[str, Sequence[Span]]
    is_person: bool

    def is_told_in(self, one: Quoted, names: Names) -> bool:
        """Whether the words are about the subject.

        With the title they have a name of it and, in its language, half of its words; what has none of the words
        itself is near to it in meaning, or on a page whose title has its names.
        """
        own = self.terms & frozenset(tokenize(one.quote, names))
        titled = self.terms & frozenset(tokenize(one.title, names))
        told = own | titled
        if self.named and not told & self.named:
            return False
        if one.language == self.language and len(told) < TOLD * len(self.terms):
            return False
        if own or (self.named and self.named <= titled):
            return True
        return any(span.start < one.end and one.start < span.end for span in self.near.get(one.document_id, ()))


def subject_of(topic: str, sentences: Sequence[Sentence], floor: float | None, names: Names) -> Subject:
    """The topic as it is looked for; `sentences` are those found for it, `floor` is the embedder's for what is near."""
    terms = frozenset(tokenize_query(topic, names))
    level = max((one.similarity for one in sentences), default=0.0) - MARGIN
    level = level if floor is None else max(level, floor)
    near: dict[str, list[Span]] = {}
    for one in sentences:
        if one.similarity >= level:
            near.setdefault(one.passage.document.id, []).append(one.span)
    named = frozenset(term for term in terms if term.startswith("@"))
    people = [one for one in names.find(topic) if names.entity(one.entity_id).kind == "person"]
    is_person = len(people) == 1 and people[0].surface == topic.strip()
    return Subject(guess_language(topic), terms, named, near, is_person)


def is_strange(snapshot: Snapshot, query: Query, reranked: Reranked, names: Names, embedder: Embedder) -> bool:
    """Whether even the nearest sentence is about something else than the subject.

    Never where documents have its name, or one passage all its words. As `off_topic` for questions, but a subject is a
    word or two: in a language other than most documents' all of them may be unknown.
    """
    if embedder.relevance_floor is None:
        return not reranked.sentences
    named = {mention.entity_id for mention in names.find(query.text)}
    if any(snapshot.lexical([f"@{one}"], 1, query.as_of) for one in named):
        return False
    terms = set(query.tokens)
    if terms and any(terms <= set(tokenize(passage.chunk.text, names)) for passage in reranked.passages):
        return False
    counted = Counter(one.language for one in snapshot.documents())
    foreign = guess_language(query.text) != counted.most_common(1)[0][0] if counted else True
    raised = FOREIGN_RAISES if foreign else UNKNOWN_RAISES * unknown_share(snapshot, query)
    nearest = max((sentence.similarity for sentence in reranked.sentences), default=0.0)
    return nearest < embedder.relevance_floor + raised
