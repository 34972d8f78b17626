"""Expressions of time in a text, as windows of days: English, Ukrainian and Russian.

It reads dates, months, seasons, feasts and relative expressions, and the words around them that open a window
("before", "since", "as of"). It does not read clock times, durations ("for two weeks") or the dates of named events
(`rag/time/events.py`). Own patterns instead of a date library: what counts here is not to take "may", "march" or
"2000 drones" for a date, to keep offsets, and to cost a fraction of a millisecond a question.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Literal

from rag.time import words as words
from rag.time.calendar_windows import SHORTEST_PARTED, Window, back_from, part_of, unit_window
from rag.time.patterns import A_LEAP_YEAR, DASH, RANGE_PREFIX, SEPARATOR, Found, find_dates, pattern, windows

Relation = Literal["during", "before", "after", "as_of"]

_DAY = dt.timedelta(days=1)
_LATER = (
    r"(?:later|after that|afterwards|thereafter|after this|"
    r"по тому|потому|згодом|спустя|після того|после того|после этого)"
)
_EARLIER = r"(?:earlier|before that|before then|раніше|раньше|до того|до этого|перед тим|перед этим)"
_PART_BEFORE = re.compile(rf"(?<!\w)(?P<part>{words.PART})[\s-]+(?:the\s+)?$", re.IGNORECASE)
_RELATION_BEFORE = re.compile(rf"(?<!\w)(?P<relation>{words.RELATION})\s+(?:the\s+)?$", re.IGNORECASE)
_ONWARDS = re.compile(r"\s+(?:onwards?|on(?=\s*[,.?!]|$)|і далі|и далее|и дальше)(?!\w)", re.IGNORECASE)
_OFFSET_BEFORE = re.compile(
    rf"(?<!\w)(?:(?:через|за)\s+)?(?:(?P<count>{words.COUNT})\s+|the\s+)?(?P<unit>{words.UNIT})\s+$", re.IGNORECASE
)
_ANCHORED = pattern(
    rf"(?:через\s+(?P<after_count>{words.COUNT})\s+(?P<after_unit>{words.UNIT})"
    rf"|(?P<count>{words.COUNT})\s+(?P<unit>{words.UNIT})\s+(?:(?P<later>{_LATER})|{_EARLIER})"
    rf"|(?:that same|the same|that|(?:того|той|тієї|ту|тот|те)\s+(?:ж|же|самого|самої))\s+(?P<same>{words.UNIT})"
    rf"|the\s+(?P<beside>next|following|previous)\s+(?P<beside_unit>{words.UNIT})"
    rf"|(?P<beside_day>наступн\w+|попередн\w+|следующ\w+|предыдущ\w+)\s+(?:{words.UNIT_PATTERNS['day']}))"
)
_BACKWARDS = re.compile(r"previous|попередн|предыдущ", re.IGNORECASE)
_RANGE_OPENS = re.compile(rf"(?<!\w){RANGE_PREFIX}$", re.IGNORECASE)
_BARE_RANGE = re.compile(rf"\s*{DASH}\s*|\s+(?:to|through|till|until|по)\s+(?:the\s+)?", re.IGNORECASE)
_OPENED_RANGE = re.compile(rf"{SEPARATOR}(?:the\s+)?", re.IGNORECASE)
_LISTED = re.compile(r"\s*,\s*|,?\s+(?:and|or|і|й|та|и|або|или)\s+(?:(?:in|on|у|в)\s+)?", re.IGNORECASE)
# Any expression here stays within what datetime.date can hold ("999 years ago").
_EARLIEST, _LATEST = dt.date(1100, 1, 1), dt.date(8900, 1, 1)
_LOOK_BACK = 40  # characters: longer than any part, relation or count that can stand before an expression


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a text speaks of, first and last included; None is open.

    `surface` is `text[span_start:span_end]` and includes the words that open or part the window ("by the end of 2025"),
    not a plain "in" or "on". `year_inferred` is True where the text gives no year and the reference date chose it.
    """

    start: dt.date | None
    end: dt.date | None
    relation: Relation
    surface: str
    span_start: int
    span_end: int
    year_inferred: bool = False


def find_periods(text: str, reference: dt.date) -> list[Period]:
    """The expressions of time in `text`, in order, none overlapping; `reference` is the day that the text is read from.

    A date without a year is the latest that begins by `reference`; after "by" and "until" it is the nearest.
    """
    reference = min(max(reference, _EARLIEST), _LATEST)
    found = sorted(find_dates(text, reference), key=lambda one: one.start)
    found = [_with_part(text, one) for one in found]
    found = _join_ranges(text, _share_years(text, found), reference)
    periods: list[Period] = []
    for one in found:
        if (period := _related(text, one, reference)) and (not periods or period.span_start >= periods[-1].span_end):
            periods.append(period)
    return _with_anchored(text, periods)


def has_anchored_period(text: str) -> bool:
    """Whether `text` counts from a day that it does not name: "two days later", "that same week"."""
    match = _ANCHORED.search(text)
    return match is not None and not find_periods(text[: match.start()], dt.date.today())


def _with_part(text: str, one: Found) -> Found:
    if not (match := _PART_BEFORE.search(text, max(0, one.start - _LOOK_BACK), one.start)):
        return one
    part, window = words.part_name(match["part"]), one.window
    first, last = window(A_LEAP_YEAR if one.year is None else one.year)
    if (last - first).days < SHORTEST_PARTED:
        return one  # "the end of 22 January" stays that day
    return replace(one, start=match.start(), window=lambda year: part_of(window(year), part), part=part)


def _share_years(text: str, found: list[Found]) -> list[Found]:
    """Gives a listed expression the year of its neighbour: "30 November and 4-6 December 2025"."""
    shared = list(found)
    for index in range(len(shared) - 1, 0, -1):
        first, last = shared[index - 1], shared[index]
        if first.year is None and last.year and _LISTED.fullmatch(text, first.end, last.start):
            ends = last.window(last.year)[1]
            shared[index - 1] = _settled(first, next(w for w in windows(first, ends.year, -1) if w[0] <= ends))
    for index in range(1, len(shared)):
        first, last = shared[index - 1], shared[index]
        if last.year is None and first.year and _LISTED.fullmatch(text, first.end, last.start):
            begins = first.window(first.year)[0]
            shared[index] = _settled(last, next(w for w in windows(last, begins.year, 1) if w[1] >= begins))
    return shared


def _settled(one: Found, window: Window) -> Found:
    return replace(one, window=lambda _year: window, year=window[0].year)


def _join_ranges(text: str, found: list[Found], reference: dt.date) -> list[Found]:
    joined: list[Found] = []
    for one in found:
        if joined and (whole := _range(text, joined[-1], one, reference)):
            joined[-1] = whole
        else:
            joined.append(one)
    return joined


def _range(text: str, first: Found, last: Found, reference: dt.date) -> Found | None:
    opening = _RANGE_OPENS.search(text, max(0, first.start - _LOOK_BACK), first.start)
    separator = _OPENED_RANGE if opening else _BARE_RANGE
    if last.start < first.end or not separator.fullmatch(text, first.end, last.start):
        return None
    if last.year is None and first.year is not None:
        begins = first.window(first.year)[0]
        ends = next(w[1] for w in windows(last, begins.year, 1) if w[1] >= begins)
    else:
        ends = _window_of(last, reference)[1]
        given = first.year is not None
        begins = (
            first.window(first.year)[0] if given else next(w[0] for w in windows(first, ends.year, -1) if w[0] <= ends)
        )
    if begins > ends:
        return None
    start = opening.start() if opening else first.start
    inferred = first.year is None and last.year is None
    return Found(start, last.end, lambda _year: (begins, ends), 0, inferred=inferred)


def _window_of(one: Found, reference: dt.date, nearest: bool = False) -> Window:
    if one.year is not None:
        return one.window(one.year)
    latest = next(window for window in windows(one, reference.year + 1, -1) if window[0] <= reference)
    if not nearest:
        return latest
    coming = next(window for window in windows(one, reference.year - 1, 1) if window[0] > reference)
    return coming if coming[0] - reference < reference - latest[1] else latest


def _related(text: str, one: Found, reference: dt.date) -> Period | None:
    match = _RELATION_BEFORE.search(text, max(0, one.start - _LOOK_BACK), one.start)
    relation = words.relation_name(match["relation"]) if match else "during"
    onwards = _ONWARDS.match(text, one.end)
    first, last = _window_of(one, reference, nearest=relation == "by")
    if relation == "since" and (
        not onwards
        and (match["relation"].casefold() == "from" or (match["relation"] in ("от", "від") and first == last))
    ):
        relation, match = "during", None  # "the letter from 4 June", "лист від 4 червня": when it is dated
    if relation == "during" and onwards:
        relation = "since"
    start = match.start() if match else one.start
    if match and relation in ("before", "after", "by") and (moved := _moved(text, start, relation, first, last)):
        start, (first, last) = moved
        relation = "during"
    end = onwards.end() if onwards and relation == "since" else one.end
    opened: dict[str, tuple[dt.date | None, dt.date | None, Relation]] = {
        "during": (first, last, "during"),
        "before": (None, last if one.part == "end" else first - _DAY, "before"),
        "by": (None, first if one.part == "start" else last, "before"),
        "after": (first if one.part == "start" else last + _DAY, None, "after"),
        "since": (first, None, "after"),
        "as_of": (None, last, "as_of"),
    }
    return Period(*opened[relation], text[start:end], start, end, one.inferred or one.year is None)


def _moved(text: str, start: int, relation: str, first: dt.date, last: dt.date) -> tuple[int, Window] | None:
    """ "two weeks before Christmas": where that begins and the days it means."""
    match = _OFFSET_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
    if not match:
        return None
    unit, count = words.unit_name(match["unit"]), words.count_value(match["count"])
    day = back_from(last, -count, unit) if relation == "after" else back_from(first, count, unit)
    return match.start(), _around(day, unit, exact=first == last)


def _around(day: dt.date, unit: str, exact: bool) -> Window:
    """The days that "so many units before" may mean: as wide as the unit, around `day` where it was counted exactly."""
    if unit in ("month", "year") and not exact:
        return unit_window(unit, 0, day)
    half = {"day": 0, "week": 3, "month": 15, "year": 182}[unit] * _DAY
    return day - half, day + half


def _with_anchored(text: str, periods: list[Period]) -> list[Period]:
    """Adds "two months later" and "that same week", seen from the period before; unread where there is none."""
    added: list[Period] = []
    for match in _ANCHORED.finditer(text):
        earlier = [period for period in periods if period.span_end <= match.start()]
        overlaps = any(p.span_start < match.end() and match.start() < p.span_end for p in periods)
        if overlaps or not earlier:
            continue
        window = _anchored_window(match, earlier[-1])
        added.append(Period(*window, "during", match[0], match.start(), match.end(), earlier[-1].year_inferred))
    return sorted([*periods, *added], key=lambda period: period.span_start)


def _anchored_window(match: re.Match[str], earlier: Period) -> Window:
    later = bool(match["later"] or match["after_count"])
    nearer, farther = (earlier.end, earlier.start) if later else (earlier.start, earlier.end)
    anchor = nearer or farther
    assert anchor is not None, "a period has a start or an end"
    if beside := match["beside"] or match["beside_day"]:
        backwards = bool(_BACKWARDS.match(beside))
        anchor = (earlier.start if backwards else earlier.end) or anchor
        unit = words.unit_name(match["beside_unit"]) if match["beside"] else "day"
        return unit_window(unit, -1 if backwards else 1, anchor)
    if match["same"]:
        return unit_window(words.unit_name(match["same"]), 0, anchor)
    unit = words.unit_name(match["unit"] or match["after_unit"])
    count = words.count_value(match["count"] or match["after_count"])
    return _around(back_from(anchor, -count if later else count, unit), unit, exact=earlier.start == earlier.end)
