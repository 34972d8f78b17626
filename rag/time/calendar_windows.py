"""Calendar arithmetic: windows of whole days, first and last day included."""

import calendar
import datetime as dt

Window = tuple[dt.date, dt.date]

SHORTEST_PARTED = 6  # days: less has no "late" and no "first half"
_DAY = dt.timedelta(days=1)


def month_window(year: int, month: int, months: int = 1) -> Window:
    """`months` whole months from the given one, which may lie beyond 1 to 12 and then counts into other years."""
    first = year * 12 + month - 1
    return _first_of(first), _first_of(first + months) - _DAY


def year_window(year: int) -> Window:
    """1 January to 31 December."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def unit_window(unit: str, shift: int, reference: dt.date) -> Window:
    """The day, week (from Monday), month or year that holds `reference`, moved by `shift` such units."""
    if unit == "day":
        day = reference + shift * _DAY
        return day, day
    if unit == "week":
        monday = reference - reference.weekday() * _DAY + 7 * shift * _DAY
        return monday, monday + 6 * _DAY
    if unit == "month":
        return month_window(reference.year, reference.month + shift)
    return year_window(reference.year + shift)


def back_from(reference: dt.date, count: int, unit: str) -> dt.date:
    """The day `count` units before `reference` (after it when negative), the last of the month where there is none."""
    if unit in ("day", "week"):
        return reference - count * (7 if unit == "week" else 1) * _DAY
    months = reference.year * 12 + reference.month - 1 - count * (12 if unit == "year" else 1)
    first = _first_of(months)
    return first.replace(day=min(reference.day, calendar.monthrange(first.year, first.month)[1]))


def weekday_window(weekday: int, shift: int | None, reference: dt.date) -> Window:
    """One weekday (0 Monday): the latest up to `reference`, or -1 the one before it, 0 this week's, 1 the next."""
    since = (reference.weekday() - weekday) % 7
    days = {None: -since, -1: -(since or 7), 0: weekday - reference.weekday(), 1: 7 - since}[shift]
    day = reference + days * _DAY
    return day, day


def part_of(window: Window, part: str) -> Window:
    """A part of a window: a third for early, mid, late; for start and end two months of a year, ten days of a month.

    A window too short to be parted stays whole.
    """
    first, last = window
    if (last - first).days < SHORTEST_PARTED:
        return window
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if part == "first-week":
        return first, first + 6 * _DAY
    if part == "last-week":
        return last - 6 * _DAY, last
    if months >= 3:
        return _months_of(window, part, months)
    days = (last - first).days + 1
    half, third = days // 2, days // 3
    return {
        "first-half": (first, first + (half - 1) * _DAY),
        "second-half": (first + half * _DAY, last),
        "mid": (first + third * _DAY, last - third * _DAY),
        "early": (first, first + (third - 1) * _DAY),
        "start": (first, first + (third - 1) * _DAY),
        "late": (last - (third - 1) * _DAY, last),
        "end": (last - (third - 1) * _DAY, last),
    }[part]


def easter(year: int, orthodox: bool) -> dt.date:
    """Easter Sunday in the Gregorian calendar, for 1900 to 2099 (Meeus, Astronomical Algorithms, chapter 8)."""
    if orthodox:
        a, b, c = year % 4, year % 7, year % 19
        d = (19 * c + 15) % 30
        e = (2 * a + 4 * b - d + 34) % 7
        month, day = divmod(d + e + 114, 31)
        return dt.date(year, month, day + 1) + 13 * _DAY
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def holiday_window(year: int, rule: tuple[int, int, int, int] | str) -> Window:
    """A feast in a year. Easter spans the western and the orthodox one, for the text seldom says which it means."""
    if rule == "easter":
        days = sorted((easter(year, orthodox=False), easter(year, orthodox=True)))
        return days[0], days[1]
    if rule == "thanksgiving":
        first = dt.date(year, 11, 1)
        day = first + ((3 - first.weekday()) % 7 + 21) * _DAY
        return day, day
    month, day, last_month, last_day = rule
    return dt.date(year, month, day), dt.date(year + (last_month < month), last_month, last_day)


def _first_of(months: int) -> dt.date:
    return dt.date(months // 12, months % 12 + 1, 1)


def _months_of(window: Window, part: str, months: int) -> Window:
    first, _ = window
    third, half = months // 3, months // 2
    edge = max(1, months // 6)
    offset, length = {
        "early": (0, third),
        "mid": (third, months - 2 * third),
        "late": (months - third, third),
        "start": (0, edge),
        "end": (months - edge, edge),
        "first-half": (0, half),
        "second-half": (half, months - half),
    }[part]
    return month_window(first.year, first.month + offset, length)
