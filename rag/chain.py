"""The chain: question in, cited answer out, as LangChain runnables.

    understand | retrieve | rerank | answer | write | ground

`write` is there where a language model is: it puts a checked answer in the place of the extractive one.
Each stage takes an `Inquiry`, adds what it found and passes it on; the last one adds the `Answer`.
"""

import datetime as dt
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from langchain_core.runnables import Runnable, RunnableLambda, RunnableSequence

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.names import Names
from index.types import Coverage
from rag.answering.abstention import (
    NOTHING_UNMENTIONED,
    Unmentioned,
    abstention_text,
    not_told,
    off_topic,
    out_of_time,
    unmentioned,
    unmentioned_notice,
)
from rag.answering.answer_type import AnswerType, expected_answer
from rag.answering.evidence import Evidence, EvidenceWeights, find_evidence
from rag.answering.extractive import Draft, ExtractiveLimits, compose
from rag.answering.length import limits_for
from rag.answering.parts import question_parts, with_whole
from rag.answering.timeliness import TimelinessWeights, timely
from rag.citations import nearest_passages, verify_quotes
from rag.followup import Neighbourhood, Standalone, resolve_followup
from rag.followup.focus import focused
from rag.generation.rewriting import rewrite_followup
from rag.generation.writing import Writer
from rag.language import reader_language
from rag.question import clean_question
from rag.reading.drafts import Asked, Reading
from rag.reading.neutral import attributed, load_of, neutral_line
from rag.reading.other_accounts import with_other_account
from rag.reading.wishes import asks_whose, wish_of
from rag.retrieval.cross_encoder import PairScorer, VerdictWeights, reread
from rag.retrieval.reranking import Reranked, RerankWeights, rerank
from rag.retrieval.retriever import Query, RetrievalWeights, make_query, retrieve
from rag.time.fit import EventIndexes, TimeFrame, time_frame
from rag.types import Answer, Event, Passage, Question

ANSWERER = "extractive"
CANDIDATES = 30  # passages that are reranked
PASSAGES_READ = 10  # passages that the answer may come from
REMEMBERED = 2  # earlier questions by which the last one is answered again
NEAREST = 3  # passages that an abstention shows


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question on its way through the chain, with what each stage has added; `seconds` are by stage."""

    question: Question
    snapshot: Snapshot
    standalone: Standalone | None = None
    frame: TimeFrame | None = None
    query: Query | None = None
    expects: AnswerType = AnswerType.OTHER
    passages: tuple[Passage, ...] = ()
    reranked: Reranked | None = None
    unmentioned: Unmentioned = NOTHING_UNMENTIONED
    no_such_time: bool = False
    draft: Draft | None = None
    answerer: str = ANSWERER
    notice: str | None = None
    streamed: bool = False  # whether the text of the draft went out while it was written
    answer: Answer | None = None
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each stage counts, together; the modules that define the parts say what chose their defaults."""

    retrieval: RetrievalWeights = field(default_factory=RetrievalWeights)
    rerank: RerankWeights = field(default_factory=RerankWeights)
    verdict: VerdictWeights = field(default_factory=VerdictWeights)
    evidence: EvidenceWeights = field(default_factory=EvidenceWeights)
    timeliness: TimelinessWeights = field(default_factory=TimelinessWeights)
    limits: ExtractiveLimits = field(default_factory=ExtractiveLimits)


WEIGHTS = Weights()


def build_stages(
    embedder: Embedder,
    names: Names,
    weights: Weights = WEIGHTS,
    writer: Writer | None = None,
    cross_encoder: PairScorer | None = None,
) -> dict[str, Runnable[Inquiry, Inquiry]]:
    """The stages by name, in order. Without a `writer` answers are extractive."""
    events = EventIndexes(names)
    reading = Reading(embedder, names, events)

    def understand(inquiry: Inquiry) -> Inquiry:
        asked, history = conversation(inquiry)
        if writer and history and not asks_whose(asked):
            rewritten = rewrite_followup(writer.model, asked, history, recall(inquiry, history), names)
            if rewritten:
                return placed(inquiry, Standalone(asked, rewritten=rewritten))
        return resolve(inquiry)

    def conversation(inquiry: Inquiry) -> tuple[str, list[str]]:
        earlier = [clean_question(asked) for asked in inquiry.question.history]
        return clean_question(inquiry.question.question), earlier

    def resolve(inquiry: Inquiry) -> Inquiry:
        asked, history = conversation(inquiry)
        apart = Neighbourhood(inquiry.snapshot, embedder, names, inquiry.question.as_of).stands_apart
        return placed(inquiry, resolve_followup(asked, history, names, partial(recall, inquiry), apart))

    def placed(inquiry: Inquiry, standalone: Standalone) -> Inquiry:
        """The inquiry with its place in time, and its query."""
        snapshot, as_of = inquiry.snapshot, inquiry.question.as_of
        frame = time_frame(standalone.text, as_of or dt.date.today(), events.of(snapshot), as_of)
        as_of = min((day for day in (as_of, frame.as_of) if day), default=None)
        return replace(
            inquiry,
            standalone=standalone,
            frame=frame,
            query=make_query(standalone.text, snapshot, embedder, names, as_of),
            expects=expected_answer(standalone.asks),
        )

    def find(inquiry: Inquiry) -> Inquiry:
        return replace(
            inquiry, passages=tuple(retrieve(inquiry.snapshot, inquiry.query, CANDIDATES, weights.retrieval))
        )

    def order(inquiry: Inquiry) -> Inquiry:
        best = rerank(inquiry.snapshot, inquiry.query, inquiry.frame, inquiry.passages, PASSAGES_READ, weights.rerank)
        if cross_encoder:
            best = reread(cross_encoder, inquiry.query.text, best, weights.verdict)
        return replace(inquiry, reranked=best)

    def answer(inquiry: Inquiry) -> Inquiry:
        snapshot, query, reranked = inquiry.snapshot, inquiry.query, inquiry.reranked
        if inquiry.question.history and asks_whose(inquiry.standalone.focus):
            draft = whose(inquiry)
            if draft.sentences:
                return replace(inquiry, draft=draft)
        missing = unmentioned(snapshot, query, names)
        untold = out_of_time(snapshot, query, inquiry.frame, reranked)
        inquiry = replace(inquiry, unmentioned=missing, no_such_time=untold)
        if missing.asked_about or untold or off_topic(snapshot, query, reranked, names, embedder):
            return replace(inquiry, draft=unloaded(inquiry, Draft((), ())))
        draft = for_readers(inquiry)
        if draft.sentences:
            return replace(inquiry, draft=draft)
        preface, draft = draft.preface, unloaded(inquiry, positions_or_answer(inquiry))
        return replace(inquiry, draft=replace(draft, preface=draft.preface or preface))

    def positions_or_answer(inquiry: Inquiry) -> Draft:
        """Who says what, where Parley is asked to judge or to predict and the documents tell; else what answers."""
        loaded = load_of(inquiry.standalone.asks)
        said = reading.judged(inquiry.snapshot, asked_of(inquiry)) if loaded else None
        return said if said and said.sentences else extract(inquiry)

    def unloaded(inquiry: Inquiry, draft: Draft) -> Draft:
        """The draft; where the question asks for a judgement or a prediction, with the line that none is given."""
        loaded = load_of(inquiry.standalone.asks)
        if loaded is None:
            return draft
        return replace(draft, preface=neutral_line(loaded.language, answered=bool(draft.sentences)))

    def for_readers(inquiry: Inquiry) -> Draft:
        """What a question asks for beside an answer; without sentences where it is ordinary or the documents give none.

        A preface without sentences stands before the answer that is given then.
        """
        wish = wish_of(inquiry.standalone.text)
        if wish is None:
            return Draft((), ())

        def evidence() -> list[Evidence]:
            query = inquiry.query
            wider = rerank(inquiry.snapshot, query, inquiry.frame, inquiry.passages, CANDIDATES, weights.rerank)
            return find_evidence(query, AnswerType.OTHER, wider, names, weights.evidence)

        return reading.draft(wish, inquiry.snapshot, asked_of(inquiry), evidence)

    def asked_of(inquiry: Inquiry) -> Asked:
        text = inquiry.standalone.text
        return Asked(text, reader_language(text), inquiry.query.as_of, inquiry.frame)

    def whose(inquiry: Inquiry) -> Draft:
        """Who says what the answer before cites: the one that was given, if it is at hand, else the one given now."""
        _, history = conversation(inquiry)
        cited = inquiry.question.cited or answer(order(find(resolve(before(inquiry, history))))).draft.citations
        return reading.whose(inquiry.snapshot, asked_of(inquiry), cited)

    def extract(inquiry: Inquiry) -> Draft:
        query, reranked = inquiry.query, inquiry.reranked
        whole = not inquiry.standalone.context and not inquiry.frame.as_of  # the question says no more than it asks
        if cross_encoder and whole and not_told(reranked, cross_encoder.floor):
            return Draft((), ())
        if inquiry.standalone.context:
            last = make_query(inquiry.standalone.last_part, inquiry.snapshot, embedder, names, query.as_of)
            reranked = focused(reranked, last)
        limits = limits_for(inquiry.standalone.focus, weights.limits)
        language = reader_language(inquiry.standalone.text)
        parts = by_part(inquiry) or [find_evidence(query, inquiry.expects, reranked, names, weights.evidence)]
        first, *further = [in_order(inquiry, evidence) for evidence in parts]
        return compose(first, language, names, limits, embedder.translation_level, further)

    def in_order(inquiry: Inquiry, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The evidence after its time and its speakers were looked at."""
        evidence = timely(evidence, inquiry.frame, weights.timeliness)
        if load_of(inquiry.standalone.asks):
            evidence = attributed(evidence, names)
        return with_other_account(evidence, names)

    def by_part(inquiry: Inquiry) -> list[list[Evidence]]:
        """The evidence for each part of a question that asks several things; [] for any other."""
        standalone, snapshot, frame = inquiry.standalone, inquiry.snapshot, inquiry.frame
        parts = () if standalone.context else question_parts(standalone.text)
        if len(parts) < 2:
            return []
        queries = [make_query(part, snapshot, embedder, names, inquiry.query.as_of) for part in parts]
        found = [retrieve(snapshot, query, CANDIDATES, weights.retrieval) for query in queries]
        known = [{one.chunk.id: one for one in (*inquiry.passages, *passages)} for passages in found]
        all_known = {key: passage for one in known for key, passage in one.items()}
        whole = rerank(snapshot, inquiry.query, frame, [*all_known.values()], len(all_known), weights.rerank)
        evidence = []
        for part, query, passages in zip(parts, queries, known, strict=True):
            ranked = rerank(snapshot, query, frame, [*passages.values()], len(passages), weights.rerank)
            best = with_whole(ranked, whole, PASSAGES_READ)
            evidence.append(find_evidence(query, expected_answer(part), best, names, weights.evidence))
        places = {found[0].sentence.passage.chunk.id for found in evidence if found}
        return evidence if len(places) > 1 else []

    def recall(inquiry: Inquiry, history: Sequence[str]) -> list[str]:
        """What the documents answer to the question before."""
        draft = extract(order(find(resolve(before(inquiry, history)))))
        return [sentence.text for sentence in draft.sentences]

    def before(inquiry: Inquiry, history: Sequence[str]) -> Inquiry:
        """The last question of a history, as an inquiry of its own."""
        asked = Question(question=history[-1], history=tuple(history[:-1])[-REMEMBERED:], as_of=inquiry.question.as_of)
        return Inquiry(asked, inquiry.snapshot)

    def ground(inquiry: Inquiry) -> Inquiry:
        final = _answer(inquiry)
        verify_quotes(final, inquiry.snapshot.document)
        return replace(inquiry, answer=final)

    stages = {"understand": understand, "retrieve": find, "rerank": order, "answer": answer}
    if writer:
        stages["write"] = lambda inquiry: _outcome(write(writer, inquiry))
    stages["ground"] = ground
    return {name: RunnableLambda(_timed(name, stage), name=name) for name, stage in stages.items()}


def chain_of(stages: Mapping[str, Runnable[Inquiry, Inquiry]]) -> RunnableSequence[Inquiry, Inquiry]:
    """The stages as one runnable; `invoke(Inquiry(question, snapshot)).answer` is the Answer."""
    return RunnableSequence(*stages.values(), name="parley")


def write(writer: Writer, inquiry: Inquiry) -> Generator[Event, None, Inquiry]:
    """The stage `write`, event by event; returns the inquiry with the model's draft, or with why it has none.

    An inquiry without an extractive draft is an abstention already: the model is not asked.
    """
    if not inquiry.draft.sentences:
        return replace(inquiry, answerer=writer.model.name)
    if inquiry.draft.listed or inquiry.draft.preface:  # order, dates and judgement are not the model's to choose
        return inquiry
    start = time.perf_counter()
    language = reader_language(inquiry.standalone.focus)
    written = yield from writer.write(inquiry.standalone.text, inquiry.reranked, language)
    inquiry = replace(inquiry, notice=written.notice, seconds={**inquiry.seconds, "write": time.perf_counter() - start})
    if written.draft is None:
        return inquiry
    return replace(inquiry, draft=written.draft, answerer=writer.model.name, streamed=bool(written.draft.sentences))


def _outcome(events: Generator[Event, None, Inquiry]) -> Inquiry:
    """What a stage returns once its events are through."""
    while True:
        try:
            next(events)
        except StopIteration as end:
            return end.value


def _timed(name: str, stage: Callable[[Inquiry], Inquiry]) -> Callable[[Inquiry], Inquiry]:
    def run(inquiry: Inquiry) -> Inquiry:
        start = time.perf_counter()
        done = stage(inquiry)
        return replace(done, seconds={**done.seconds, name: time.perf_counter() - start})

    return run


def _answer(inquiry: Inquiry) -> Answer:
    draft, snapshot, as_of = inquiry.draft, inquiry.snapshot, inquiry.query.as_of
    coverage = snapshot.coverage(as_of)
    answered = bool(draft.sentences)
    language = reader_language(inquiry.standalone.text)
    return Answer(
        question=inquiry.standalone.focus,
        standalone_question=inquiry.standalone.text,
        status="answered" if answered else "abstained",
        text=draft.text if answered else " ".join(filter(None, (draft.preface, _silence(inquiry, coverage, language)))),
        sentences=draft.sentences,
        citations=draft.citations,
        nearest=() if answered else nearest_passages(inquiry.reranked.passages[:NEAREST]),
        coverage=coverage,
        answerer=inquiry.answerer,
        notice=_notice(inquiry, language) if answered else inquiry.notice,
        briefing=draft.briefing or None,
        index_version=snapshot.version,
    )


def _silence(inquiry: Inquiry, coverage: Coverage, language: str) -> str:
    missing = (*inquiry.unmentioned.asked_about, *inquiry.unmentioned.aside)
    return abstention_text(coverage, language, unmentioned_names=missing, no_such_time=inquiry.no_such_time)


def _notice(inquiry: Inquiry, language: str) -> str | None:
    """What the reader is to know besides the answer: of the model, and of names that no document mentions."""
    told = (inquiry.notice, unmentioned_notice(inquiry.unmentioned.aside, language))
    return " ".join(filter(None, told)) or None
