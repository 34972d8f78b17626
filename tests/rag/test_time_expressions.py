"""Expressions of time, read on Friday 20 February 2026 unless a case says otherwise."""

import calendar
import datetime as dt
import re
from pathlib import Path

import pytest

from index.text.sentences import split_sentences
from rag.time.expressions import Period, find_periods

REFERENCE = dt.date(2026, 2, 20)
SEEDS = Path(__file__).parents[2] / "seeds"


def shown(period: Period) -> str:
    """A period as the tables write it: first..last, with the relation where it is not "during"."""
    window = f"{period.start or ''}..{period.end or ''}"
    if period.start == period.end:
        window = str(period.start)
    return window if period.relation == "during" else f"{period.relation} {window}"


ONE_PERIOD = [
    # days, English
    ("What happened on 22 January 2026?", "2026-01-22", "22 January 2026"),
    ("What happened on January 22?", "2026-01-22", "January 22"),
    ("on January 22nd, 2026", "2026-01-22", "January 22nd, 2026"),
    ("on the 22nd of January 2026", "2026-01-22", "22nd of January 2026"),
    ("on the first of March 2025", "2025-03-01", "first of March 2025"),
    ("Who signed on 30 April?", "2025-04-30", "30 April"),
    ("2026-01-22", "2026-01-22", "2026-01-22"),
    ("on 22.01.2026", "2026-01-22", "22.01.2026"),
    ("on 5/6/2025", "2025-06-05", "5/6/2025"),
    ("on 12/25/2025", "2025-12-25", "12/25/2025"),
    ("5 Sept 2025", "2025-09-05", "5 Sept 2025"),
    ("on Feb 28, 2025", "2025-02-28", "Feb 28, 2025"),
    ("29 February", "2024-02-29", "29 February"),
    ("on 5 May 2025", "2025-05-05", "5 May 2025"),
    ("on 5 may", "2025-05-05", "5 may"),
    # days, Ukrainian and Russian
    ("Що сталося 22 січня?", "2026-01-22", "22 січня"),
    ("22 січня 2026 року", "2026-01-22", "22 січня 2026 року"),
    ("22-го січня торік", "2025-01-22", "22-го січня торік"),
    ("двадцять другого січня 2026 року", "2026-01-22", "двадцять другого січня 2026 року"),
    ("п'ятого березня", "2025-03-05", "п'ятого березня"),
    ("Что было второго марта?", "2025-03-02", "второго марта"),
    ("тридцать первого декабря", "2025-12-31", "тридцать первого декабря"),
    ("5 мая 2025 г.", "2025-05-05", "5 мая 2025 г."),
    ("лист від 4 червня 2025 року", "2025-06-04", "4 червня 2025 року"),
    ("указ от 5 марта", "2025-03-05", "5 марта"),
    ("On Sunday 25 January 2026", "2026-01-25", "Sunday 25 January 2026"),
    ("У четвер 22 січня", "2026-01-22", "четвер 22 січня"),
    # ranges of days
    ("between 5 and 7 March", "2025-03-05..2025-03-07", "between 5 and 7 March"),
    ("from 23 to 25 March 2025", "2025-03-23..2025-03-25", "from 23 to 25 March 2025"),
    ("Riyadh, 23-25 March 2025", "2025-03-23..2025-03-25", "23-25 March 2025"),
    ("March 23 to 25", "2025-03-23..2025-03-25", "March 23 to 25"),
    ("between March 5 and 7", "2025-03-05..2025-03-07", "between March 5 and 7"),
    ("17–18 лютого 2026 року", "2026-02-17..2026-02-18", "17–18 лютого 2026 року"),
    ("з 5 до 7 березня", "2025-03-05..2025-03-07", "з 5 до 7 березня"),
    ("с 23 по 24 января 2026 года", "2026-01-23..2026-01-24", "с 23 по 24 января 2026 года"),
    ("17 і 18 лютого", "2026-02-17..2026-02-18", "17 і 18 лютого"),
    ("from 28 December 2025 to 6 January", "2025-12-28..2026-01-06", "from 28 December 2025 to 6 January"),
    ("з 28 грудня до 6 січня", "2025-12-28..2026-01-06", "з 28 грудня до 6 січня"),
    # months
    ("in December", "2025-12-01..2025-12-31", "December"),
    ("in February", "2026-02-01..2026-02-28", "February"),
    ("in march", "2025-03-01..2025-03-31", "march"),
    ("in May", "2025-05-01..2025-05-31", "May"),
    ("December 2025", "2025-12-01..2025-12-31", "December 2025"),
    ("Dec 2025", "2025-12-01..2025-12-31", "Dec 2025"),
    ("in December of last year", "2025-12-01..2025-12-31", "December of last year"),
    ("last December", "2025-12-01..2025-12-31", "last December"),
    ("last February", "2025-02-01..2025-02-28", "last February"),
    ("the January round", "2026-01-01..2026-01-31", "January"),
    ("the March round", "2025-03-01..2025-03-31", "March"),
    ("у грудні", "2025-12-01..2025-12-31", "грудні"),
    ("у лютому 2025-го", "2025-02-01..2025-02-28", "лютому 2025"),
    ("у травні минулого року", "2025-05-01..2025-05-31", "травні минулого року"),
    ("січневі переговори", "2026-01-01..2026-01-31", "січневі"),
    ("в декабре", "2025-12-01..2025-12-31", "декабре"),
    ("в мае", "2025-05-01..2025-05-31", "мае"),
    ("в декабре прошлого года", "2025-12-01..2025-12-31", "декабре прошлого года"),
    ("декабрьская встреча", "2025-12-01..2025-12-31", "декабрьская"),
    ("from November to Christmas 2025", "2025-11-01..2025-12-25", "from November to Christmas 2025"),
    ("from December to January 2026", "2025-12-01..2026-01-31", "from December to January 2026"),
    ("з січня по березень 2025 року", "2025-01-01..2025-03-31", "з січня по березень 2025 року"),
    # parts
    ("late January", "2026-01-22..2026-01-31", "late January"),
    ("early January", "2026-01-01..2026-01-10", "early January"),
    ("in mid-December", "2025-12-11..2025-12-21", "mid-December"),
    ("early 2025", "2025-01-01..2025-04-30", "early 2025"),
    ("at the end of 2025", "2025-11-01..2025-12-31", "the end of 2025"),
    ("towards the close of 2025", "2025-11-01..2025-12-31", "the close of 2025"),
    ("the first half of 2025", "2025-01-01..2025-06-30", "the first half of 2025"),
    ("in the first week of March", "2025-03-01..2025-03-07", "the first week of March"),
    ("на початку січня", "2026-01-01..2026-01-10", "на початку січня"),
    ("наприкінці 2025 року", "2025-11-01..2025-12-31", "наприкінці 2025 року"),
    ("у першій половині січня", "2026-01-01..2026-01-15", "у першій половині січня"),
    ("в конце декабря", "2025-12-22..2025-12-31", "в конце декабря"),
    ("в середине марта", "2025-03-11..2025-03-21", "в середине марта"),
    # seasons, quarters, years
    ("in spring 2026", "2026-03-01..2026-05-31", "spring 2026"),
    ("in the summer", "2025-06-01..2025-08-31", "summer"),
    ("last fall", "2025-09-01..2025-11-30", "last fall"),
    ("in the fall of 2025", "2025-09-01..2025-11-30", "fall of 2025"),
    ("winter 2025-26", "2025-12-01..2026-02-28", "winter 2025-26"),
    ("this winter", "2025-12-01..2026-02-28", "this winter"),
    ("навесні 2025 року", "2025-03-01..2025-05-31", "навесні 2025 року"),
    ("прошлой осенью", "2025-09-01..2025-11-30", "прошлой осенью"),
    ("летом", "2025-06-01..2025-08-31", "летом"),
    ("in Q4 2025", "2025-10-01..2025-12-31", "Q4 2025"),
    ("in the first quarter of 2026", "2026-01-01..2026-03-31", "first quarter of 2026"),
    ("у першому кварталі 2026 року", "2026-01-01..2026-03-31", "першому кварталі 2026 року"),
    ("в третьем квартале", "2025-07-01..2025-09-30", "третьем квартале"),
    ("in 2025", "2025-01-01..2025-12-31", "2025"),
    ("the last round of 2025", "2025-01-01..2025-12-31", "2025"),
    ("the 2025 direct rounds", "2025-01-01..2025-12-31", "2025"),
    ("у 2025 році", "2025-01-01..2025-12-31", "2025 році"),
    ("в 2025-м", "2025-01-01..2025-12-31", "2025-м"),
    ("from 2022 to 2025", "2022-01-01..2025-12-31", "from 2022 to 2025"),
    # from where the reader stands
    ("What was said today?", "2026-02-20", "today"),
    ("yesterday", "2026-02-19", "yesterday"),
    ("the day before yesterday", "2026-02-18", "the day before yesterday"),
    ("this week", "2026-02-16..2026-02-22", "this week"),
    ("last week", "2026-02-09..2026-02-15", "last week"),
    ("last month", "2026-01-01..2026-01-31", "last month"),
    ("last year", "2025-01-01..2025-12-31", "last year"),
    ("two weeks ago", "2026-02-02..2026-02-08", "two weeks ago"),
    ("3 days ago", "2026-02-17", "3 days ago"),
    ("in the past two weeks", "2026-02-06..2026-02-20", "the past two weeks"),
    ("over the last month", "2026-01-20..2026-02-20", "the last month"),
    ("on Friday", "2026-02-20", "Friday"),
    ("last Friday", "2026-02-13", "last Friday"),
    ("позавчора", "2026-02-18", "позавчора"),
    ("торік", "2025-01-01..2025-12-31", "торік"),
    ("минулого тижня", "2026-02-09..2026-02-15", "минулого тижня"),
    ("два тижні тому", "2026-02-02..2026-02-08", "два тижні тому"),
    ("минулої п'ятниці", "2026-02-13", "минулої п'ятниці"),
    ("у середу", "2026-02-18", "середу"),
    ("вчера", "2026-02-19", "вчера"),
    ("в прошлом месяце", "2026-01-01..2026-01-31", "прошлом месяце"),
    ("на прошлой неделе", "2026-02-09..2026-02-15", "прошлой неделе"),
    ("неделю назад", "2026-02-09..2026-02-15", "неделю назад"),
    ("за последние три месяца", "2025-11-20..2026-02-20", "последние три месяца"),
    # feasts
    ("on Christmas Eve", "2025-12-24", "Christmas Eve"),
    ("at Easter 2026", "2026-04-05..2026-04-12", "Easter 2026"),
    ("on Orthodox Easter 2025", "2025-04-20", "Orthodox Easter 2025"),
    ("on Thanksgiving", "2025-11-27", "Thanksgiving"),
    ("New Year", "2026-01-01", "New Year"),
    ("between Christmas and New Year", "2025-12-25..2026-01-01", "between Christmas and New Year"),
    ("на Різдво", "2025-12-25", "Різдво"),
    ("на Рождество", "2025-12-25..2026-01-07", "Рождество"),
    # open windows
    ("by the beginning of summer", "before ..2026-06-01", "by the beginning of summer"),
    ("since March", "after 2025-03-01..", "since March"),
    ("from 3 March onwards", "after 2025-03-03..", "from 3 March onwards"),
    ("until May", "before ..2026-05-31", "until May"),
    ("before 3 March", "before ..2025-03-02", "before 3 March"),
    ("before the end of 2025", "before ..2025-12-31", "before the end of 2025"),
    ("by the end of 2025", "before ..2025-12-31", "by the end of 2025"),
    ("by the end of the year", "before ..2026-12-31", "by the end of the year"),
    ("before 2026", "before ..2025-12-31", "before 2026"),
    ("after Christmas", "after 2025-12-26..", "after Christmas"),
    ("before the New Year", "before ..2025-12-31", "before the New Year"),
    ("as of 8 February 2026", "as_of ..2026-02-08", "as of 8 February 2026"),
    ("As of today", "as_of ..2026-02-20", "As of today"),
    ("станом на 1 березня 2026 року", "as_of ..2026-03-01", "станом на 1 березня 2026 року"),
    ("до кінця року", "before ..2026-12-31", "до кінця року"),
    ("до 3 березня 2025 року", "before ..2025-03-03", "до 3 березня 2025 року"),
    ("після Різдва", "after 2025-12-26..", "після Різдва"),
    ("з березня 2025 року", "after 2025-03-01..", "з березня 2025 року"),
    ("по состоянию на 1 марта 2026 года", "as_of ..2026-03-01", "по состоянию на 1 марта 2026 года"),
    ("перед Новым годом", "before ..2025-12-31", "перед Новым годом"),
    ("с марта", "after 2025-03-01..", "с марта"),
    # counted from a date
    ("two weeks before Christmas", "2025-12-08..2025-12-14", "two weeks before Christmas"),
    ("the day after 22 January", "2026-01-23", "the day after 22 January"),
    ("за два дні до Різдва", "2025-12-23", "за два дні до Різдва"),
]


@pytest.mark.parametrize(("text", "window", "surface"), ONE_PERIOD)
def test_expression_becomes_window(text: str, window: str, surface: str) -> None:
    periods = find_periods(text, REFERENCE)
    assert [(shown(period), period.surface) for period in periods] == [(window, surface)]


SEVERAL_PERIODS = [
    ("30 November and 4-6 December 2025", ["2025-11-30", "2025-12-04..2025-12-06"]),
    ("in December 2025 and in January", ["2025-12-01..2025-12-31", "2026-01-01..2026-01-31"]),
    ("in December 2025, and two months later", ["2025-12-01..2025-12-31", "2026-02-01..2026-02-28"]),
    ("on 3 March 2025, or that same week?", ["2025-03-03", "2025-03-03..2025-03-09"]),
    ("on 3 March 2025 and the next day", ["2025-03-03", "2025-03-04"]),
    ("3 марта 2025 года и на следующий день", ["2025-03-03", "2025-03-04"]),
    ("between 1 December 2025 and today", ["2025-12-01..2026-02-20"]),
    ("22 січня 2026 року, а через два дні?", ["2026-01-22", "2026-01-24"]),
    ("after 5 January 2026 and before 1 February", ["after 2026-01-06..", "before ..2026-01-31"]),
]


@pytest.mark.parametrize(("text", "windows"), SEVERAL_PERIODS)
def test_expressions_of_one_text_are_read_together(text: str, windows: list[str]) -> None:
    assert [shown(period) for period in find_periods(text, REFERENCE)] == windows


NO_DATE = [
    "How may this help?",
    "May 5,000 people enter?",
    "They may march on Kyiv",
    "the March on Washington",
    "March against the war",
    "the second March meeting",
    "He came second",
    "just a second",
    "The Sun reported it",
    "Mar-a-Lago",
    "Theresa May resigned",
    "April Ryan asked a question",
    "an august body",
    "2000 drones were shot down",
    "more than 1950 soldiers",
    "$2025 for each",
    "500 for 500 prisoners",
    "the fall of Kyiv",
    "the prices fall",
    "a spring in his step",
    "the Easter truce",
    "before the Easter truce",
    "28-point plan",
    "90 billion euros",
    "29.02.2025",
    "version 3.14",
    "within 24 hours",
    "for two weeks",
    "two months later",
    "the next day",
    "the following Monday",
    "an interview with India Today",
    "the last month of talks",
    "Тереза Май",
    "лютий мороз",
    "Марта сказала",
    "Я маю план",
    "Октябрьский район",
    "В среде дипломатов",
    "другого пути нет",
    "",
]


@pytest.mark.parametrize("text", NO_DATE)
def test_what_only_looks_like_a_date_is_left_alone(text: str) -> None:
    assert find_periods(text, REFERENCE) == []


def test_number_before_counted_people_is_no_day() -> None:
    for text in ("In March 20 prisoners came home", "В марте 20 пленных вернулись домой"):
        assert [shown(period) for period in find_periods(text, REFERENCE)] == ["2025-03-01..2025-03-31"]


def test_day_that_no_month_has_leaves_the_month() -> None:
    assert shown(find_periods("31 June 2025", REFERENCE)[0]) == "2025-06-01..2025-06-30"


def test_date_without_a_year_is_the_latest_that_has_begun() -> None:
    assert find_periods("on 20 February", REFERENCE)[0].start == dt.date(2026, 2, 20)
    assert find_periods("on 21 February", REFERENCE)[0].start == dt.date(2025, 2, 21)


def test_deadline_without_a_year_is_the_nearest() -> None:
    assert find_periods("by June", dt.date(2026, 2, 20))[0].end == dt.date(2026, 6, 30)
    assert find_periods("by June", dt.date(2026, 7, 20))[0].end == dt.date(2026, 6, 30)


def test_inferred_year_is_marked() -> None:
    given, inferred = find_periods("on 3 March 2025 but not on 4 April", REFERENCE)
    assert (given.year_inferred, inferred.year_inferred) == (False, True)


def test_winter_named_by_the_year_it_ends_in_is_that_winter() -> None:
    assert shown(find_periods("winter 2026", dt.date(2026, 2, 20))[0]) == "2025-12-01..2026-02-28"
    assert shown(find_periods("winter 2025", dt.date(2026, 2, 20))[0]) == "2025-12-01..2026-02-28"


@pytest.mark.parametrize("reference", [dt.date.min, dt.date(2024, 2, 29), dt.date.max])
def test_any_reference_date_is_accepted(reference: dt.date) -> None:
    for text, _, _ in ONE_PERIOD:
        find_periods(text, reference)
    assert find_periods("999 years ago, next year, in December", reference)


def seed_sentences() -> list[str]:
    texts = (path.read_text(encoding="utf-8").split("\n---\n", 1)[1] for path in sorted(SEEDS.glob("*.md")))
    return [text[span.start : span.end] for text in texts for span in split_sentences(text)]


def test_surfaces_stand_where_they_are_said_to_in_real_sentences() -> None:
    sentences = seed_sentences()
    assert len(sentences) >= 500
    for sentence in sentences:
        last_end = 0
        for period in find_periods(sentence, REFERENCE):
            assert sentence[period.span_start : period.span_end] == period.surface
            assert period.span_start >= last_end
            assert period.start or period.end
            assert not (period.start and period.end) or period.start <= period.end
            last_end = period.span_end


def test_dates_written_in_full_are_all_found_in_real_sentences() -> None:
    """An independent look: a day in digits, the name of a month, a year."""
    months = list(calendar.month_name)
    checked = 0
    for sentence in seed_sentences():
        words = sentence.replace(",", " ").replace(".", " ").split()
        for day, month, year in zip(words, words[1:], words[2:], strict=False):
            if re.fullmatch(r"[12]?\d", day) and month in months and re.fullmatch(r"\d{4}", year):
                date = dt.date(int(year), months.index(month), int(day))
                found = find_periods(sentence, REFERENCE)
                assert any(date in (p.start, p.end) or p.relation in ("before", "after") for p in found), sentence
                checked += 1
    assert checked > 50
