import pytest

from rag.errors import QuestionError
from rag.question import MAX_QUESTION_CHARS, clean_question


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x01\x1f", "\u200b\u202e\ufeff"])
def test_nothing_visible_is_refused_as_empty(text: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        clean_question(text)


@pytest.mark.parametrize("text", ["?!?!", "🤷🤷", "—…—"])
def test_symbols_without_words_are_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="no letters or digits"):
        clean_question(text)


@pytest.mark.parametrize("value", [None, 7, b"who", ["who"]])
def test_what_is_not_text_is_refused_with_its_type(value: object) -> None:
    with pytest.raises(QuestionError, match=type(value).__name__):
        clean_question(value)


def test_a_long_question_is_refused_with_both_numbers() -> None:
    with pytest.raises(QuestionError, match=r"20,000 characters.*2,000"):
        clean_question("a" * 20_000)
    assert clean_question("a" * MAX_QUESTION_CHARS) == "a" * MAX_QUESTION_CHARS


def test_control_and_bidi_characters_go_and_lines_become_one() -> None:
    assert clean_question("  Who\x00 met\r\n \u202ein\u202c  Geneva?\u2028") == "Who met in Geneva?"


def test_composed_and_decomposed_letters_are_the_same_question() -> None:
    assert clean_question("Кии\u0306в") == "Київ".replace("ї", "й")
