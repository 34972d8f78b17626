"""The language of a document that does not name it: letters and words first, a trained classifier for the rest."""

from functools import cache
from typing import TYPE_CHECKING

from index.text.language import guess_language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SAMPLE = 5_000  # characters; more changes no verdict
_SHORTEST = 200  # characters: on less the classifier guesses
_CERTAIN = 0.95


def identify_language(text: str, declared: str | None = None) -> str:
    """The code of the language; `und` where nothing decides.

    English, Ukrainian and Russian are told by their letters and words, which pages often declare wrongly. For others
    `declared`, what a page says, counts before the classifier.
    """
    guess = guess_language(text)
    if guess != "und" or len(text) < _SHORTEST:
        return guess
    sample = text[:_SAMPLE]
    language, certainty = _classifier().classify(sample)
    if certainty >= _CERTAIN and language not in ("en", "uk", "ru"):  # those would have been seen
        return language
    return declared or "und"


@cache
def _classifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
