"""Correctness by required content: what a right answer has to name, in any of several spellings.

Our own measure. A slot is a list of alternatives; every slot needs one of them. Matching ignores case and the kind
of quotation mark, dash and space. An alternative starts where a word starts (so "one" is not found in "someone")
but may end inside one (so a stem serves for inflected languages); a number must be whole ("20" is not in "2025",
nor in "20,000").
"""

import re
from collections.abc import Sequence

from rag.evaluation.metrics.undefined import UndefinedError
from rag.evaluation.wording import first_words, normalise


def must_include(text: str, slots: Sequence[Sequence[str]], word_limit: int) -> float:
    """1.0 if every slot is filled within the first `word_limit` words of `text`, else 0.0.

    What comes after the limit is not read: listing everything does not make an answer right.
    """
    if not slots:
        raise UndefinedError("correctness is undefined without anything to include")
    return float(not missing_slots(text, slots, word_limit))


def missing_slots(text: str, slots: Sequence[Sequence[str]], word_limit: int) -> list[Sequence[str]]:
    """The slots that the first `word_limit` words of `text` leave unfilled."""
    read = normalise(first_words(text, word_limit))
    return [slot for slot in slots if not any(_contains(read, normalise(alternative)) for alternative in slot)]


def _contains(text: str, wanted: str) -> bool:
    before = r"(?<!\d)(?<!\d[.,])" if wanted[:1].isdigit() else r"(?<!\w)" if wanted[:1].isalpha() else ""
    after = r"(?!\d)(?![.,]\d)" if wanted[-1:].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, text) is not None
