"""The case forms of Ukrainian and Russian names, made by rule from the nominative.

A rule may also make a form that nobody uses: forms are only looked up, so that costs nothing. What the rules leave out
(plural names, adjectives before a noun) the data writes as a stem with any ending.
"""

from collections.abc import Sequence
from typing import Literal

Language = Literal["en", "uk", "ru"]
# (endings of the nominative, letters to take off, endings of the other cases); the first that fits is used.
Rule = tuple[tuple[str, ...], int, tuple[str, ...]]


def _rules(*rows: tuple[str, int, str]) -> tuple[Rule, ...]:
    return tuple((tuple(nominative.split()), cut, tuple(others.split())) for nominative, cut, others in rows)


_UKRAINIAN = _rules(
    ("ська цька зька", 1, "ої ій у ою"),
    ("ова ева єва іна їна ина", 1, "ої ій у ою и і"),
    ("га", 2, "ги зі гу гою"),
    ("ка", 2, "ки ці ку кою"),
    ("ха", 2, "хи сі ху хою"),
    ("жа ча ша ща", 1, "і у ею"),
    ("а", 1, "и і у ою"),
    ("'я", 1, "ю ям ї"),
    ("ія їя ая ея уя ья", 1, "ї ю єю"),
    ("жжя ччя ння лля ддя ттья", 1, "ю ям і"),
    ("я", 1, "і ю ею"),
    ("ий", 2, "ого ому им ім"),
    ("ій їй", 1, "я ю єві єм ї"),
    ("й", 1, "я ю єві єм ї"),
    ("ь", 1, "я ю еві ем і"),
    ("ов ев єв ів їв ин ін їн", 0, "а у ові им ом і"),
    ("ж ч ш щ", 0, "а у еві ем і"),
    ("г", 1, "га гу гові гом зі"),
    ("к", 1, "ка ку кові ком ці"),
    ("х", 1, "ха ху хові хом сі"),
    ("р", 0, "а у ові ом і я ю еві ем"),
    ("б в д з л м н п с т ф ц ґ", 0, "а у ові ом і"),
    ("бо во го до зо ко ло мо но по ро со то фо хо", 1, "а у ові ом і"),
)
_RUSSIAN = _rules(
    ("ая", 2, "ой ую ою"),
    ("ова ева ёва ина ына", 1, "ой у ою ы е"),
    ("га ка ха жа ча ша ща", 1, "и е у ой ей ою ею"),
    ("ца", 1, "ы е у ей ею"),
    ("а", 1, "ы е у ой ою"),
    ("ия", 1, "и ю ей ею"),
    ("я", 1, "и е ю ей ею"),
    ("ье", 1, "я ю ем"),
    ("ий", 2, "ого ому им ым ом ия ию ием ии"),
    ("ый ой", 2, "ого ому ым ом"),
    ("й", 1, "я ю ем и е"),
    ("ь", 1, "я ю ем и е ью"),
    ("ов ев ёв ин ын", 0, "а у ым ом е"),
    ("ж ч ш щ ц", 0, "а у ем е"),
    ("б в г д з к л м н п р с т ф х", 0, "а у ом е"),
)
_RULES: dict[str, Sequence[Rule]] = {"uk": _UKRAINIAN, "ru": _RUSSIAN}


def case_forms(name: str, language: Language, *, feminine: bool = False) -> set[str]:
    """The forms of one word in all cases, itself included; English words and abbreviations have no others.

    Feminine names that end in a consonant or in -о stay as they are.
    """
    if name.isupper():
        return {name}
    for endings, cut, others in _RULES.get(language, ()):
        if name.endswith(endings):
            if feminine and not endings[0].endswith(("а", "я")):
                break
            stem = name[:-cut] if cut else name
            return {name, *(stem + other for other in others)}
    return {name}
