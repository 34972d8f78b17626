"""Dates, whole and in part, in three languages."""

import pytest

from rag.grounding.dates import find_dates, is_date_of, moved_days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 4 February 2026", ["4 February 2026"]),
        ("February 4, 2026; Feb. 4", ["4 February 2026", "4 February"]),
        ("2026-02-04 and 04.02.2026", ["4 February 2026", "4 February 2026"]),
        ("22-23 January 2026", ["22 January 2026", "23 January 2026"]),
        ("the first of May", ["1 May"]),
        ("in May it may rain", ["May"]),
        ("in December 2025", ["December 2025"]),
        ("2024–2025", ["2024", "2025"]),
        ("on Thursday", ["Thursday"]),
        ("22 січня 2026 року, у лютому, у четвер", ["22 January 2026", "February", "Thursday"]),
        ("4-го березня", ["4 March"]),
        ("31 января – 2 февраля 2026 года, в среду", ["31 January", "2 February 2026", "Wednesday"]),
        ("двадцать второго января", ["22 January"]),
        ("2,000 people at 12:30, 45%", []),
    ],
)
def test_dates_are_read_in_many_forms(text: str, expected: list[str]) -> None:
    assert [str(moment) for moment in find_dates(text)] == expected


@pytest.mark.parametrize(
    ("held", "wanted", "same"),
    [
        ("22 January 2026", "22 January", True),
        ("22 January 2026", "January 2026", True),
        ("22 January 2026", "2026", True),
        ("22 January", "22 January 2026", True),
        ("22 January 2026", "Thursday", True),
        ("22 January 2026", "Friday", False),
        ("22 January 2026", "23 January 2026", False),
        ("22 January 2026", "22 January 2025", False),
        ("January 2026", "22 January 2026", False),
    ],
)
def test_a_date_bears_out_as_much_as_it_says(held: str, wanted: str, same: bool) -> None:
    assert is_date_of(find_dates(held)[0], find_dates(wanted)[0]) is same


def test_the_next_day_is_counted_from_the_dates_of_the_text() -> None:
    text = "They met on 22 January 2026. The next day they flew home."
    assert "23 January 2026" in [str(moment) for moment in moved_days(text, find_dates(text))]
