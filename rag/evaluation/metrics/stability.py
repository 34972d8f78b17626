"""Stability: does the same question, reworded, get the same answer? Our own measures.

Answers are alike if both abstain, or by what they cite (which holds across languages) and by their words.
"""

from collections.abc import Set

from rag.evaluation.metrics.token_f1 import token_f1


def citation_stability(documents: Set[str], variant_documents: Set[str]) -> float:
    """Jaccard overlap (0..1) of the documents that two answers cite; two abstentions cite nothing and are alike."""
    if not documents and not variant_documents:
        return 1.0
    return len(documents & variant_documents) / len(documents | variant_documents)


def wording_stability(text: str | None, variant_text: str | None) -> float:
    """Token F1 (0..1) of two answers in one language; None is an abstention, alike only to another one."""
    if text is None or variant_text is None:
        return float(text is variant_text)
    return token_f1(variant_text, [text])
