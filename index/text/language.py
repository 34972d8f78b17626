"""Tells English, Ukrainian and Russian apart by their letters and commonest words; anything else is `und`.

Meant for documents that do not name their language. It would rather not say than say wrong.
"""

import re
from collections import Counter

_SAMPLE = 20_000  # characters looked at: enough for certainty, little enough for any document
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH = re.compile(
    r"\b(?:the|of|and|to|in|that|is|was|for|on|with|as|by|at|from|it|be|are|has|have|will|said|not)\b"
)
_UKRAINIAN = re.compile(r"\b(?:та|й|що|не|у|з|із|від|до|як|це|для|про|але|які|він|вони|після|буде|було|був)\b")
_RUSSIAN = re.compile(r"\b(?:и|в|что|не|с|из|от|до|как|это|для|но|они|после|будет|было|был)\b")
_OTHER_CYRILLIC = re.compile("[ўјљњћђџѓќѕәғқңөұүһ]")
_ENGLISH_SHARE = 0.12  # of all words: less than running English has


def guess_language(text: str) -> str:
    """`en`, `uk` or `ru`, or `und` where letters and words do not decide."""
    sample = text[:_SAMPLE].lower()
    letters = Counter(filter(str.isalpha, sample))
    cyrillic = sum(count for letter, count in letters.items() if "\u0400" <= letter <= "\u04ff")
    if cyrillic * 2 > letters.total():
        return _cyrillic_language(sample, letters)
    english = _ENGLISH.findall(sample)
    words = len(_WORD.findall(sample))
    return "en" if len(set(english)) > 1 and len(english) >= _ENGLISH_SHARE * words else "und"


def _cyrillic_language(sample: str, letters: Counter[str]) -> str:
    if _OTHER_CYRILLIC.search(sample):
        return "und"
    ukrainian = sum(letters[letter] for letter in "іїєґ")
    russian = sum(letters[letter] for letter in "ыэё")
    if ukrainian == russian and letters["ъ"]:  # Bulgarian has ъ, but hardly ever ы, э or ё
        return "und"
    if ukrainian == russian:
        ukrainian = len(_UKRAINIAN.findall(sample))
        russian = len(_RUSSIAN.findall(sample))
    if ukrainian == russian:
        return "und"
    return "uk" if ukrainian > russian else "ru"
