"""Who says or holds what, sentence by sentence, and for which side."""

import datetime as dt

import pytest

from index.text.names import load_names
from index.types import Document
from rag.reading.speakers import Spoken
from rag.reading.statements import Statement, statements_at


def statements(text: str) -> list[Statement]:
    """Of the last sentence."""
    document = Document(id="d", title="A day", date=dt.date(2026, 2, 3), kind="event", language="en", text=text)
    spoken = Spoken(document, load_names())
    return statements_at(spoken, len(spoken.spans) - 1, load_names())


def voices(text: str) -> list[tuple[str, str | None]]:
    return [(one.voice.label, one.side) for one in statements(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Peskov said that the date was open.", [("Dmitry Peskov", "moscow")]),
        ("The White House announced a truce.", [("White House", "washington")]),
        ("Umerov told reporters that the lists were ready.", [("Rustem Umerov", "kyiv")]),
        ("Kallas warned of a precedent.", [("Kaja Kallas", "brussels")]),
        ("Macron said thousands would come.", [("Emmanuel Macron", "capitals")]),
        ("Reuters reported that a deal was near.", [("Reuters", "outlets")]),
        ("Russia's position: Ukraine must leave.", [("Russia", "moscow")]),
        ("Позиція України: спершу тиша.", [("Ukraine", "kyiv")]),
        ("Kyiv refuses to leave the region.", [("Kyiv", "kyiv")]),
        ("Москва требует признания.", [("Moscow", "moscow")]),
        ("Ukrainian reports speak of 500 returning.", [("Ukrainian reports", None)]),
        ("Deputy press secretary Anna Kelly called it false.", [("Anna Kelly", "washington")]),
        ("За словами Єрмака, усе готово.", [("Andriy Yermak", "kyiv")]),
        (
            "Ushakov spoke of 1,000 prisoners; Zelensky said nobody had counted.",
            [("Yuri Ushakov", "moscow"), ("Volodymyr Zelensky", "kyiv")],
        ),
    ],
)
def test_a_sentence_counts_for_whom_it_lets_speak(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert voices(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ushakov did not say whether Putin would come.",
        "Sources close to the Kremlin said so.",
        "If Moscow refuses, the war goes on.",
        "The guarantees come as soon as Kyiv agrees to leave.",
        "Speaking at the Kremlin, the guests praised the food.",
        "Witkoff's Davos remarks were short.",
    ],
)
def test_no_side_speaks_where_the_words_do_not_say_so(text: str) -> None:
    assert [side for _, side in voices(text) if side] == []


def test_he_is_not_the_last_one_who_is_merely_spoken_of() -> None:
    text = "Zelensky explained it. To CNN he said that Trump wanted haste. Kyiv was patient. He asked for an answer."
    assert voices(text) == [("Volodymyr Zelensky", "kyiv")]


def test_what_a_party_says_of_itself_alone_is_marked() -> None:
    assert statements("Lavrov said Russia would not leave the talks.")[0].about_itself
    assert not statements("Lavrov said Ukraine would not leave the talks.")[0].about_itself
    assert not statements("Reuters reported that Reuters was right.")[0].about_itself
