"""The dates of a text, whole or in part: ISO, in digits, spelled in English, Ukrainian and Russian, and weekdays.

A `Moment` leaves open what the text leaves open. What is left out: feasts, seasons and "last week", which need to know
where the reader stands (rag/time does that for questions).
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.text.dates import month_name
from index.types import Span
from rag.time.words import (
    AMBIGUOUS_MONTHS,
    MONTH,
    MONTH_ADJECTIVE,
    MONTH_SHORT,
    ORDINAL_DAY,
    WEEKDAY,
    month_number,
    ordinal_day,
    weekday_number,
)

_ENDING = r"(?:st|nd|rd|th|-?(?:го|ого|те|е|ше|ге|тє|й|ий))?"
_DAY = rf"(?<![\d.,:])(?<!\d-)(\d{{1,2}}){_ENDING}"
_SECOND_DAY = rf"(?:\s*(?:[-–—/]|\s(?:and|to|or|і|та|й|и|до|по|або|или)\s)\s*(\d{{1,2}}){_ENDING})?"
_ANY_MONTH = rf"({MONTH}|{MONTH_SHORT}|{MONTH_ADJECTIVE})"
_YEAR = r"(?:,?\s+(?:of\s+)?((?:19|20)\d\d)(?!\d|[.,]\d))?"
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)(?!\d)")
_DAY_FIRST = re.compile(rf"{_DAY}{_SECOND_DAY}\s+(?:of\s+)?{_ANY_MONTH}\b{_YEAR}", re.IGNORECASE)
_MONTH_FIRST = re.compile(
    rf"\b{_ANY_MONTH}\s+(\d{{1,2}}){_ENDING}(?![\d:%]|[.,]\d){_SECOND_DAY}\b{_YEAR}", re.IGNORECASE
)
_DAY_IN_WORDS = re.compile(rf"\b({ORDINAL_DAY})\s+(?:of\s+)?({MONTH})\b{_YEAR}", re.IGNORECASE)
_MONTH_OF_YEAR = re.compile(rf"\b{_ANY_MONTH},?\s+(?:of\s+)?((?:19|20)\d\d)(?!\d|[.,]\d)", re.IGNORECASE)
_MONTH_ALONE = re.compile(rf"\b({MONTH}|{MONTH_ADJECTIVE})\b", re.IGNORECASE)
_YEAR_ALONE = re.compile(r"(?<![\d.,$€£-])((?:19|20)\d\d)(?:(?:[-–/])(\d{4}|\d\d)(?![\d-]))?(?![\d%]|[.,:]\d|\s?%)")
_PREPOSITION = re.compile(
    r"\b(?:in|since|until|till|by|during|late|early|mid|of|from|last|next|this|before|after|through|for|to|"
    r"у|в|на|до|з|із|від|після|перед|к|с|со|после|от|по|во|наприкінці|почала)[\s-]+$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(rf"\b{WEEKDAY}\b", re.IGNORECASE)
_BEFORE_WEEKDAY = re.compile(
    r"\b(?:у|в|во|на|до|з|із|с|к|від|от|після|после|цю|эту|минул\w+|прошл\w+)\s+$", re.IGNORECASE
)
_NEXT_DAY = re.compile(
    r"\b(?:next|following) day\b|\bday (?:later|after)\b|\btomorrow\b|"
    r"\bнаступного дня\b|\bзавтра\b|\bна следующий день\b",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(
    r"\b(?:day before|day earlier|previous day|eve of|yesterday)\b|\b(?:напередодні|вчора|учора|накануне|вчера)\b",
    re.IGNORECASE,
)
DAYS, MONTHS, WEEK = 31, 12, 7
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOOK_BACK = 16  # characters in which a preposition may stand


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as a text gives it; `weekday` 0 is Monday."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int
    weekday: int | None = None

    def __str__(self) -> str:
        if self.weekday is not None:
            return WEEKDAYS[self.weekday]
        if self.month is None:
            return str(self.year)
        parts = (self.day, month_name(self.month, "en"), self.year)
        return " ".join(str(part) for part in parts if part is not None)

    def date(self) -> dt.date | None:
        """The day of the calendar, if the moment is one."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return dt.date(self.year, self.month, self.day)
        except ValueError:
            return None


def find_dates(text: str) -> list[Moment]:
    """The dates of `text` in order, without overlaps; of two days in one expression both."""
    found: list[Moment] = []
    for find in (_numeric, _day_first, _month_first, _in_words, _months, _years, _weekdays):
        taken = [Span(moment.start, moment.end) for moment in found]
        found += [m for m in find(text) if not any(m.start < span.end and span.start < m.end for span in taken)]
    return sorted(found, key=lambda moment: (moment.start, moment.day or 0))


def moved_days(text: str, moments: Iterable[Moment]) -> list[Moment]:
    """The days that `text` names by their distance from `moments`: "the next day", "on Thursday"."""
    days = {day for moment in moments if (day := moment.date())}
    shifts = [shift for pattern, shift in ((_NEXT_DAY, 1), (_DAY_BEFORE, -1)) if pattern.search(text)]
    named = {moment.weekday for moment in _weekdays(text)}
    moved = {day + dt.timedelta(shift) for day in days for shift in shifts}
    moved |= {_shifted(day, weekday, ahead) for day in days for weekday in named for ahead in (True, False)}
    return [Moment(day.year, day.month, day.day, 0, 0) for day in sorted(moved)]


def is_date_of(held: Moment, wanted: Moment) -> bool:
    """Whether what a text holds is the date that a claim names, as far as both go."""
    if wanted.weekday is not None:
        day = held.date()
        return held.weekday == wanted.weekday or (day is not None and day.weekday() == wanted.weekday)
    if wanted.day is not None and held.day != wanted.day:
        return False
    if wanted.month is not None and held.month != wanted.month:
        return False
    if wanted.year is None or held.year == wanted.year:
        return True
    return held.year is None and wanted.month is not None


def _shifted(day: dt.date, weekday: int, ahead: bool) -> dt.date:
    distance = (weekday - day.weekday()) % WEEK
    return day + dt.timedelta(distance if ahead else distance - WEEK)


def _numeric(text: str) -> Iterator[Moment]:
    for match in _ISO.finditer(text):
        yield from _valid(Moment(int(match[1]), int(match[2]), int(match[3]), *match.span()))
    for match in _DOTTED.finditer(text):
        yield from _valid(Moment(int(match[3]), int(match[2]), int(match[1]), *match.span()))


def _day_first(text: str) -> Iterator[Moment]:
    for match in _DAY_FIRST.finditer(text):
        yield from _days(match, match[3], (match[1], match[2]), match[4])


def _month_first(text: str) -> Iterator[Moment]:
    for match in _MONTH_FIRST.finditer(text):
        yield from _days(match, match[1], (match[2], match[3]), match[4])


def _days(match: re.Match[str], month: str, days: Sequence[str | None], year: str | None) -> Iterator[Moment]:
    whole = Moment(int(year) if year else None, month_number(month), None, *match.span())
    for day in filter(None, days):
        yield from _valid(replace(whole, day=int(day)))


def _in_words(text: str) -> Iterator[Moment]:
    for match in _DAY_IN_WORDS.finditer(text):
        year = int(match[3]) if match[3] else None
        yield Moment(year, month_number(match[2]), ordinal_day(match[1]), *match.span())


def _months(text: str) -> Iterator[Moment]:
    with_year = list(_MONTH_OF_YEAR.finditer(text))
    for match in with_year:
        yield Moment(int(match[2]), month_number(match[1]), None, *match.span())
    for match in _MONTH_ALONE.finditer(text):
        if any(other.start() <= match.start() < other.end() for other in with_year):
            continue
        if AMBIGUOUS_MONTHS.fullmatch(match[1]):
            latin = match[1].isascii()
            if (latin and not match[1][0].isupper()) or not _PREPOSITION.search(
                text, max(0, match.start() - LOOK_BACK), match.start()
            ):
                continue
        yield Moment(None, month_number(match[1]), None, *match.span())


def _years(text: str) -> Iterator[Moment]:
    for match in _YEAR_ALONE.finditer(text):
        yield Moment(int(match[1]), None, None, *match.span())
        if match[2]:
            yield Moment(int(match[1][: 4 - len(match[2])] + match[2]), None, None, *match.span())


def _weekdays(text: str) -> Iterator[Moment]:
    for match in _WEEKDAY.finditer(text):
        if match[0].isascii() or _BEFORE_WEEKDAY.search(text, max(0, match.start() - LOOK_BACK), match.start()):
            yield Moment(None, None, None, *match.span(), weekday=weekday_number(match[0]))


def _valid(moment: Moment) -> Iterator[Moment]:
    if 1 <= (moment.month or 1) <= MONTHS and 1 <= (moment.day or 1) <= DAYS:
        yield moment
