"""A language model as judge; the model itself is replaced by one that says what a test wants."""

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from rag.evaluation.errors import EvaluationError
from rag.evaluation.judge import judged_support, open_judge


@pytest.mark.parametrize(
    ("reply", "score"), [("Yes", 1), ("no.", 0), ("**Yes**, it does", 1), ("The answer is: no", 0)]
)
def test_the_first_yes_or_no_is_the_verdict(reply, score):
    assert judged_support(FakeListChatModel(responses=[reply]))("evidence", "claim") == score


def test_a_judge_that_says_neither_is_an_error_not_a_verdict():
    with pytest.raises(EvaluationError, match="neither yes nor no but 'Perhaps'"):
        judged_support(FakeListChatModel(responses=["Perhaps"]))("evidence", "claim")


def test_an_unknown_judge_is_named():
    with pytest.raises(EvaluationError, match="'nobody:nothing'"):
        open_judge("nobody:nothing")
