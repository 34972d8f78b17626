"""Token F1 and exact match as SQuAD defines them (Rajpurkar et al., 2016, arXiv 1606.05250, evaluate-v1.1.py).

Deviation: punctuation is every Unicode punctuation mark, not the ASCII ones alone, for the sake of “ ” « » —.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from rag.evaluation.metrics.undefined import UndefinedError
from rag.evaluation.wording import normalise

_ARTICLES = {"a", "an", "the"}


def token_f1(text: str, references: Sequence[str]) -> float:
    """Harmonic mean of token precision and recall (0..1), against the best fitting reference."""
    if not references:
        raise UndefinedError("token F1 is undefined without a reference answer")
    return max(_f1(squad_tokens(text), squad_tokens(reference)) for reference in references)


def exact_match(text: str, references: Sequence[str]) -> float:
    """1.0 if `text` equals a reference after SQuAD's normalisation, else 0.0."""
    if not references:
        raise UndefinedError("exact match is undefined without a reference answer")
    return float(any(squad_tokens(text) == squad_tokens(reference) for reference in references))


def squad_tokens(text: str) -> list[str]:
    """Lower-cased words without punctuation and English articles."""
    kept = "".join(character for character in normalise(text) if not unicodedata.category(character).startswith("P"))
    return [word for word in kept.split() if word not in _ARTICLES]


def _f1(tokens: list[str], reference: list[str]) -> float:
    common = (Counter(tokens) & Counter(reference)).total()
    if not tokens or not reference:
        return float(tokens == reference)
    return 2 * common / (len(tokens) + len(reference))
