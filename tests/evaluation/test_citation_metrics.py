"""ALCE citation recall and precision, and faithfulness, with a support judgement that can be read off."""

import pytest

from rag.evaluation.metrics.alce import citation_precision, citation_recall
from rag.evaluation.metrics.faithfulness import faithfulness
from rag.evaluation.metrics.undefined import UndefinedError


def all_words(evidence: str, claim: str) -> bool:
    """Supported if every word of the claim is in the evidence."""
    return set(claim.split()) <= set(evidence.split())


def test_recall_is_the_share_of_statements_that_their_citations_support_together():
    statements = [("a b", ["a", "b"]), ("c", ["d"]), ("e", [])]
    assert citation_recall(statements, all_words) == pytest.approx(1 / 3)


def test_citations_that_support_only_together_are_all_of_use():
    assert citation_precision([("a b", ["a", "b"])], all_words) == 1


def test_a_citation_that_can_be_left_out_and_supports_nothing_alone_is_of_no_use():
    # "a b" alone supports; "x" does not, and without it the statement still stands: 1 of 2
    assert citation_precision([("a b", ["a b", "x"])], all_words) == 0.5


def test_two_citations_that_each_support_are_both_of_use():
    assert citation_precision([("a", ["a", "a b"])], all_words) == 1


def test_no_citation_of_an_unsupported_statement_is_of_use():
    assert citation_precision([("a b", ["a", "c"])], all_words) == 0


def test_precision_averages_over_citations_not_statements():
    # the first statement has three useless citations, the second one useful: 1 of 4
    statements = [("z", ["a", "b", "c"]), ("d", ["d"])]
    assert citation_precision(statements, all_words) == 0.25
    assert citation_recall(statements, all_words) == 0.5


def test_without_statements_or_citations_there_is_no_value():
    with pytest.raises(UndefinedError):
        citation_recall([], all_words)
    with pytest.raises(UndefinedError):
        citation_precision([("a", [])], all_words)


def test_a_sentence_is_faithful_to_one_passage_or_to_all_together():
    passages = ["a b", "c d"]
    assert faithfulness(["a b", "a c", "a z"], passages, all_words) == pytest.approx(2 / 3)
    assert faithfulness(["a"], [], all_words) == 0
