"""Citation recall and precision as ALCE defines them (Gao et al., 2023, arXiv 2305.14627, section 3).

ALCE asks an NLI model whether the cited text entails the statement; here that judgement is `supports(evidence,
claim)`, passed in. The evidence of several citations is their quotes joined by line ends.
"""

from collections.abc import Callable, Sequence

from rag.evaluation.metrics.undefined import UndefinedError

Supports = Callable[[str, str], bool]
CitedStatement = tuple[str, Sequence[str]]
"""A statement of the answer and the quotes that it cites."""


def citation_recall(statements: Sequence[CitedStatement], supports: Supports) -> float:
    """The share of statements (0..1) that their citations together support; one without a citation is not."""
    if not statements:
        raise UndefinedError("citation recall is undefined without statements")
    return sum(_supported(claim, quotes, supports) for claim, quotes in statements) / len(statements)


def citation_precision(statements: Sequence[CitedStatement], supports: Supports) -> float:
    """The share of citations (0..1) that are of use.

    A citation is of use if its statement is supported by all its citations together, and if it either supports the
    statement alone or cannot be left out.
    """
    useful = [_useful(claim, quotes, index, supports) for claim, quotes in statements for index, _ in enumerate(quotes)]
    if not useful:
        raise UndefinedError("citation precision is undefined without citations")
    return sum(useful) / len(useful)


def _supported(claim: str, quotes: Sequence[str], supports: Supports) -> bool:
    return bool(quotes) and supports("\n".join(quotes), claim)


def _useful(claim: str, quotes: Sequence[str], index: int, supports: Supports) -> bool:
    if not _supported(claim, quotes, supports):
        return False
    if len(quotes) == 1 or supports(quotes[index], claim):
        return True
    others = [quote for position, quote in enumerate(quotes) if position != index]
    return not supports("\n".join(others), claim)
