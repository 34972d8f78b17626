"""The day on which a text says that it was published, from its first lines. It would rather not say than say wrong."""

import datetime as dt
import re

_HEAD_LINES = 12
_LONGEST_LINE = 120  # characters: a dateline or a byline, no sentence of the report
_EARLIEST = dt.date(1990, 1, 1)
_MONTH = r"[^\W\d_]{3,10}\.?"
_WRITTEN = re.compile(
    rf"\b(\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}|\d{{1,2}}/\d{{1,2}}/\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})(?!\d)"
)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}")
_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.](\d{2})[-_.](\d{2})(?!\d)")
_SENTENCE_END = re.compile(r"(?<!\d\sг)(?<!\d\sр)(?<!\d\sроку)[.?!]\s*$")  # "22 января 2026 г." ends none
_LANGUAGES = ["en", "uk", "ru"]


def date_in_head(text: str) -> dt.date | None:
    """The one day that short lines at the top name; None where they name none, or several."""
    days = set()
    for line in text.split("\n", _HEAD_LINES * 2)[: _HEAD_LINES * 2]:
        if len(line) <= _LONGEST_LINE and not _SENTENCE_END.search(line):
            days.update(day for written in _WRITTEN.findall(line) if (day := _day(written)))
    return days.pop() if len(days) == 1 else None


def date_in_name(name: str) -> dt.date | None:
    """The day that a file name holds, year first, such as `2026-01-22-report`."""
    match = _IN_NAME.search(name)
    try:
        return _plausible(dt.date(*map(int, match.groups()))) if match else None
    except ValueError:
        return None


def _day(written: str) -> dt.date | None:
    import dateparser

    slashed = _SLASHED.fullmatch(written)
    if slashed and all(int(part) <= 12 for part in slashed.groups()) and slashed.group(1) != slashed.group(2):
        return None  # 3/4/2026 is a day in March here and one in April there
    month_first = bool(slashed and int(slashed.group(2)) > 12)
    order = "YMD" if written[:4].isdecimal() else "MDY" if month_first else "DMY"
    settings = {"DATE_ORDER": order, "STRICT_PARSING": True, "PREFER_LOCALE_DATE_ORDER": False}
    try:
        found = dateparser.parse(written, languages=_LANGUAGES, settings=settings)
    except ValueError:
        return None
    return _plausible(found.date()) if found else None


def _plausible(day: dt.date) -> dt.date | None:
    return day if _EARLIEST <= day <= dt.date.today() + dt.timedelta(days=1) else None
