"""The assistant: what the page, the API and the commands ask."""

import datetime as dt
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from langchain_core.runnables import Runnable, RunnableLambda

from index.collection import Collection
from index.embedding import Embedder
from index.text.names import Names, load_names
from rag.answering.suggestions import Suggestions
from rag.chain import ANSWERER, CANDIDATES, PASSAGES_READ, WEIGHTS, Inquiry, Weights, build_stages, chain_of, write
from rag.generation.model import LanguageModel
from rag.generation.suggesting import SLOWEST_ANSWER_S, propose_followups
from rag.generation.writing import Writer
from rag.language import reader_language
from rag.question import clean_question
from rag.reading.marks import Marker
from rag.retrieval.cross_encoder import PairScorer, reread
from rag.retrieval.reranking import rerank
from rag.retrieval.retriever import retrieve
from rag.types import Answer, AnswerEvent, Citation, Event, Passage, Question, StatusEvent, Timings, TokenEvent

_SHOWN_STAGES = ("retrieve", "rerank", "answer", "ground")
_EXTRACTIVE_STAGES = ("understand", "retrieve", "rerank", "answer")


class Assistant:
    """Answers questions from a collection; safe to call from several threads."""

    def __init__(
        self,
        collection: Collection,
        embedder: Embedder,
        names: Names | None = None,
        weights: Weights = WEIGHTS,
        writer: Writer | None = None,
        cross_encoder: PairScorer | None = None,
    ) -> None:
        """With a `writer`, a language model writes the answers; a `cross_encoder` has its say in what they rest on."""
        names = names or load_names()
        self._collection = collection
        self._embedder = embedder
        self._weights = weights
        self._writer = writer
        self._cross_encoder = cross_encoder
        self._stages = build_stages(embedder, names, weights, writer, cross_encoder)
        self._chain = chain_of(self._stages)
        self._names = names
        self._suggestions = Suggestions(names)
        self._marker = Marker(names)

    @property
    def answerer(self) -> str:
        """Who would answer now: the language model while it is not known to be away, else the extractive answerer."""
        there = self._writer and self._writer.model.status != "away"
        return self._writer.model.name if there else ANSWERER

    @property
    def model(self) -> LanguageModel | None:
        """The language model that was asked for, there or away."""
        return self._writer and self._writer.model

    def ask(self, question: Question, *, followups: bool = True) -> Answer:
        """The whole answer; without `followups` where nobody reads on, which saves the time they take.

        Raises QuestionError for what is no question and IndexNotReadyError without an index.
        """
        start = time.perf_counter()
        with self._collection.snapshot() as snapshot:
            inquiry = self._with_marks(self._chain.invoke(Inquiry(question, snapshot)))
            inquiry = self._with_followups(inquiry) if followups else inquiry
        return _timed(inquiry, start)

    def warm_up(self) -> None:
        """Do ahead what the first question would have to wait for: opening the dense index, reading the events."""
        self.search("warm-up", 1)

    def stream(self, question: Question, *, followups: bool = True) -> Iterator[Event]:
        """The stages as they begin, the text as it stands checked, and last the whole answer, as `ask` gives it."""
        start = time.perf_counter()
        with self._collection.snapshot() as snapshot:
            inquiry = Inquiry(question, snapshot)
            for name, stage in self._stages.items():
                if name in _SHOWN_STAGES:
                    yield StatusEvent(name)
                if name == "write":
                    inquiry = yield from write(self._writer, inquiry)
                else:
                    inquiry = stage.invoke(inquiry)
            if not inquiry.streamed:
                for piece in _pieces(inquiry.answer):
                    yield TokenEvent(piece)
            inquiry = self._with_marks(inquiry)
            inquiry = self._with_followups(inquiry) if followups else inquiry
        yield AnswerEvent(_timed(inquiry, start))

    def search(self, question: str, k: int, as_of: dt.date | None = None) -> list[Passage]:
        """The `k` best passages, best first."""
        with self._collection.snapshot() as snapshot:
            inquiry = self._stages["understand"].invoke(Inquiry(Question(question=question, as_of=as_of), snapshot))
            passages = retrieve(snapshot, inquiry.query, max(k, CANDIDATES), self._weights.retrieval)
            wanted = max(k, PASSAGES_READ) if self._cross_encoder else k
            best = rerank(snapshot, inquiry.query, inquiry.frame, passages, wanted, self._weights.rerank)
            if self._cross_encoder:
                best = reread(self._cross_encoder, inquiry.query.text, best, self._weights.verdict)
            return list(best.passages[:k])

    def _with_marks(self, inquiry: Inquiry) -> Inquiry:
        """The inquiry, its citations with how many publishers say so and what is weak about their sources."""
        answer = inquiry.answer
        marked = self._marker.marked(inquiry.snapshot, answer.citations, answer.coverage.as_of)
        return replace(inquiry, answer=answer.model_copy(update={"citations": marked}))

    def _with_followups(self, inquiry: Inquiry) -> Inquiry:
        """The inquiry, its answer with the questions that a reader may go on with."""
        passages = [*inquiry.reranked.passages, *inquiry.passages]
        documents = {passage.document.id: passage.document for passage in passages}
        snapshot, as_of = inquiry.snapshot, inquiry.answer.coverage.as_of

        def cited(question: str) -> Sequence[Citation]:
            asked = Inquiry(Question(question=question, as_of=as_of), snapshot)
            for name in _EXTRACTIVE_STAGES:
                asked = self._stages[name].invoke(asked)
            return asked.draft.citations

        followups = self._suggestions.of(self._proposed(inquiry), cited) or self._suggestions.after(
            inquiry.standalone.text,
            reader_language(inquiry.standalone.focus),
            list(documents.values()),
            cited,
            inquiry.answer.index_version,
            as_of,
        )
        return replace(inquiry, answer=inquiry.answer.model_copy(update={"followups": followups}))

    def _proposed(self, inquiry: Inquiry) -> list[str]:
        """What the model proposes to ask next, where it wrote the whole answer, and quickly enough."""
        wrote = self._writer and inquiry.answerer == self._writer.model.name and inquiry.notice is None
        if not wrote or not inquiry.draft.sentences or inquiry.seconds["write"] > SLOWEST_ANSWER_S:
            return []
        asked = [*map(clean_question, inquiry.question.history), inquiry.standalone.text]
        said = [sentence.text for sentence in inquiry.draft.sentences]
        return propose_followups(self._writer.model, asked, said, inquiry.reranked, self._names)

    def as_runnable(self) -> Runnable[Question, Answer]:
        """`ask` as a LangChain runnable, to be put into another chain."""
        return RunnableLambda(self.ask, name="parley")


def _timed(inquiry: Inquiry, start: float) -> Answer:
    ms = {name: seconds * 1000 for name, seconds in inquiry.seconds.items()}
    timings = Timings(
        retrieve=ms["understand"] + ms["retrieve"],
        rerank=ms["rerank"],
        answer=ms["answer"] + ms.get("write", 0.0),
        ground=ms["ground"],
        total=(time.perf_counter() - start) * 1000,
    )
    return inquiry.answer.model_copy(update={"timings_ms": timings})


def _pieces(answer: Answer) -> Iterator[str]:
    """The text in the pieces that are streamed: a word with the space before it."""
    yield from re.findall(r"\s*\S+", answer.text)
