"""The language in which a reader is answered."""

from index.text.language import guess_language

SPOKEN = ("en", "uk", "ru")


def reader_language(question: str) -> str:
    """The question's language where Parley speaks it, otherwise English."""
    language = guess_language(question)
    return language if language in SPOKEN else "en"
