"""A name across spellings and alphabets: the consonants that are left when it is written in Latin letters."""

import re
from functools import lru_cache

from index.text.words import is_cyrillic

_CYRILLIC = "абвгґдеєжзиіїйклмнопрстуфхцчшщыэюя"
_SOUNDS_OF = "a b v g g d e e zh z i i i i k l m n o p r s t u f kh ts ch sh sh i e iu ia"
_LATIN = str.maketrans({**dict(zip(_CYRILLIC, _SOUNDS_OF.split(), strict=True)), "ъ": None, "ь": None})
_CASE_ENDING = re.compile(
    r"(?<=\w{3})(?:ом|ем|єм|им|ым|ів|ов|ам|ям|ах|ях|ами|ями|ою|ею|єю|ій|ей|ого|ому|[аеиоуіїєюяйьы]{1,2})$"
)
# Two spellings of one sound become the second.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("dzh|zh|dj", "j"),
        ("kh", "h"),
        ("tch|ch", "s"),
        ("sh|sch", "s"),
        ("ts|tz", "s"),
        ("ph", "f"),
        ("th", "t"),
        ("c(?=[eiy])", "s"),
        ("ck|c|q", "k"),
        ("x", "ks"),
        ("w", "v"),
        ("g", "h"),
        ("z", "s"),
    )
)
_VOWELS = re.compile("[aeiouy']+")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 16)
def skeleton(folded: str) -> str:
    """The consonants of a folded word; "келлог", "kellogg" and "келлога" give one and the same."""
    word = _CASE_ENDING.sub("", folded).translate(_LATIN) if is_cyrillic(folded) else folded
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    bare = _TWICE.sub(r"\1", _VOWELS.sub("", word))
    return bare or word
