import pytest

from index.text.names import load_names
from rag.generation.quotations import locate, quotations

TEXT = "On Monday she said: «We’ve got it down – to one issue»,\nand left. The pier\u00a0is repaired."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("We've got it down - to one issue", "We’ve got it down – to one issue"),
        ("we’ve got it down – to one  issue", "We’ve got it down – to one issue"),
        ("the pier is repaired", "The pier\u00a0is repaired"),
        ("and left", "and left"),
        ("We've got it down to one issue", None),
        ("We've got it down - to two issues", None),
        ("The pier was repaired", None),
        ("issue and left", None),
        ("e pier is repaired", None),
        ("", None),
        (TEXT * 2, None),
    ],
)
def test_only_marks_dashes_spaces_and_the_first_capital_may_differ(quote: str, found: str | None) -> None:
    span = locate(quote, TEXT)
    assert (span and TEXT[span.start : span.end]) == found


def test_quotations_are_found_in_every_kind_of_mark_and_names_alone_are_none() -> None:
    text = "“one thing” «друга річ» „третя річ“ \"a fourth\" and ‘a fifth’, the so-called “Kyiv”; it's Witkoff's."
    assert quotations(text, load_names()) == ["one thing", "друга річ", "третя річ", "a fourth", "a fifth"]
