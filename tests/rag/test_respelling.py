"""One spelling of a name for the model that reads."""

import pytest

from index.text.names import load_names
from rag.retrieval.respelling import Respelling


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which flats in Kiev went cold?", "Which flats in Kyiv went cold?"),
        ("What rank does Ihor Kostiukov have?", "What rank does Igor Kostyukov have?"),
        ("When Zelenskiy told Politico", "When Zelensky told Politico"),
        ("What does Witkof want?", "What does Witkoff want?"),
        ("Who holds the Donbass?", "Who holds the Donbas?"),
        ("Zelenskyy's aide in Odessa", "Zelensky's aide in Odesa"),
        # Other words for a country, and names spelled as they are shown, stay as they are.
        ("the American and the Russian side", "the American and the Russian side"),
        ("Ukrainian troops near Moscow", "Ukrainian troops near Moscow"),
        ("Steve Witkoff met Yuri Ushakov.", "Steve Witkoff met Yuri Ushakov."),
        ("Nobody came.", "Nobody came."),
        ("", ""),
    ],
)
def test_names_are_spelled_one_way(text: str, expected: str) -> None:
    assert Respelling(load_names())(text) == expected
