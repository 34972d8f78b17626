"""Names spelled one way, for a model that knows a name only by its letters: Kiev and Kyiv, Zelenskiy and Zelensky."""

import re

from index.text.entities import Entity
from index.text.names import Names
from index.text.words import fold

_WORD = re.compile(r"[^\W\d_]+")
_DOUBLE = re.compile(r"(.)\1")
_VOWELS = re.compile(r"[aeiouyj]")


class Respelling:
    """Spells persons as their label does, and other names where only vowels tell the spellings apart.

    Slips of the pen count as the name that they are near to. Other words for a name ("American", "the Kremlin") stay.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._spellings: dict[str, _Spellings] = {}

    def __call__(self, text: str) -> str:
        found = sorted([*self._names.find(text), *self._names.slips(text)], key=lambda mention: mention.start)
        parts, at = [], 0
        for mention in found:
            if mention.start < at:
                continue
            spellings = self._of(mention.entity_id)
            parts += [
                text[at : mention.start],
                _WORD.sub(lambda word, of=spellings.of: of(word.group()), mention.surface),
            ]
            at = mention.end
        return "".join(parts) + text[at:]

    def _of(self, entity_id: str) -> "_Spellings":
        if entity_id not in self._spellings:
            self._spellings[entity_id] = _Spellings(self._names.entity(entity_id))
        return self._spellings[entity_id]


class _Spellings:
    """What each word of an entity's names is spelled as."""

    def __init__(self, entity: Entity) -> None:
        label = _WORD.findall(entity.label)
        self._of_word: dict[str, str] = {}
        self._of_sound = {_consonants(word): word for word in label}
        if entity.kind == "person" and len(label) > 1:
            for name, spelled in ((entity.given.get("en", ()), label[0]), (entity.en, label[-1])):
                self._of_word |= {fold(one): spelled for one in name if _WORD.fullmatch(one)}

    def of(self, word: str) -> str:
        return self._of_word.get(fold(word)) or self._of_sound.get(_consonants(word), word)


def _consonants(word: str) -> str:
    return _VOWELS.sub("", _DOUBLE.sub(r"\1", fold(word)))
