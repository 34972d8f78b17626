"""Whether a short question is about something that the turn before it has nothing to do with.

"How do I bake bread?" is as short as "How many came home?", and only the documents tell them apart. The passages found
for the turn before are its neighbourhood. A question stands apart from it where a word of its own is hardly known to
the documents and not at all to these passages, and others are clearly nearer to it; or where at least half of its words
are known to no document and it comes near to none.
"""

import datetime as dt
from dataclasses import dataclass

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.chunking import embedded_text
from index.text.lexical import content_term, tokenize
from index.text.names import Names
from index.text.words import find_words
from rag.followup import cues
from rag.retrieval.language_bias import NO_BIAS
from rag.retrieval.retriever import Query, make_query, retrieve

# Chosen on the half `tuning` of tests/questions/turns.jsonl: of 26 short fresh topics 23 lie further behind, the others
# are below the floor; of 16 short follow-ups seven lie further behind, and none of these has such a word.
CLEARLY_NEARER = 0.02
NEIGHBOURS = 5
NEAREST = 30
RARE_SHARE = 0.01  # of the documents
FEWEST_RARE, MOST_RARE = 2, 50  # passages
NEARLY_THERE = 0.005  # below the embedder's floor: a short question comes nearer to nothing than a whole one


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What the documents know about a turn and the one before it."""

    snapshot: Snapshot
    embedder: Embedder
    names: Names
    as_of: dt.date | None = None

    def stands_apart(self, question: str, previous: str) -> bool:
        """Whether `question` is a topic of its own after `previous`; False where it has no word to tell by."""
        words = own_terms(question)
        if not words:
            return False
        known = {word: len(self.snapshot.lexical([word], self._rare + 1, self.as_of)) for word in words}
        unknown = [word for word in words if not known[word]]
        query = self._query(question)
        nearest = self._nearest(query)
        floor = self.embedder.relevance_floor
        if floor and 2 * len(unknown) >= len(words) and nearest < floor - NEARLY_THERE:
            return True
        passages = retrieve(self.snapshot, self._query(previous), NEIGHBOURS)
        texts = [embedded_text(passage.document, passage.chunk.text) for passage in passages]
        told = {term for text in (*texts, previous) for term in tokenize(text, self.names)}
        if not any(known[word] <= self._rare and word not in told for word in words):
            return False
        languages = [passage.document.language for passage in passages]
        near = self.snapshot.embeddings(texts) @ query.embedding - [_allowance(query, one) for one in languages]
        return nearest - max(near, default=0.0) >= CLEARLY_NEARER

    @property
    def _rare(self) -> int:
        """In how many passages a word may stand that hardly any document knows."""
        documents = self.snapshot.coverage(self.as_of).documents
        return min(max(int(RARE_SHARE * documents), FEWEST_RARE), MOST_RARE)

    def _query(self, text: str) -> Query:
        return make_query(text, self.snapshot, self.embedder, self.names, self.as_of)

    def _nearest(self, query: Query) -> float:
        found = self.snapshot.dense(query.embedding, NEAREST, query.as_of)
        languages = self.snapshot.languages_of({scored.chunk.document_id for scored in found})
        return max(
            (one.score - _allowance(query, languages.get(one.chunk.document_id, "")) for one in found), default=0.0
        )


def own_terms(question: str) -> list[str]:
    """The terms of a question but for what asks and what could be asked of anything."""
    spoken = cues.ASKED_OF_ANYTHING.sub(" ", cues.ASKS.sub(" ", question))
    terms = (content_term(spoken[word.start : word.end]) for word in find_words(spoken))
    return list(dict.fromkeys(filter(None, terms)))


def _allowance(query: Query, language: str) -> float:
    return query.bias.get(language, NO_BIAS).chunk
