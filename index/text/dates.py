"""Dates as readers see them, in the three languages."""

import datetime as dt
import re

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_MONTH_NAMES = {language: names.split() for language, names in _MONTHS.items()}
_ANY_MONTH = "|".join(name for names in _MONTH_NAMES.values() for name in names)
DAY_AND_MONTH = re.compile(rf"\b\d{{1,2}}\s+({_ANY_MONTH})\b|\b({_ANY_MONTH})\s+\d{{1,2}}\b", re.IGNORECASE)


def spell_date(date: dt.date, language: str) -> str:
    """`22 January 2026`, in English for languages that Parley does not speak."""
    return f"{date.day} {month_name(date.month, language)} {date.year}"


def month_name(month: int, language: str) -> str:
    """`January` for 1, as it stands after a day."""
    return _MONTH_NAMES.get(language, _MONTH_NAMES["en"])[month - 1]


def names_date(text: str) -> bool:
    """Whether `text` says a day and a month."""
    return bool(DAY_AND_MONTH.search(text))
