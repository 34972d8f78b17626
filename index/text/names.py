"""Finds names in text: every spelling and case of a person, place, body or object leads to one entity.

The names are data (index/text/entities.py says in what form); what this leaves out is telling apart people who share a
name.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from index.errors import SettingsError
from index.text.entities import Entity, merged, read_entities
from index.text.inflection import Language, case_forms
from index.text.words import APOSTROPHES, find_words, fold, is_cyrillic
from index.types import Span

DATA = Path(__file__).parents[1] / "data"
HYPHENS = "-‐‑–"
LONGEST_ENDING = 4
SHORTEST_FORGIVEN = 5
LENGTH_OF_TWO_SLIPS = 7
MIN_SCORE = 88.0


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity named in a text: `text[start:end] == surface`."""

    entity_id: str
    start: int
    end: int
    surface: str


@dataclass(slots=True)
class _Node:
    """A step in the walk over the words of a spelling."""

    following: dict[int, "_Node"] = field(default_factory=dict)
    entity_id: str | None = None
    capitals: tuple[str, ...] = ()


class Names:
    """Finds entities in text. Built once, then only read: safe to share between threads."""

    def __init__(self, entities: Sequence[Entity], ordinary_words: Iterable[str] = ()) -> None:
        """Raises SettingsError if two entities share a spelling. `ordinary_words` are never taken for a slip."""
        self.entities = tuple(entities)
        self._by_id = {entity.id: entity for entity in entities}
        self._lexemes: dict[str, tuple[int, ...]] = {}
        self._numbers: dict[tuple[str, Language, bool], int] = {}
        self._root = _Node()
        self._alone: dict[str, str] = {}
        self._cased: set[str] = set()
        self._ordinary = frozenset(ordinary_words)
        for entity in entities:
            for language, spelling in entity.spellings():
                self._add(entity, language, spelling)
        self._forgivable: dict[str, list[str]] = {}
        for form in filter(self._may_be_meant, self._alone):
            self._forgivable.setdefault(form[0], []).append(form)
        self._lexemes_of = lru_cache(maxsize=1 << 17)(self._look_up)
        self.fingerprint = hashlib.sha256(
            "\n".join(entity.model_dump_json() for entity in self.entities).encode()
        ).hexdigest()[:12]

    def entity(self, entity_id: str) -> Entity:
        """The entity of that id. Raises KeyError if there is none."""
        return self._by_id[entity_id]

    def find(self, text: str) -> list[Mention]:
        """What `text` names, in order, without overlaps; of two readings the longer stands."""
        words = list(find_words(text))
        return [
            _mention(text, words[first].start, words[last].end, entity_id)
            for first, last, entity_id in self.match(text, words)
        ]

    def match(self, text: str, words: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
        """Like `find` over words already told apart: a mention's first and last word, by index, and the entity's id."""
        position = 0
        while position < len(words):
            word = words[position]
            numbers = self._lexemes_of(fold(text[word.start : word.end]))
            found = self._walk(text, words, position, numbers) if numbers else None
            if found:
                yield position, *found
                position = found[0]
            position += 1

    def closest(self, word: str, min_score: float = MIN_SCORE) -> Entity | None:
        """The entity whose name `word` was probably meant to be, None if it is right already or too far from any.

        Forgives one slip (a wrong, missing, extra or swapped letter), two in a Latin name of seven letters or more; in
        Cyrillic a second slip would be another case. The first letter must be right. `min_score` is a Jaro-Winkler
        similarity, 0 to 100.
        """
        form = self._meant(fold(word), min_score)
        return self._by_id[self._alone[form]] if form else None

    def slips(self, text: str, min_score: float = MIN_SCORE) -> list[Mention]:
        """Words of `text` that name nothing but are a slip away from a name. For questions only."""
        words = list(find_words(text))
        taken = {index for first, last, _ in self.match(text, words) for index in range(first, last + 1)}
        mentions = []
        for index, word in enumerate(words):
            entity = None if index in taken else self.closest(text[word.start : word.end], min_score)
            if entity:
                mentions.append(_mention(text, word.start, word.end, entity.id))
        return mentions

    def _add(self, entity: Entity, language: Language, spelling: str) -> None:
        specs = re.findall(r"\d+|[^\s\d.-]+", spelling)
        numbers = [self._number(spec, language, entity.feminine) for spec in specs]
        node = self._root
        for number in numbers:
            node = node.following.setdefault(number, _Node())
        if node.entity_id not in (None, entity.id):
            raise _shared(spelling, node.entity_id, entity.id)
        node.entity_id = entity.id
        node.capitals = tuple(specs) if spelling in entity.cased else ()
        if len(specs) == 1:
            for form in _forms(specs[0], language, entity.feminine):
                owner = self._alone.setdefault(form, entity.id)
                if owner != entity.id:
                    raise _shared(form, owner, entity.id)
                if node.capitals:
                    self._cased.add(form)

    def _number(self, spec: str, language: Language, feminine: bool) -> int:
        """The number of a word with all its forms; the same word of two spellings has the same number."""
        key = (spec, language, feminine)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            for form in _forms(spec, language, feminine):
                self._lexemes[form] = (*self._lexemes.get(form, ()), self._numbers[key])
        return self._numbers[key]

    def _look_up(self, word: str) -> tuple[int, ...]:
        numbers = self._lexemes.get(word, ())
        if is_cyrillic(word):
            for cut in range(1, min(LONGEST_ENDING, len(word) - 1) + 1):
                numbers += self._lexemes.get(f"{word[:-cut]}*", ())
        return numbers

    def _walk(
        self, text: str, words: Sequence[Span], position: int, numbers: tuple[int, ...]
    ) -> tuple[int, str] | None:
        """The last word and the entity of the longest spelling that starts at `position`."""
        nodes = [node for number in numbers if (node := self._root.following.get(number))]
        best = None
        last = position
        while nodes:
            for node in nodes:
                if node.entity_id and _case_fits(text, words, position, last, node.capitals):
                    best = (last, node.entity_id)
            if last + 1 == len(words) or not _adjacent(text, words[last], words[last + 1], last == position):
                break
            last += 1
            numbers = self._lexemes_of(fold(text[words[last].start : words[last].end]))
            nodes = [following for node in nodes for number in numbers if (following := node.following.get(number))]
        return best

    def _may_be_meant(self, form: str) -> bool:
        """Slips are forgiven in names of people and places that are long enough not to turn into another word."""
        named = self._by_id[self._alone[form]].kind in ("person", "place")
        whole = form.isalpha() and f"{form}*" not in self._alone
        return named and whole and len(form) >= SHORTEST_FORGIVEN and form not in self._cased

    def _meant(self, word: str, min_score: float) -> str | None:
        """The form of a name that a folded `word` was meant to be, if there is one clearly nearest."""
        if len(word) < SHORTEST_FORGIVEN or not word.isalpha() or word in self._ordinary or self._lexemes_of(word):
            return None
        near = process.extract(word, self._forgivable.get(word[0], ()), scorer=OSA.distance, score_cutoff=2, limit=None)
        scored = [
            (JaroWinkler.similarity(word, form) * 100, form)
            for form, distance, _ in near
            if distance == 1 or (min(len(word), len(form)) >= LENGTH_OF_TWO_SLIPS and not is_cyrillic(word))
        ]
        best_score, best = max(scored, default=(0.0, ""))
        rivals = {self._alone[form] for score, form in scored if score == best_score}
        return best if best_score >= min_score and len(rivals) == 1 else None


@lru_cache(maxsize=4)
def load_names(extra: Path | None = None) -> Names:
    """The names that ship, with those of the user's file `extra` merged in (a file that isn't there adds nothing).

    An entry with a known id adds spellings to that entity. Raises SettingsError naming the file and the entry.
    """
    lines = (DATA / "ordinary_words.txt").read_text(encoding="utf-8").splitlines()
    entities = read_entities(DATA / "names.yaml")
    if extra and extra.exists():
        for entity in read_entities(extra).values():
            known = entities.get(entity.id)
            entities[entity.id] = merged(known, entity) if known else entity
    return Names(list(entities.values()), (line for line in lines if not line.startswith("#")))


def _forms(spec: str, language: Language, feminine: bool) -> set[str]:
    """The folded forms of one word of a spelling; a stem with any ending keeps its star."""
    if spec.endswith("*"):
        return {fold(spec[:-1]), f"{fold(spec[:-1])}*"}
    if spec.endswith("="):
        return {fold(spec[:-1])}
    nominative, _, stem = spec.partition("/")
    forms = case_forms(nominative, language, feminine=feminine)
    if stem:
        forms = {nominative, *case_forms(stem, language)}
    return {fold(form) for form in forms}


def _mention(text: str, start: int, end: int, entity_id: str) -> Mention:
    surface = text[start:end]
    if surface[-2:-1] in APOSTROPHES and surface[-1:] in "sS":
        surface = surface[:-2]
    return Mention(entity_id, start, start + len(surface), surface)


def _adjacent(text: str, word: Span, following: Span, first: bool) -> bool:
    """Whether two words can belong to one name: a space or hyphen between them, and a full stop after an initial only.

    A letter alone at the front needs that stop: in Ukrainian and Russian "в", "с", "у", "о" are words.
    """
    gap = text[word.end : following.start]
    length = word.end - word.start
    if gap[:1] == "." and length <= 2:
        gap = gap[1:]
    elif first and length == 1 and gap.isspace():
        return False
    return gap in ("", *HYPHENS) or (len(gap) == 1 and gap.isspace())


def _case_fits(text: str, words: Sequence[Span], first: int, last: int, capitals: tuple[str, ...]) -> bool:
    """Whether capitals stand where `capitals`, the words of a spelling, have them; two letters always need them."""
    surfaces = [text[word.start : word.end] for word in words[first : last + 1]]
    if len(surfaces) == 1 and len(surfaces[0]) <= 2:
        return surfaces[0].isupper() or (first > 0 and text[words[first - 1].start : words[first - 1].end] == "the")
    return all(
        surface.isupper() if len(spec) > 1 and spec.isupper() else surface[0].isupper() or not spec[0].isupper()
        for surface, spec in zip(surfaces, capitals, strict=False)
    )


def _shared(spelling: str, first: str, second: str) -> SettingsError:
    return SettingsError(f"names: {spelling!r} belongs to both {first} and {second}; leave it to one, or drop it")
