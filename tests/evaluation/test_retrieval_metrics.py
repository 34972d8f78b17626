"""Retrieval metrics by hand, and against ranx over random rankings."""

import math
import random

import pytest

from rag.evaluation.metrics.hit_at_k import hit_at_k
from rag.evaluation.metrics.mrr import reciprocal_rank
from rag.evaluation.metrics.ndcg_at_k import ndcg_at_k
from rag.evaluation.metrics.ranking import ranked_documents
from rag.evaluation.metrics.recall_at_k import recall_at_k
from rag.evaluation.metrics.undefined import UndefinedError

METRICS = {"hit_rate": hit_at_k, "recall": recall_at_k, "mrr": reciprocal_rank, "ndcg": ndcg_at_k}


def test_a_document_stands_at_the_rank_of_its_best_passage():
    assert ranked_documents(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


def test_metrics_by_hand():
    ranked, relevant = ["x", "a", "y", "b"], {"a": 1, "b": 1, "c": 1}
    assert hit_at_k(ranked, relevant, 1) == 0
    assert hit_at_k(ranked, relevant, 2) == 1
    assert recall_at_k(ranked, relevant, 4) == pytest.approx(2 / 3)
    assert reciprocal_rank(ranked, relevant, 4) == 1 / 2
    assert reciprocal_rank(ranked, relevant, 1) == 0
    gained = 1 / math.log2(3) + 1 / math.log2(5)
    best = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at_k(ranked, relevant, 4) == pytest.approx(gained / best)


def test_nothing_found_scores_zero():
    assert [metric([], {"a": 1}, 10) for metric in METRICS.values()] == [0, 0, 0, 0]


@pytest.mark.parametrize("metric", METRICS.values())
def test_without_relevant_documents_there_is_no_value(metric):
    with pytest.raises(UndefinedError):
        metric(["a"], {}, 10)


def test_higher_grades_weigh_more():
    assert (
        ndcg_at_k(["low", "high"], {"high": 3, "low": 1}, 2) < ndcg_at_k(["high", "low"], {"high": 3, "low": 1}, 2) == 1
    )


def _random_case(seed: int) -> tuple[dict[str, dict[str, int]], dict[str, list[str]]]:
    dice = random.Random(seed)
    documents = [f"d{number}" for number in range(30)]
    qrels = {
        f"q{number}": {document: dice.randint(1, 3) for document in dice.sample(documents, dice.randint(1, 6))}
        for number in range(40)
    }
    return qrels, {query: dice.sample(documents, dice.randint(1, 20)) for query in qrels}


def test_metrics_agree_with_ranx(monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")  # the same code without half a minute of compiling
    from ranx import Qrels, Run, evaluate

    qrels, rankings = _random_case(7)
    scored = {
        query: {document: 1 / rank for rank, document in enumerate(ranked, 1)} for query, ranked in rankings.items()
    }
    names = [f"{name}@{k}" for name in METRICS for k in (1, 3, 10)]
    expected = evaluate(Qrels(qrels), Run(scored), names)
    for name in names:
        metric, k = METRICS[name.split("@")[0]], int(name.split("@")[1])
        mean = sum(metric(rankings[query], qrels[query], k) for query in qrels) / len(qrels)
        assert mean == pytest.approx(expected[name], abs=1e-9), name
