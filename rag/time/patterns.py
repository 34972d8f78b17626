"""Where dates stand in a text, before it is known which year or which side of them is meant.

One builder a form of date; each turns a match into the days it covers in any given year, or refuses it.
`rag/time/expressions.py` joins and resolves what is found here.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.time import words as words
from rag.time.calendar_windows import (
    Window,
    back_from,
    holiday_window,
    month_window,
    unit_window,
    weekday_window,
    year_window,
)
from rag.time.guards import (
    deictic_is_meant,
    follows_part,
    holiday_is_meant,
    month_is_meant,
    season_is_meant,
    shift_is_seen_from_now,
    stands_after_preposition,
    year_is_meant,
)

_ON_WEEKDAY = rf"(?:{words.WEEKDAY},?\s+(?:the\s+)?)?"
A_LEAP_YEAR = 2000
DASH = "[-–—]"
_YEAR_WORD = r"(?:року|році|роком|рік|рр?\.|года|году|годом|год|гг?\.)"
_YEAR_TAIL = (
    rf"(?:(?:,?\s+|,\s*)(?:of\s+)?(?P<year>(?:19|20)\d\d)(?![\w%]|[.,]\d)(?:\s*{_YEAR_WORD}(?!\w))?"
    rf"|,?\s+(?:of\s+)?(?P<year_shift>{words.SHIFT})\s+(?:year|року|році|года|году)(?!\w)|\s+(?P<year_word>позаторік|торік)(?!\w))?"
)
_SUFFIX = r"(?:st|nd|rd|th|-?(?:го|ого|е|є|ше|те))?"
_DAY_NUMBER = r"(?:3[01]|[12]\d|0?[1-9])"
SEPARATOR = rf"(?:\s*{DASH}\s*|\s+(?:and|to|till|until|through|і|й|та|и|до|по)\s+)"
RANGE_PREFIX = r"(?:(?:between|from|між|между|із|зі|від|со|от|з|с)\s+(?:the\s+)?)"
_AGO = r"(?:ago|тому|назад)"
_RECENT = r"(?:last|past|recent|останн\w+|последн\w+|минул(?:і|их)|прошедш(?:ие|их))"


@dataclass(frozen=True, slots=True)
class Found:
    """An expression before its year and relation are settled: `window(year)` are its days in that year.

    `year` is None where the text gives none, and 0 where the window is the same for any year.
    """

    start: int
    end: int
    window: Callable[[int], Window]
    year: int | None
    part: str | None = None
    inferred: bool = False


def windows(one: Found, year: int, step: int) -> Iterator[Window]:
    """The windows of a recurring expression, year by year; years that lack the day (29 February) are passed over."""
    for candidate in range(year, year + 9 * step, step):
        try:
            yield one.window(candidate if one.year is None else one.year)
        except ValueError:
            continue


_Builder = Callable[[re.Match[str], dt.date], Found | None]


def find_dates(text: str, reference: dt.date) -> list[Found]:
    """The dates in `text`, in no order, none overlapping; `reference` is where "last week" is seen from."""
    found: list[Found] = []
    taken = bytearray(len(text))
    for pattern, build in _PATTERNS:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            if (one := build(match, reference)) and _is_possible(one):
                found.append(one)
                taken[one.start : one.end] = b"\1" * (one.end - one.start)
    return found


def _is_possible(one: Found) -> bool:
    """False for 31 June, or 29 February of a given common year; a leap year has every day that any year has."""
    try:
        one.window(A_LEAP_YEAR if one.year is None else one.year)
    except ValueError:
        return False
    return True


def pattern(source: str) -> re.Pattern[str]:
    """Compiled to match whole words, without regard to case."""
    return re.compile(rf"(?<![\w.]){source}(?!\w)", re.IGNORECASE)


def _fixed(match: re.Match[str], window: Window) -> Found:
    return Found(match.start(), match.end(), lambda _year: window, 0)


def _tail_year(match: re.Match[str], reference: dt.date) -> int | None:
    if year := match["year"]:
        return int(year)
    if shift := match["year_shift"]:
        return reference.year + words.shift_value(shift)
    if word := match["year_word"]:
        return reference.year + words.deictic_value(word)[1]
    return None


def _iso_date(match: re.Match[str], _reference: dt.date) -> Found:
    year, month, day = (int(part) for part in match.groups())
    return Found(match.start(), match.end(), lambda y: (dt.date(y, month, day),) * 2, year)


def _numeric_date(match: re.Match[str], _reference: dt.date) -> Found:
    """Day first, as Europe writes it, unless only the American order gives a date."""
    day, month, year = int(match[1]), int(match[2]), int(match[3])
    if month > 12 >= day:
        day, month = month, day
    return Found(match.start(), match.end(), lambda y: (dt.date(y, month, day),) * 2, year)


def _day_range(match: re.Match[str], reference: dt.date) -> Found | None:
    month, first, last = words.month_number(match["month"]), int(match["day"]), int(match["last_day"])
    if first >= last or not month_is_meant(match, day=True):
        return None
    return Found(
        match.start(),
        match.end(),
        lambda year: (dt.date(year, month, first), dt.date(year, month, last)),
        _tail_year(match, reference),
    )


def _day(match: re.Match[str], reference: dt.date) -> Found | None:
    if not month_is_meant(match, day=True):
        return None
    month, words_of_day = words.month_number(match["month"]), match["day"]
    day = int(words_of_day) if words_of_day.isdigit() else words.ordinal_day(words_of_day)
    return Found(match.start(), match.end(), lambda y: (dt.date(y, month, day),) * 2, _tail_year(match, reference))


def _month(match: re.Match[str], reference: dt.date) -> Found | None:
    month, year = words.month_number(match["month"]), _tail_year(match, reference)
    if year is None and not month_is_meant(match, day=False):
        return None
    return Found(match.start(), match.end(), lambda y: month_window(y, month), year)


def _short_month(match: re.Match[str], reference: dt.date) -> Found | None:
    """ "Dec 2025"; without a year "mar" and "sept" are too much else."""
    return _month(match, reference) if _tail_year(match, reference) else None


def _shifted_name(match: re.Match[str], reference: dt.date) -> Found:
    """ "last December", "this spring", "next Friday"."""
    shift = words.shift_value(match["shift"])
    if weekday := match["weekday"]:
        return _fixed(match, weekday_window(words.weekday_number(weekday), max(shift, -1), reference))
    if season := match["season"]:
        first, months = words.season_month(season), 3
    else:
        first, months = words.month_number(match["month"]), 1
    year = reference.year
    while month_window(year, first, months)[0] > reference:
        year -= 1
    current = month_window(year, first, months)[1] >= reference
    if shift == 1:
        year += 1
    elif shift < 0 and current:
        year -= 1
    elif shift == 0 and not current and year < reference.year:
        year += 1
    return _fixed(match, month_window(year, first, months))


def _season(match: re.Match[str], reference: dt.date) -> Found | None:
    first, year = words.season_month(match["season"]), _tail_year(match, reference)
    if year is None and not season_is_meant(match):
        return None
    if year is not None and first == 12 and not match["next_year"] and dt.date(year, 12, 1) > reference:
        year -= 1  # "winter 2026" asked in that winter began in the December before
    return Found(match.start(), match.end(), lambda y: month_window(y, first, 3), year)


def _quarter(match: re.Match[str], reference: dt.date) -> Found:
    quarter = words.quarter_number(match["quarter"])
    return Found(
        match.start(), match.end(), lambda y: month_window(y, 3 * quarter - 2, 3), _tail_year(match, reference)
    )


def _holiday(match: re.Match[str], reference: dt.date) -> Found | None:
    rule, year = words.holiday_rule(match["holiday"]), _tail_year(match, reference)
    if year is None and not holiday_is_meant(match):
        return None
    return Found(match.start(), match.end(), lambda y: holiday_window(y, rule), year)


def _year(match: re.Match[str], _reference: dt.date) -> Found | None:
    if not year_is_meant(match):
        return None
    year, last = int(match["year"]), match["last_year"]
    if last is None:
        return Found(match.start(), match.end(), year_window, year)
    last_year = int(last) if len(last) == 4 else year - year % 100 + int(last)
    if last_year <= year:
        return None
    return _fixed(match, (year_window(year)[0], year_window(last_year)[1]))


def _shifted_unit(match: re.Match[str], reference: dt.date) -> Found | None:
    unit, shift = words.unit_name(match["unit"]), words.shift_value(match["shift"])
    return _fixed(match, unit_window(unit, shift, reference)) if shift_is_seen_from_now(match, unit, shift) else None


def _current_unit(match: re.Match[str], reference: dt.date) -> Found | None:
    """ "the end of the year", "до кінця року": the current one, where a part of it is meant."""
    if not follows_part(match.string, match.start()):
        return None
    return _fixed(match, unit_window(words.unit_name(match["unit"]), 0, reference))


def _deictic(match: re.Match[str], reference: dt.date) -> Found | None:
    return _fixed(match, unit_window(*words.deictic_value(match[0]), reference)) if deictic_is_meant(match) else None


def _ago(match: re.Match[str], reference: dt.date) -> Found:
    """The calendar day, week, month or year that lies so far back."""
    unit, count = words.unit_name(match["unit"]), words.count_value(match["count"])
    return _fixed(match, unit_window(unit, 0, back_from(reference, count, unit)))


def _rolling(match: re.Match[str], reference: dt.date) -> Found:
    """ "the past two weeks": up to and with the reference."""
    unit, count = words.unit_name(match["unit"]), words.count_value(match["count"])
    return _fixed(match, (back_from(reference, count, unit), reference))


def _weekday(match: re.Match[str], reference: dt.date) -> Found | None:
    if not stands_after_preposition(match):
        return None
    return _fixed(match, weekday_window(words.weekday_number(match["weekday"]), None, reference))


_M = f"(?P<month>{words.MONTH}|{words.MONTH_SHORT})"
# Earlier patterns win where two overlap.
_PATTERNS: tuple[tuple[re.Pattern[str], _Builder], ...] = (
    (pattern(r"((?:19|20)\d\d)-(\d\d)-(\d\d)"), _iso_date),
    (pattern(r"(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)"), _numeric_date),
    (
        pattern(
            rf"{_ON_WEEKDAY}{RANGE_PREFIX}?(?P<day>{_DAY_NUMBER}){_SUFFIX}{SEPARATOR}(?:the\s+)?(?P<last_day>{_DAY_NUMBER}){_SUFFIX}"
            rf"\s+(?:of\s+)?{_M}{_YEAR_TAIL}"
        ),
        _day_range,
    ),
    (
        pattern(
            rf"(?P<between>between\s+)?{RANGE_PREFIX}?{_M}\s+(?P<day>{_DAY_NUMBER}){_SUFFIX}"
            rf"(?:\s*{DASH}\s*|\s+(?:to|till|until|through|(?(between)and|to))\s+)(?:the\s+)?"
            rf"(?P<last_day>{_DAY_NUMBER}){_SUFFIX}(?![\d:]|[.,]\d|\s*%|\s+(?:of\s+)?{words.MONTH}){_YEAR_TAIL}"
        ),
        _day_range,
    ),
    (pattern(rf"{_ON_WEEKDAY}(?P<day>{_DAY_NUMBER}){_SUFFIX}\s+(?:of\s+)?{_M}{_YEAR_TAIL}"), _day),
    (pattern(rf"{_ON_WEEKDAY}(?P<day>{words.ORDINAL_DAY})\s+(?:of\s+)?{_M}{_YEAR_TAIL}"), _day),
    (
        pattern(rf"{_ON_WEEKDAY}{_M}\s+(?:the\s+)?(?P<day>{_DAY_NUMBER}){_SUFFIX}(?![\d:]|[.,]\d|\s*%){_YEAR_TAIL}"),
        _day,
    ),
    (
        pattern(
            rf"(?:(?P<shift>{words.SHIFT})\s+(?:(?P<month>{words.MONTH})|(?P<season>{words.SEASON})|"
            rf"(?P<weekday>{words.WEEKDAY})))(?!\s+(?:19|20)\d\d)"
        ),
        _shifted_name,
    ),
    (pattern(rf"(?P<holiday>{words.HOLIDAY}){_YEAR_TAIL}"), _holiday),
    (pattern(rf"(?P<quarter>{words.QUARTER}){_YEAR_TAIL}"), _quarter),
    (
        pattern(rf"(?P<season>{words.SEASON}){_YEAR_TAIL}(?P<next_year>[-–/](?:\d{{4}}|\d\d))?(?:\s+{_YEAR_WORD})?"),
        _season,
    ),
    (pattern(rf"(?P<month>{words.MONTH}|{words.MONTH_ADJECTIVE}){_YEAR_TAIL}"), _month),
    (pattern(rf"(?P<month>{words.MONTH_SHORT}){_YEAR_TAIL}"), _short_month),
    (pattern(rf"(?:(?P<count>{words.COUNT})\s+)?(?P<unit>{words.UNIT})\s+{_AGO}"), _ago),
    (pattern(rf"(?:the\s+)?{_RECENT}\s+(?P<count>{words.COUNT})\s+(?P<unit>{words.UNIT})(?!\s+of\b)"), _rolling),
    (
        pattern(
            r"(?:(?:(?:the)\s+(?:last|past))|(?:за|упродовж|впродовж|протягом)\s+(?:останн\w+|последн\w+))"
            rf"(?P<count>)\s+(?P<unit>(?:{words.UNIT_PATTERNS['week']}|{words.UNIT_PATTERNS['month']}|"
            rf"{words.UNIT_PATTERNS['year']}))(?!\s+of\b)"
        ),
        _rolling,
    ),
    (pattern(rf"(?P<shift>{words.SHIFT})\s+(?P<unit>{words.UNIT})(?!\s+of\b)"), _shifted_unit),
    (pattern(r"(?P<unit>week|month|year|тижня|місяця|року|недели|месяца|года)"), _current_unit),
    (pattern(words.DEICTIC), _deictic),
    (pattern(rf"(?P<weekday>{words.WEEKDAY})"), _weekday),
    (
        pattern(
            r"(?P<year>(?:19|20)\d\d)(?:[-–/](?P<last_year>(?:19|20)?\d\d)(?!\d))?(?P<ending>-(?:го|му|й|ого|ому|м|ом|х))?"
            rf"(?P<year_word>\s*{_YEAR_WORD})?"
        ),
        _year,
    ),
)
