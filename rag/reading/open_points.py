"""What is open: the sentences on a subject that say so themselves ("no agreement on …", "remains unresolved").

Whether it was settled since, no text is asked: each sentence is shown with its day, the newest first.
"""

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import yaml

from index.text.names import Names
from index.types import Span
from rag.answering.antecedent import with_antecedent
from rag.answering.evidence import Evidence
from rag.cues import any_of
from rag.reading.changes import Claim
from rag.reading.quotations import said_on
from rag.reading.quoted import quoted
from rag.reading.words import read_sentence

MOST_WORDS = 60  # of a sentence with what it leans on


class OpenPoint(Claim):
    """A sentence that says that something is open. `word` are the words that do, `day` the day that it tells of."""

    word: str
    day: dt.date | None


def find_open_points(evidence: Sequence[Evidence], names: Names, as_of: dt.date | None = None) -> list[OpenPoint]:
    """The sentences of the evidence that say that something is open, the newest first."""
    found: dict[tuple[str, int], OpenPoint] = {}
    for one in evidence:
        document, span = one.sentence.passage.document, one.sentence.span
        told = says_open(document.text[span.start : span.end])
        shown = with_antecedent(document, span, names, MOST_WORDS) if told else None
        if shown is None:
            continue
        day = said_on(document, read_sentence(document.text, span, names), Span(span.end, span.end))
        if as_of is None or day is None or day <= as_of:
            found[document.id, shown.span.start] = OpenPoint(
                **quoted(document, shown.span).model_dump(),
                subject=shown.subject.label if shown.subject else None,
                word=told,
                day=day,
            )
    return sorted(found.values(), key=lambda one: -(one.day or one.date or dt.date.min).toordinal())


def says_open(sentence: str) -> str | None:
    """The words by which a sentence says that something is open; None where it does not."""
    match = _cue().search(sentence)
    return match.group().strip() if match else None


@lru_cache(maxsize=1)
def _cue() -> re.Pattern[str]:
    data = yaml.safe_load(resources.files("rag").joinpath("data/open_points.yaml").read_text(encoding="utf-8"))
    return any_of(data["open"])
