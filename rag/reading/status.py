"""How far something has got: proposed, agreed, signed, denied, lapsed or superseded, in the documents' own words.

Read from a word that says so and that nothing before it in its clause takes back ("would be signed", "not agreed").
Only sentences count that have most words of the subject and all its names and numbers, their title's included; so a
subject in another language than the documents finds little. Every word is shown with its sentence and day; which of
them is the state of things now is for the reader to say.
"""

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from index.collection import Snapshot
from index.embedding import Embedder
from index.text.lexical import tokenize
from index.text.names import Names
from index.types import Coverage, Document, Span
from rag.answering.antecedent import with_antecedent
from rag.answering.evidence import Evidence
from rag.cues import any_of
from rag.reading.positions import evidence_for
from rag.reading.quotations import said_on
from rag.reading.quoted import Quoted, quoted
from rag.reading.words import MARKED, read_sentence

MOST_WORDS = 60  # of a sentence with what it leans on
MOST_SHOWN = 12
COVERED = 2 / 3  # of the words of the subject, that a sentence has with its title

Status = Literal["proposed", "agreed", "signed", "denied", "lapsed", "superseded"]
_CLAUSE_END = re.compile(r"[.,;:()–—]|\s-\s|\b(?:and|but|while|і|та|але|а|и|но)\b")


class StatusWord(Quoted):
    """A sentence that says how far something has got. `word` is the word that does, `day` the day that it tells of.

    `subject` is whom the sentence calls "he".
    """

    status: Status
    word: str
    day: dt.date | None
    subject: str | None


class StatusReport(BaseModel):
    """The words on a subject, the newest first, those without a day last; `newest` is the first, if it has a day."""

    model_config = ConfigDict(frozen=True)

    topic: str
    coverage: Coverage
    newest: StatusWord | None
    words: list[StatusWord]
    index_version: str


def find_status(
    snapshot: Snapshot,
    topic: str,
    names: Names,
    embedder: Embedder,
    as_of: dt.date | None = None,
    evidence: Sequence[Evidence] | None = None,
) -> StatusReport:
    """What the documents say of how far the subject has got; no words where they do not say.

    `evidence` is what `evidence_for` gives, where a caller has it already.
    """
    evidence = evidence_for(snapshot, topic, names, embedder, as_of) if evidence is None else evidence
    wanted = frozenset(tokenize(topic, names))
    named = {term for term in wanted if term[0].isdigit() or term.startswith("@")}
    found: list[StatusWord] = []
    for one in evidence:
        document, span = one.sentence.passage.document, one.sentence.span
        told_of = wanted & (one.tokens | frozenset(tokenize(document.title, names)))
        if len(told_of) < COVERED * len(wanted) or not named <= told_of:
            continue  # of something near the subject
        word = _word(document, span, names)
        if word and (as_of is None or word.day is None or word.day <= as_of):
            found.append(word)
    words = sorted(found[:MOST_SHOWN], key=lambda word: -(word.day or dt.date.min).toordinal())
    return StatusReport(
        topic=topic,
        coverage=snapshot.coverage(as_of),
        newest=words[0] if words and words[0].day else None,
        words=words,
        index_version=snapshot.version,
    )


def status_of(sentence: str) -> tuple[Status, str] | None:
    """How far a sentence says that something has got: its last word that does; quotations in it are passed over."""
    spoken = MARKED.sub(lambda match: " " * len(match.group()), sentence)
    cues, not_yet = _cues()
    found: list[tuple[int, Status, str]] = []
    for status, cue in cues.items():
        for match in cue.finditer(spoken):
            ends = [end.end() for end in _CLAUSE_END.finditer(spoken, 0, match.start())]
            aside = spoken[: match.start()].rstrip().endswith(",")  # "guarantees first, ratified by Congress"
            if not aside and not not_yet.search(spoken, ends[-1] if ends else 0, match.start()):
                found.append((match.start(), status, match.group().strip()))
    return max(found)[1:] if found else None


def _word(document: Document, span: Span, names: Names) -> StatusWord | None:
    told = status_of(document.text[span.start : span.end])
    shown = with_antecedent(document, span, names, MOST_WORDS) if told else None
    if told is None or shown is None:
        return None
    sentence = read_sentence(document.text, span, names)
    return StatusWord(
        **quoted(document, shown.span).model_dump(),
        status=told[0],
        word=told[1],
        day=said_on(document, sentence, Span(span.end, span.end)),
        subject=shown.subject.label if shown.subject else None,
    )


@lru_cache(maxsize=1)
def _cues() -> tuple[dict[Status, re.Pattern[str]], re.Pattern[str]]:
    data = yaml.safe_load(resources.files("rag").joinpath("data/status.yaml").read_text(encoding="utf-8"))
    return {status: any_of(phrases) for status, phrases in data["status"].items()}, any_of(data["not_yet"])
