"""The language of a question, and that in which its reader is answered."""

import re

from index.text.language import guess_language

SPOKEN = ("en", "uk", "ru")
# A question too short to tell its language by has one of these.
_ENGLISH = re.compile(
    r"\b(?:what|which|who|whom|whose|how|where|when|why|did|does|has|have|will|would|could)\b", re.IGNORECASE
)


def reader_language(question: str) -> str:
    """The question's language where Parley speaks it, otherwise English."""
    language = guess_language(question)
    return language if language in SPOKEN else "en"


def question_language(question: str) -> str:
    """An ISO 639-1 code; `und` where neither the text nor an English question word tells."""
    language = guess_language(question)
    return "en" if language == "und" and _ENGLISH.search(question) else language
