"""The question as a reader typed it: what is accepted, and in which form it travels on."""

import re
import unicodedata

from rag.errors import QuestionError

MAX_QUESTION_CHARS = 2_000

_LINE_BREAKS = re.compile(r"[\t\n\r\f\v\u2028\u2029]")
_SPACES = re.compile(r"\s+")


def clean_question(text: object) -> str:
    """The question in NFC on one line, without control, formatting and unassigned characters.

    Raises QuestionError for anything but text, for text without a letter or digit, and for text over
    MAX_QUESTION_CHARS characters.
    """
    if not isinstance(text, str):
        raise QuestionError(f"A question is text, but this is {type(text).__name__}; send it as a string.")
    visible = "".join(char for char in _LINE_BREAKS.sub(" ", text) if unicodedata.category(char)[0] != "C")
    question = _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip()
    if not question:
        raise QuestionError("The question is empty; type what you want to know about the talks.", "empty")
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"The question has {len(question):,} characters and at most {MAX_QUESTION_CHARS:,} are read; shorten it.",
            "too_long",
        )
    if not any(char.isalnum() for char in question):
        raise QuestionError("The question has no letters or digits; ask it in words.", "no_words")
    return question
