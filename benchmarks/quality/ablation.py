"""Each part of retrieval and answering taken out, one at a time, and what that changes over the same questions."""

import copy
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from langchain_core.runnables import Runnable, RunnableLambda, RunnableSequence

from benchmarks.quality.asking import PASSAGES, Asked, ask_all
from benchmarks.quality.tables import NOTHING, Column, Line, Table
from index.collection import Collection
from index.embedding import Embedder
from index.text.names import Names, load_names
from rag.answering.evidence import EvidenceWeights
from rag.answering.extractive import ExtractiveLimits
from rag.chain import Inquiry, Weights, build_stages
from rag.evaluation.compare import compare_runs
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.summary import Figure
from rag.evaluation.targets import LibraryTarget
from rag.retrieval.cross_encoder import PairScorer
from rag.retrieval.reader import Reader
from rag.retrieval.reranking import RerankWeights
from rag.retrieval.retriever import RetrievalWeights
from rag.types import Answer, Passage, Question

Stages = Mapping[str, Runnable[Inquiry, Inquiry]]
Variant = Callable[[Embedder, Names, PairScorer | None], Stages]

MEASURES = {
    "right document first": "hit@1",
    "in five": "hit@5",
    "in ten": f"hit@{PASSAGES}",
    "correct": "correct",
    "right outcome": "right",
    "cites a right document": "cited_hit",
    "speaks: answerable": "answered_answerable",
    "silent: unanswerable": "abstained_unanswerable",
    "silent or corrects: false premise": "false_premise_handled",
}
COLUMNS = tuple(map(Column, MEASURES))
NOTES = (
    "The first line is the shipped code. Below it stands what changes without a part, over the questions scored both "
    "times; a star means that the 95% interval (paired bootstrap over families of questions) leaves out zero.",
)


def _weighted(weights: Weights) -> Variant:
    return lambda embedder, names, scorer: build_stages(embedder, names, weights, cross_encoder=scorer)


def _without_scorer(embedder: Embedder, names: Names, scorer: PairScorer | None) -> Stages:
    return build_stages(embedder, names)


def _without_floor(embedder: Embedder, names: Names, scorer: PairScorer | None) -> Stages:
    without = copy.copy(scorer)
    without.floor = None
    return build_stages(embedder, names, cross_encoder=without)


def _without_in_embedder(level: str) -> Variant:
    """A variant whose embedder has no such level of similarity."""

    def build(embedder: Embedder, names: Names, scorer: PairScorer | None) -> Stages:
        without = copy.copy(embedder)
        setattr(without, level, None)
        return build_stages(without, names, cross_encoder=scorer)

    return build


def _without_history(embedder: Embedder, names: Names, scorer: PairScorer | None) -> Stages:
    stages = build_stages(embedder, names, cross_encoder=scorer)
    return {**stages, "understand": RunnableLambda(_forget) | stages["understand"]}


def _without_language_bias(embedder: Embedder, names: Names, scorer: PairScorer | None) -> Stages:
    stages = build_stages(embedder, names, cross_encoder=scorer)
    unbiased = RunnableLambda(lambda inquiry: replace(inquiry, query=replace(inquiry.query, bias={})))
    return {**stages, "understand": stages["understand"] | unbiased}


def _forget(inquiry: Inquiry) -> Inquiry:
    return replace(inquiry, question=inquiry.question.model_copy(update={"history": ()}))


VARIANTS: Mapping[str, Variant] = {
    "understanding: earlier questions": _without_history,
    "retrieval: dense": _weighted(Weights(retrieval=RetrievalWeights(dense=0, dense_depth=0))),
    "retrieval: lexical": _weighted(Weights(retrieval=RetrievalWeights(lexical=0))),
    "retrieval: allowance for language": _without_language_bias,
    "reranking: passage": _weighted(Weights(rerank=RerankWeights(passage=0))),
    "reranking: best sentence": _weighted(Weights(rerank=RerankWeights(sentence=0))),
    "reranking: title with the sentence": _weighted(Weights(rerank=RerankWeights(titled=0))),
    "reranking: lexical": _weighted(Weights(rerank=RerankWeights(lexical=0))),
    "reranking: window of time": _weighted(Weights(rerank=RerankWeights(window=0))),
    "reranking: latest": _weighted(Weights(rerank=RerankWeights(latest=0))),
    "the reader": _without_scorer,
    "evidence: similarity": _weighted(Weights(evidence=EvidenceWeights(similarity=0))),
    "evidence: passage": _weighted(Weights(evidence=EvidenceWeights(passage=0))),
    "evidence: wording": _weighted(Weights(evidence=EvidenceWeights(coverage=0))),
    "evidence: type of answer": _weighted(Weights(evidence=EvidenceWeights(answer_type=0))),
    "evidence: same language": _weighted(Weights(evidence=EvidenceWeights(same_language=0))),
    "answer: sentences after the first": _weighted(Weights(limits=ExtractiveLimits(sentences=1))),
    "answer: favour for the first one's passage": _weighted(Weights(limits=ExtractiveLimits(same_passage_bonus=0))),
    "answer: favour for terms not spoken of": _weighted(Weights(limits=ExtractiveLimits(new_terms_bonus=0))),
    "answer: translations known as such": _without_in_embedder("translation_level"),
    "silence: floor of relevance": _without_in_embedder("relevance_floor"),
    "silence: the reader's floor": _without_floor,
}


class StagedAssistant:
    """Asks and searches through given stages, as `Assistant` does through its own."""

    def __init__(self, collection: Collection, stages: Stages) -> None:
        self._collection = collection
        self._chain = RunnableSequence(*stages.values())
        self._search = RunnableSequence(*(stages[name] for name in ("understand", "retrieve", "rerank")))

    def ask(self, question: Question, *, followups: bool = False) -> Answer:
        with self._collection.snapshot() as snapshot:
            return self._chain.invoke(Inquiry(question, snapshot)).answer

    def search(self, question: str, k: int, as_of: dt.date | None = None) -> list[Passage]:
        """At most as many passages as an answer is made of."""
        with self._collection.snapshot() as snapshot:
            inquiry = self._search.invoke(Inquiry(Question(question=question, as_of=as_of), snapshot))
        return list(inquiry.reranked.passages[:k])


def ablation_table(questions: Sequence[EvalQuestion], collection: Collection, embedder: Embedder) -> Table:
    """The shipped code's figures, and the changes of every variant against them."""
    names = load_names()
    shipped = _ask("shipped", _weighted(Weights()), questions, collection, embedder, names)
    lines = [Line("shipped", tuple(shipped.report.figures[name] for name in MEASURES.values()))]
    for name, variant in VARIANTS.items():
        without = _ask(f"without {name}", variant, questions, collection, embedder, names)
        lines.append(Line(f"without {name}", tuple(_changes(shipped, without)), is_change=True))
    return Table("Ablation", COLUMNS, tuple(lines), (*NOTES, *shipped.errors))


def _ask(
    name: str,
    variant: Variant,
    questions: Sequence[EvalQuestion],
    collection: Collection,
    embedder: Embedder,
    names: Names,
) -> Asked:
    assistant = StagedAssistant(collection, variant(embedder, names, Reader()))
    return ask_all(name, questions, LibraryTarget(assistant, collection))


def _changes(before: Asked, after: Asked) -> Iterator[Figure]:
    compared = compare_runs(before.report, before.rows, after.report, after.rows)
    found = {difference.measure.name: difference for difference in compared.differences}
    for name in MEASURES.values():
        interval = found[name].interval if name in found else None
        yield (Figure(value=interval.mean, n=interval.n, low=interval.low, high=interval.high) if interval else NOTHING)
