"""The language of a question, however short."""

import pytest

from rag.language import question_language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who is Steve Witkoff?", "en"),
        ("What role does Kushner play?", "en"),
        ("Why did it fall through?", "en"),
        ("Kostyukov", "und"),
        ("Хто очолив українську делегацію?", "uk"),
        ("Какие пункты они обсуждали?", "ru"),
        ("Wer leitet die Delegation?", "und"),
    ],
)
def test_a_question_word_tells_where_the_rest_does_not(question: str, language: str) -> None:
    assert question_language(question) == language
