import pytest

from rag.retrieval.fusion import reciprocal_rank_fusion


def test_scores_are_those_of_the_published_formula() -> None:
    fused = reciprocal_rank_fusion({"dense": ["a", "b"], "lexical": ["b", "c"]}, {"dense": 1.0, "lexical": 1.0}, 60)
    assert fused == pytest.approx({"b": 1 / 62 + 1 / 61, "a": 1 / 61, "c": 1 / 62})
    assert list(fused) == ["b", "a", "c"]


def test_weights_count() -> None:
    fused = reciprocal_rank_fusion({"dense": ["a"], "lexical": ["b"]}, {"dense": 1.0, "lexical": 2.0}, 60)
    assert list(fused) == ["b", "a"]


def test_ties_keep_the_order_of_first_sight() -> None:
    fused = reciprocal_rank_fusion({"dense": ["a"], "lexical": ["b"]}, {"dense": 1.0, "lexical": 1.0}, 60)
    assert list(fused) == ["a", "b"]


def test_no_rankings_give_nothing() -> None:
    assert reciprocal_rank_fusion({}, {}, 60) == {}
    assert reciprocal_rank_fusion({"dense": []}, {"dense": 1.0}, 60) == {}
