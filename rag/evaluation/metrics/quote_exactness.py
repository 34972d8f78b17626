"""Are quotes what the documents say, character by character? Our own measure, after the contract of `Citation`."""

import re
from collections.abc import Sequence

from rag.evaluation.metrics.undefined import UndefinedError
from rag.evaluation.wording import normalise, quotations

QuotedSpan = tuple[str, int, int, str | None]
"""A quote, its start and end, and the text of the document it is said to come from (None: there is no such one)."""


def quote_exactness(spans: Sequence[QuotedSpan]) -> float:
    """The share of quotes (0..1) for which `text[start:end] == quote`."""
    if not spans:
        raise UndefinedError("quote exactness is undefined without quotes")
    exact = [text is not None and text[start:end] == quote for quote, start, end, text in spans]
    return sum(exact) / len(exact)


def quotation_exactness(text: str, cited_quotes: Sequence[str]) -> float:
    """The share (0..1) of the quotations inside an answer's own sentences that stand word for word in what it cites.

    A quotation is three words or more between double quotation marks; case, the kind of mark and a last comma or
    stop don't count, and the parts around an ellipsis may stand apart.
    """
    found = list(quotations(text))
    if not found:
        raise UndefinedError("quotation exactness is undefined without quotations")
    cited = [normalise(quote) for quote in cited_quotes]
    return sum(_verbatim(quotation, cited) for quotation in found) / len(found)


def _verbatim(quotation: str, cited: Sequence[str]) -> bool:
    parts = [part.strip(" .,;:!?") for part in re.split(r"\.\.\.|…|\[\.\.\.\]|\[…\]", normalise(quotation))]
    return all(any(part in quote for quote in cited) for part in parts if part)
