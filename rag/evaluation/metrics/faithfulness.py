"""Faithfulness: the share of answer sentences that the retrieved passages support (RAGAS: Es et al., 2023,
arXiv 2309.15217, with sentences as statements and the support scorer as judge)."""

from collections.abc import Sequence

from rag.evaluation.metrics.alce import Supports
from rag.evaluation.metrics.undefined import UndefinedError


def faithfulness(sentences: Sequence[str], passages: Sequence[str], supports: Supports) -> float:
    """The share of `sentences` (0..1) that one passage, or all of them together, support."""
    if not sentences:
        raise UndefinedError("faithfulness is undefined without sentences")
    return sum(_supported(sentence, passages, supports) for sentence in sentences) / len(sentences)


def _supported(sentence: str, passages: Sequence[str], supports: Supports) -> bool:
    if any(supports(passage, sentence) for passage in passages):
        return True
    return len(passages) > 1 and supports("\n".join(passages), sentence)
