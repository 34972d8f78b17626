"""What kind of thing a question asks for, and whether a sentence holds one.

The kinds follow the coarse classes of question classification (Li and Roth, "Learning question classifiers",
COLING 2002), with speech, reasons and verdicts kept apart, as news questions need them. The words that tell them are in
`data/answer_types.yaml`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources

import yaml

from index.text.dates import DAY_AND_MONTH
from index.text.names import Names
from rag.cues import any_of


class AnswerType(StrEnum):
    """What would answer the question."""

    PERSON = "person"
    DATE = "date"
    PLACE = "place"
    NUMBER = "number"
    SPEECH = "speech"
    REASON = "reason"
    VERDICT = "verdict"
    OTHER = "other"


def expected_answer(question: str) -> AnswerType:
    """The kind of answer that the question's own words ask for."""
    return next((kind for kind, cues in _cues().items() if cues.asks.search(question)), AnswerType.OTHER)


def holds_answer(kind: AnswerType, sentence: str, question: str, names: Names) -> bool:
    """Whether `sentence` carries something of that kind that the question does not already say."""
    match kind:
        case AnswerType.DATE:
            return _brings(_DATE, sentence, question)
        case AnswerType.NUMBER:
            without_dates = DAY_AND_MONTH.sub(" ", sentence)
            return _brings(_DIGITS, without_dates, question) or _brings(_cues()[kind].holds, without_dates, question)
        case AnswerType.SPEECH | AnswerType.REASON:
            return bool(_cues()[kind].holds.search(sentence))
        case AnswerType.PERSON | AnswerType.PLACE:
            return bool(_named(names, sentence, kind) - _named(names, question, kind))
        case _:
            return True


_YEAR = r"\b(?:19|20)\d\d\b"
_DATE = re.compile(rf"{DAY_AND_MONTH.pattern}|{_YEAR}", re.IGNORECASE)
_DIGITS = re.compile(rf"(?!{_YEAR})\d[\d.,\u00a0 ]*")


@dataclass(frozen=True, slots=True)
class _Cues:
    asks: re.Pattern[str]
    holds: re.Pattern[str]


@lru_cache(maxsize=1)
def _cues() -> dict[AnswerType, _Cues]:
    table = yaml.safe_load(resources.files("rag").joinpath("data/answer_types.yaml").read_text(encoding="utf-8"))
    return {
        AnswerType(kind): _Cues(any_of(entry["asks"]), any_of(entry.get("holds", {}))) for kind, entry in table.items()
    }


def _brings(pattern: re.Pattern[str], sentence: str, question: str) -> bool:
    asked = set(_found(pattern, question))
    return any(found not in asked for found in _found(pattern, sentence))


def _found(pattern: re.Pattern[str], text: str) -> Iterable[str]:
    return (match.group().casefold().strip(" .,\u00a0") for match in pattern.finditer(text))


def _named(names: Names, text: str, kind: AnswerType) -> set[str]:
    found = {mention.entity_id for mention in names.find(text)}
    return {entity_id for entity_id in found if names.entity(entity_id).kind == kind}
