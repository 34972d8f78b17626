"""Questions that ask Parley to judge or to predict: it does neither, says so, and shows who said what.

The words that tell are in `data/neutral.yaml`; what is said is the same whomever the question is about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources

import yaml

from index.text.names import Names
from rag.answering.answer_type import AnswerType, holds_answer
from rag.answering.evidence import Evidence
from rag.answering.extractive import LIMITS
from rag.cues import any_of

_LINES = {
    "en": "Parley does not judge or predict. Here is what the documents report, by whom and when.",
    "uk": "Parley не оцінює й не прогнозує. Ось що повідомляють документи, хто це сказав і коли.",
    "ru": "Parley не оценивает и не прогнозирует. Вот что сообщают документы, кто это сказал и когда.",
}
_SILENT = {
    "en": "Parley does not judge or predict.",
    "uk": "Parley не оцінює й не прогнозує.",
    "ru": "Parley не оценивает и не прогнозирует.",
}


class Load(StrEnum):
    """What a question asks that Parley does not do."""

    JUDGE = "judge"
    PREDICT = "predict"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a question asks for, and the language of the words that tell."""

    load: Load
    language: str


def load_of(question: str) -> Loaded | None:
    """What the question's own words ask for; None for one that documents can answer.

    What somebody else judged or predicted is reported like everything that was said.
    """
    reported, cues = _cues()
    if reported.search(question):
        return None
    return next((loaded for loaded, cue in cues.items() if cue.search(question)), None)


def neutral_line(language: str, *, answered: bool) -> str:
    """What is said before the passages, or before saying that there are none."""
    return (_LINES if answered else _SILENT)[language]


def attributed(evidence: Sequence[Evidence], names: Names) -> list[Evidence]:
    """The evidence that says who speaks, best first; all of it where none of the better does."""
    spoken = [one for one in evidence if one.score >= LIMITS.lowest_score and _says_who_speaks(one, names)]
    return spoken or list(evidence)


def _says_who_speaks(one: Evidence, names: Names) -> bool:
    text = one.sentence.text
    return holds_answer(AnswerType.SPEECH, text, "", names) and bool(names.find(text))


@lru_cache(maxsize=1)
def _cues() -> tuple[re.Pattern[str], dict[Loaded, re.Pattern[str]]]:
    """What asks for somebody's words, and what asks for each."""
    table = yaml.safe_load(resources.files("rag").joinpath("data/neutral.yaml").read_text(encoding="utf-8"))
    cues = {
        Loaded(load, language): any_of({language: phrases})
        for load in Load
        for language, phrases in table[load].items()
    }
    return any_of(table["reported"]), cues
