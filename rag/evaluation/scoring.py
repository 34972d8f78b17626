"""One question's answer to its scores: every metric that has a value for it, None for the others."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ParamSpec

from index.text.dates import spell_date
from rag.evaluation.measures import FIXED_CUTOFFS
from rag.evaluation.metrics.abstention import Outcome, outcome, right_outcome
from rag.evaluation.metrics.alce import CitedStatement, Supports, citation_precision, citation_recall
from rag.evaluation.metrics.faithfulness import faithfulness
from rag.evaluation.metrics.hit_at_k import hit_at_k
from rag.evaluation.metrics.leakage import leakage
from rag.evaluation.metrics.mrr import reciprocal_rank
from rag.evaluation.metrics.must_include import missing_slots, must_include
from rag.evaluation.metrics.ndcg_at_k import ndcg_at_k
from rag.evaluation.metrics.quote_exactness import quotation_exactness, quote_exactness
from rag.evaluation.metrics.ranking import ranked_documents
from rag.evaluation.metrics.recall_at_k import recall_at_k
from rag.evaluation.metrics.token_f1 import exact_match, token_f1
from rag.evaluation.metrics.undefined import UndefinedError
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.supports import Support
from rag.evaluation.targets import FoundPassage
from rag.evaluation.wording import without_markers
from rag.language import SPOKEN
from rag.types import Answer

Scores = dict[str, float | None]
Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class Rules:
    """What scores depend on besides the answer. `judge` is a second opinion on citations, if there is one."""

    k: int
    word_limit: int
    supports: Supports
    judge: Supports | None = None


@dataclass(frozen=True, slots=True)
class Documents:
    """What answers are held against: each document's text and date, by id."""

    text: Callable[[str], str | None]
    dates: Mapping[str, dt.date | None]


@dataclass(frozen=True, slots=True)
class Scored:
    """What became of a question: outcome, what the answer left out, confidence and scores."""

    outcome: Outcome
    missing: tuple[tuple[str, ...], ...]
    confidence: float
    scores: Scores


def from_threshold(support: Support, threshold: float) -> Supports:
    """The yes-or-no judgement that the metrics ask for: support of at least `threshold`; asked once for each pair."""
    return lru_cache(maxsize=10_000)(lambda evidence, claim: support(evidence, claim) >= threshold)


def score_answer(
    question: EvalQuestion,
    answer: Answer,
    passages: Sequence[FoundPassage] | None,
    documents: Documents,
    rules: Rules,
    as_of: dt.date | None = None,
) -> Scored:
    """Every score of one answer. `as_of` is the cut-off date that was asked for."""
    text = without_markers(answer.text)
    abstained = answer.status == "abstained"
    correct = _defined(must_include, text, question.slots, rules.word_limit) if not abstained else None
    cites_relevant = any(question.relevant.get(citation.document_id) for citation in answer.citations)
    corrects = cites_relevant and correct != 0 and _says(text, question.references, rules.supports)
    what = outcome(question.kind, abstained=abstained, correct=correct, corrects=corrects)
    scores = {
        **_retrieval_scores(question, passages, rules.k),
        **_correctness_scores(question, text, what, correct, rules.word_limit),
        **_citation_scores(answer, text, passages, rules),
        **_abstention_scores(question, what, cites_relevant),
        "quote_exactness": _quote_score(answer, documents),
        "asof_leak": None if as_of is None else _leak_score(answer, passages, documents, as_of),
    }
    if question.answerable and not abstained and question.relevant:
        scores["cited_hit"] = float(cites_relevant)
    missing = () if abstained else tuple(map(tuple, missing_slots(text, question.slots, rules.word_limit)))
    return Scored(what, missing, confidence(answer), scores)


def evidence(title: str, date: dt.date | None, text: str) -> str:
    """What a passage is judged by: its text under its title, as ALCE does, and its date as answers may spell it."""
    spelled = [date.isoformat(), *(spell_date(date, language) for language in SPOKEN)] if date else []
    return f"{title}. {' '.join(spelled)}. {text}"


def confidence(answer: Answer) -> float:
    """How sure the answer is of itself: the mean support of its sentences, 0 for an abstention."""
    supports = [sentence.support for sentence in answer.sentences]
    return sum(supports) / len(supports) if supports and answer.status == "answered" else 0.0


def _retrieval_scores(question: EvalQuestion, passages: Sequence[FoundPassage] | None, k: int) -> Scores:
    if passages is None:
        return {}
    ranked, relevant = ranked_documents(passage.document_id for passage in passages), question.relevant
    cutoffs = {*(cutoff for cutoff in FIXED_CUTOFFS if cutoff < k), k}
    return {
        **{f"hit@{cutoff}": _defined(hit_at_k, ranked, relevant, cutoff) for cutoff in cutoffs},
        f"recall@{k}": _defined(recall_at_k, ranked, relevant, k),
        f"mrr@{k}": _defined(reciprocal_rank, ranked, relevant, k),
        f"ndcg@{k}": _defined(ndcg_at_k, ranked, relevant, k),
    }


def _correctness_scores(
    question: EvalQuestion, text: str, what: Outcome, correct: float | None, word_limit: int
) -> Scores:
    scores: Scores = {"right": right_outcome(question.kind, what)}
    if question.answerable and question.slots:
        scores["correct"] = 0.0 if what == "abstained" else correct
    if what == "abstained":
        return scores
    words = len(text.split())
    scores |= {"within_limit": float(words <= word_limit), "answer_words": float(words)}
    if question.answerable:
        scores |= {
            "correct_answered": correct,
            "token_f1": _defined(token_f1, text, question.references),
            "exact_match": _defined(exact_match, text, question.references),
        }
    return scores


def _citation_scores(answer: Answer, text: str, passages: Sequence[FoundPassage] | None, rules: Rules) -> Scores:
    if answer.status == "abstained":
        return {}
    cited = {each.marker: evidence(each.title, each.date, each.quote) for each in answer.citations}
    statements: list[CitedStatement] = [
        (without_markers(sentence.text), [cited[marker] for marker in sentence.citations])
        for sentence in answer.sentences
    ]
    quotes = [citation.quote for citation in answer.citations]
    scores: Scores = {
        "citation_recall": _defined(citation_recall, statements, rules.supports),
        "citation_precision": _defined(citation_precision, statements, rules.supports),
        "quotation_exactness": _defined(quotation_exactness, text, quotes),
    }
    if passages is not None:
        found = [evidence(passage.title, passage.date, passage.text) for passage in passages]
        claims = [claim for claim, _ in statements]
        scores["faithfulness"] = _defined(faithfulness, claims, found, rules.supports)
    if rules.judge is not None:
        scores["judge_citation_recall"] = _defined(citation_recall, statements, rules.judge)
        scores["judge_citation_precision"] = _defined(citation_precision, statements, rules.judge)
    return scores


def _abstention_scores(question: EvalQuestion, what: Outcome, cites_relevant: bool) -> Scores:
    abstained, corrected = float(what == "abstained"), float(what == "corrected")
    if question.kind == "answerable":
        return {"answered_answerable": 1 - abstained}
    if question.kind == "unanswerable":
        return {"abstained_unanswerable": abstained}
    return {
        "false_premise_abstained": abstained,
        "false_premise_cited": float(cites_relevant),
        "false_premise_corrected": corrected,
        "false_premise_handled": abstained + corrected,
    }


def _says(text: str, references: Sequence[str], supports: Supports) -> bool:
    """Whether the answer bears out a reference, in whichever language either is; `supports` sees to that."""
    return not references or any(supports(text, reference) for reference in references)


def _quote_score(answer: Answer, documents: Documents) -> float | None:
    shown = (*answer.citations, *answer.nearest)
    return _defined(
        quote_exactness, [(each.quote, each.start, each.end, documents.text(each.document_id)) for each in shown]
    )


def _leak_score(answer: Answer, passages: Sequence[FoundPassage] | None, documents: Documents, as_of: dt.date) -> float:
    shown = [each.document_id for each in (*answer.citations, *answer.nearest, *(passages or ()))]
    return leakage((documents.dates.get(document_id) for document_id in shown), as_of)


def _defined(metric: Callable[Arguments, float], *arguments: Arguments.args, **named: Arguments.kwargs) -> float | None:
    try:
        return metric(*arguments, **named)
    except UndefinedError:
        return None
