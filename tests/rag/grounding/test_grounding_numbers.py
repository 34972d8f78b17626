"""Numbers in digits and in words, in three languages."""

import pytest

from rag.grounding.numbers import bears_out, find_quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2 million people", ["1200000"]),
        ("600,000 and 600 000", ["600000", "600000"]),
        ("€90 billion, 90bn", ["90000000000", "90000000000"]),
        ("$5m for a wall 5 m high", ["5000000", "5"]),
        ("two hundred and five thousand", ["205000"]),
        ("the twenty-third round", ["23"]),
        ("forty per cent or 40%", ["40%", "40%"]),
        ("двадцять три військових, п'ятсот тисяч", ["23", "500000"]),
        ("третього раунду о 14:30", ["3", "14:30"]),
        ("двадцать пять тысяч; около 1,5 млн; 40 процентов", ["25000", "1500000", "40%"]),
        ("between 600 and 700", ["600", "700"]),
        ("a dozen", ["12"]),
        ("nothing to count", []),
    ],
)
def test_numbers_are_read_in_digits_and_words(text: str, expected: list[str]) -> None:
    assert [str(quantity) for quantity in find_quantities(text)] == expected


@pytest.mark.parametrize("text", ["one of them", "both sides", "the first time", "один із них", "обе стороны"])
def test_words_that_are_hardly_numbers_are_weak(text: str) -> None:
    assert all(quantity.weak for quantity in find_quantities(text))


@pytest.mark.parametrize(
    ("held", "wanted", "same"),
    [
        ("300", "three hundred", True),
        ("314", "315", False),
        ("612 soldiers", "about 600 soldiers", True),
        ("690 soldiers", "about 600 soldiers", False),
        ("1,234,567", "1.2 million", True),
        ("90 billion", "92 billion", False),
        ("40%", "40", False),
        ("третій", "3", True),
    ],
)
def test_a_number_bears_out_the_same_and_what_is_rounded_or_called_approximate(
    held: str, wanted: str, same: bool
) -> None:
    (one,), (other,) = find_quantities(held), find_quantities(wanted)
    assert bears_out(one, other) is same
