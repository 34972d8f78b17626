"""Accounts that do not agree: where a document says so itself, where one denies what another said, and where two
sources put different numbers on the same thing.

Conservative: what is not worded alike, of the same days, and counted in the same unit is not held against each other.
Nothing is averaged and nobody is right here; both accounts are shown.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from index.text.names import Names
from index.types import REFERENCE_KINDS, Document, Span
from rag.grounding.numbers import Quantity, bears_out
from rag.grounding.reading import Sentence, read
from rag.reading.attribution import opening
from rag.reading.speakers import Spoken
from rag.reading.statements import Statement, statements_at

SAME_DAYS = dt.timedelta(days=3)
FEWEST_SHARED = 3  # words, names and figures aside, that two accounts have in common
ALIKE = 0.5  # of the words of the shorter
FARTHEST = 2  # sentences after "accounts differ" that give them

Ground = Literal["told", "denied", "numbers"]

_ACCOUNTS = (
    r"accounts?|reports?|sources?|versions?|figures?|numbers?|descriptions?|statements?|estimates?|claims?|"
    r"дані|повідомлення|джерела|версії|цифри|числа|оцінки|заяви|свідчення|"
    r"данные|сообщения|источники|версии|цифры|числа|оценки|заявления|рассказы"
)
_DIFFER = (
    r"differ(?:s|ed)?|vary|varied|conflict(?:ed)?|disagree[ds]?|(?:are|were) inconsistent|contradict(?:s|ed)?|"
    r"розходяться|розбігаються|різняться|відрізняються|суперечать|розійшлися|"
    r"расходятся|различаются|отличаются|противоречат|разошлись"
)
_TOLD = re.compile(
    rf"\b(?:{_ACCOUNTS})\b[^.;:!?]{{0,60}}?\b(?:{_DIFFER})\b"
    r"|\bdifferent (?:figures|numbers|dates|accounts|versions|picture)\b"
    r"|\b(?:is|are|was|were|remains?) disputed\b|\bcontradictory (?:official )?(?:statements|accounts|reports|claims)\b"
    r"|\bcounted differently\b|\bрізн(?:і|ими|их) (?:цифр|числ|дат|верс)\w*|\bпо-різному (?:описують|рахують|називають)"
    r"|\bразн(?:ые|ыми|ых) (?:цифр|числ|дат|верс)\w*|\bпо-разному (?:описывают|считают|называют)"
    r"|\bоспарива(?:ется|ются|лось)\b|\bоспорю(?:ється|ються)\b|\bзаперечу(?:ється|ються)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"\b(?:it|that|this|them|це|цього|їх|это|этого|их)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Account:
    """One of the accounts: whole sentences of a document, and who gives it where the text names them."""

    document: Document
    span: Span
    label: str | None
    side: str | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Accounts that do not agree. `told` ones may stand in one sentence; the others are two."""

    ground: Ground
    accounts: tuple[Account, ...]


def told_disagreements(spoken: Spoken, index: int, names: Names) -> Iterator[Disagreement]:
    """Where the sentence itself says that accounts differ, or that somebody denies."""
    sentence = spoken.sentence(index)
    if _TOLD.search(sentence.text):
        yield Disagreement("told", tuple(_accounts(spoken, index, names)))
        return
    said = statements_at(spoken, index, names)
    for denial in said:
        if not denial.denies:
            continue
        others = [one for one in said if one.voice.label != denial.voice.label and not one.denies]
        before = statements_at(spoken, index - 1, names) if index and not spoken.starts_paragraph(index) else []
        if others:
            yield Disagreement("denied", (_account(denial),))
        elif before and _POINTS_BACK.search(sentence.text) and before[-1].voice.label != denial.voice.label:
            yield Disagreement("denied", (_account(before[-1]), _account(denial)))


def number_disagreements(statements: Sequence[tuple[Document, Span, str | None, str | None]], names: Names) -> list:
    """Pairs of sentences, given with who speaks and for which side, that put different numbers on the same thing."""
    counted = [each for each in (_counted(*one, names) for one in statements) if each]
    return [
        Disagreement("numbers", (one.account, other.account))
        for one, other in combinations(counted, 2)
        if _conflict(one, other)
    ]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A sentence with the numbers in it, by the word that they count, and the days that it is of."""

    account: Account
    sentence: Sentence
    numbers: dict[str, Quantity]
    days: frozenset[dt.date]


def _counted(document: Document, span: Span, label: str | None, side: str | None, names: Names) -> _Counted | None:
    text = document.text[span.start : span.end]
    sentences = read(text, names).sentences
    if len(sentences) != 1:
        return None
    sentence = sentences[0]
    by_unit: dict[str, list[Quantity]] = {}
    for quantity in sentence.quantities:
        unit = _unit(sentence, quantity)
        if unit and not quantity.weak and quantity.sort in ("count", "percent"):
            by_unit.setdefault(unit, []).append(quantity)
    numbers = {unit: found[0] for unit, found in by_unit.items() if len(found) == 1}
    days = {day for moment in sentence.dates if (day := moment.date())}
    if not days and document.date and document.kind not in REFERENCE_KINDS:
        days = {document.date}
    account = Account(document, span, label, side)
    return _Counted(account, sentence, numbers, frozenset(days)) if numbers and days else None


def _unit(sentence: Sentence, quantity: Quantity) -> str | None:
    """The word that a number counts: the next one; of per cent the sort itself."""
    if quantity.sort == "percent":
        return "%"
    following = next((word for word in sentence.words if word.start >= quantity.end), None)
    return following.term if following and following.is_free else None


def _conflict(one: _Counted, other: _Counted) -> bool:
    """Whether two sentences of the same days, worded alike, count the same thing differently."""
    ours, theirs = one.account, other.account
    if ours.document.id == theirs.document.id and (ours.label == theirs.label or None in (ours.label, theirs.label)):
        return False
    if ours.document.language != theirs.document.language:
        return False
    if not any(abs(first - second) <= SAME_DAYS for first in one.days for second in other.days):
        return False
    shared = one.sentence.terms & other.sentence.terms
    shorter = min(len(one.sentence.terms), len(other.sentence.terms))
    if len(shared) < FEWEST_SHARED or len(shared) < ALIKE * shorter or not _same_names(one.sentence, other.sentence):
        return False
    units = one.numbers.keys() & other.numbers.keys()
    return bool(units) and any(_differ(one.numbers[unit], other.numbers[unit]) for unit in units)


def _same_names(one: Sentence, other: Sentence) -> bool:
    """Whether what one names the other names too, whoever speaks aside."""
    fewer, more = sorted((one.entities, other.entities), key=len)
    return len(fewer - more) <= 1


def _differ(one: Quantity, other: Quantity) -> bool:
    return not bears_out(one, other) and not bears_out(other, one)


def _accounts(spoken: Spoken, index: int, names: Names) -> Iterable[Account]:
    """The sentence that says so, with what it is said against.

    It may give the accounts itself; one who "gave another picture" answers the sentence before; else the next ones, in
    which somebody speaks or something is counted, give them.
    """
    document, sentence = spoken.document, spoken.sentence(index)
    spoke = statements_at(spoken, index, names)
    label = spoke[0].voice.label if len(spoke) == 1 else None
    begins = opening(sentence, len(sentence.words), names)
    cue = sentence.span.start + _TOLD.search(sentence.text).start()
    answers = begins and begins.span.start < cue and not spoken.starts_paragraph(index)
    if answers:
        earlier = statements_at(spoken, index - 1, names)
        other = earlier[0].voice.label if len(earlier) == 1 else None
        yield Account(document, spoken.sentence(index - 1).span, other, earlier[0].side if other else None)
    yield Account(document, sentence.span, label, spoke[0].side if label else None)
    if answers or any(mark in sentence.text for mark in ":;"):
        return
    for later in range(index + 1, min(index + 1 + FARTHEST, len(spoken.spans))):
        said = statements_at(spoken, later, names)
        has_number = any(char.isdigit() for char in spoken.sentence(later).text)
        if spoken.starts_paragraph(later) or not (said or has_number):
            return
        who = said[0].voice.label if len(said) == 1 else None
        yield Account(document, spoken.sentence(later).span, who, said[0].side if who else None)


def _account(statement: Statement) -> Account:
    return Account(statement.document, statement.span, statement.voice.label, statement.side)
