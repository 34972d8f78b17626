"""Whom or what a pronoun means, where the question before asks for it: "Who hosted them?" - "Why did he resign?".

The answer to the question before is read for the one person or place that it adds to its question. Where it names
several, or says little of what was asked, the pronoun stays open: a wrong name would be worse than none.
"""

import re
from collections.abc import Sequence

from index.text.entities import Entity, Kind
from index.text.lexical import tokenize
from index.text.names import Names
from index.text.words import find_words, fold, is_cyrillic
from rag.answering.answer_type import AnswerType, expected_answer
from rag.followup import cues

FEWEST_SHARED = 0.5  # of the terms of the question before

_CUES: dict[AnswerType, tuple[Kind, re.Pattern[str]]] = {
    AnswerType.PERSON: ("person", cues.PERSON),
    AnswerType.PLACE: ("place", cues.PLACE),
}


def asks_for_subject(question: str, previous: str, names: Names) -> bool:
    """Whether `question` has a pronoun for what `previous` asks for, and does not name it itself."""
    kind, cue = _CUES.get(expected_answer(previous), (None, None))
    if kind is None or cue is None:
        return False
    return bool(cue.search(question)) and not _named(names, question, kind)


def subject_of(sentences: Sequence[str], previous: str, names: Names) -> Entity | None:
    """What the answer `sentences` add to the question `previous`: the only one of the first sentence that names any."""
    kind, _ = _CUES[expected_answer(previous)]
    asked = _named(names, previous, kind)
    for sentence in sentences:
        wanted = _comparable(set(tokenize(previous, names)), previous, sentence)
        if not wanted or len(wanted & set(tokenize(sentence, names))) < FEWEST_SHARED * len(wanted):
            continue
        found = [entity for entity in _named(names, sentence, kind) if entity not in asked]
        if found:
            return names.entity(found[0]) if len(found) == 1 else None
    return None


def _comparable(terms: set[str], question: str, sentence: str) -> set[str]:
    """The terms that a sentence can share: in another alphabet than the question's only names, numbers and months."""
    if _is_in_cyrillic(question) == _is_in_cyrillic(sentence):
        return terms
    return {term for term in terms if not term[0].isalpha()}


def _is_in_cyrillic(text: str) -> bool:
    """Whether most words of the text are in Cyrillic."""
    words = [fold(text[word.start : word.end]) for word in find_words(text)]
    return 2 * sum(map(is_cyrillic, words)) > len(words)


def _named(names: Names, text: str, kind: Kind) -> list[str]:
    found = [mention.entity_id for mention in names.find(text)]
    return [entity_id for entity_id in dict.fromkeys(found) if names.entity(entity_id).kind == kind]
