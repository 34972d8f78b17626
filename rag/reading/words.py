"""The words of one sentence, what they name, and where its parts begin; quotations in it are passed over."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from index.text.names import Names
from index.text.words import find_words, fold
from index.types import Span
from rag.grounding.phrases import Phrases

_DATA = Path(__file__).parents[1] / "data"
_BREAK = re.compile(r"[,;:()\[\]–—]|--|\s-\s")
MARKED = re.compile(r"“([^“”]+)”|«([^«»]+)»|„([^„“”]+)[“”]|\"([^\"]+)\"")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, folded; `part` counts what punctuation, quotations and conjunctions set apart."""

    start: int
    end: int
    folded: str
    part: int


@dataclass(frozen=True, slots=True)
class Naming:
    """Words `first` to `last` name an entity. `is_subject_form` is False where a Slavic case says that they do
    nothing."""

    first: int
    last: int
    entity_id: str
    is_subject_form: bool


@dataclass(frozen=True)
class Sentence:
    """A sentence of a document; all offsets are the document's."""

    span: Span
    text: str
    words: tuple[Word, ...]
    namings: tuple[Naming, ...]
    quotations: tuple[Span, ...]

    def surface(self, start: int, end: int) -> str:
        """The document's words from `start` to `end`, which lie in the sentence."""
        return self.text[start - self.span.start : end - self.span.start]

    def names_at(self, position: int) -> Naming | None:
        """What the word at that position ends, if it ends a name."""
        return next((naming for naming in self.namings if naming.last == position), None)


@dataclass(frozen=True)
class Table:
    """The lists of `data/voices.yaml` and `data/speech.yaml` that this package reads."""

    verbs: Phrases
    according: Phrases
    hearsay: Phrases
    asks: Phrases
    stances: Phrases
    stance_nouns: frozenset[str]
    denials: Phrases
    nouns: frozenset[str]
    before_nouns: frozenset[str]
    time: frozenset[str]
    adjective_endings: tuple[str, ...]
    negations: frozenset[str]
    between: frozenset[str]
    be: frozenset[str]
    conjunctions: frozenset[str]
    ands: frozenset[str]
    prepositions: frozenset[str]
    pronouns: dict[str, str]
    determiners: frozenset[str]
    places: frozenset[str]
    about: frozenset[str]
    sides: dict[str, str]


def read_sentence(text: str, span: Span, names: Names) -> Sentence:
    """The sentence at `span` of a document's text."""
    own = text[span.start : span.end]
    quotations = tuple(Span(span.start + m.start(), span.start + m.end()) for m in MARKED.finditer(own))
    masked = MARKED.sub(lambda match: "\u0001" * len(match.group()), own)
    found = list(find_words(masked))
    folded = [fold(masked[word.start : word.end]) for word in found]
    words = tuple(
        Word(span.start + word.start, span.start + word.end, each, part)
        for word, each, part in zip(found, folded, _parts(masked, found, folded), strict=True)
    )
    namings = tuple(
        Naming(first, last, entity_id, _is_subject_form(folded[last], entity_id, names))
        for first, last, entity_id in names.match(masked, found)
    )
    return Sentence(span, own, words, namings, quotations)


@lru_cache(maxsize=1)
def table() -> Table:
    """The words that tell who speaks."""
    speech = yaml.safe_load((_DATA / "speech.yaml").read_text(encoding="utf-8"))
    voices = yaml.safe_load((_DATA / "voices.yaml").read_text(encoding="utf-8"))

    def listed(name: str) -> frozenset[str]:
        return frozenset(map(fold, voices[name].split()))

    return Table(
        verbs=Phrases([*speech["verbs"].split(), *voices["verbs"].split()]),
        according=Phrases(speech["according"].split()),
        hearsay=Phrases(voices["hearsay"].split()),
        stances=Phrases(voices["stances"].split()),
        stance_nouns=listed("stance_nouns"),
        denials=Phrases(voices["denials"].split()),
        nouns=listed("nouns"),
        before_nouns=listed("before_nouns"),
        time=listed("time"),
        asks=Phrases(voices["asks"].split()),
        adjective_endings=tuple(voices["adjective_endings"].split()),
        negations=listed("negations"),
        between=listed("between"),
        be=listed("be"),
        conjunctions=listed("conjunctions"),
        ands=listed("and"),
        prepositions=listed("prepositions"),
        pronouns={word: name for name in ("he", "she", "they") for word in listed(name)},
        determiners=listed("determiners"),
        places=listed("in"),
        about=listed("about"),
        sides={entity: side for side, entities in voices["sides"].items() for entity in entities.split()},
    )


def _parts(masked: str, words: Sequence[Span], folded: Sequence[str]) -> Iterator[int]:
    """The part of each word; a conjunction is the first word of its own."""
    part, end = 0, 0
    for word, each in zip(words, folded, strict=True):
        gap = masked[end : word.start]
        if end and (_BREAK.search(gap) or "\u0001" in gap or each in table().conjunctions):
            part += 1
        yield part
        end = word.end


def _is_subject_form(folded: str, entity_id: str, names: Names) -> bool:
    """Whether the last word of a name has the form of a subject; Latin spellings have no other."""
    if folded.isascii():
        return True
    entity = names.entity(entity_id)
    return any(_ends_alike(spelling, folded) for spelling in (*entity.uk, *entity.ru))


def _ends_alike(spelling: str, folded: str) -> bool:
    last = re.split(r"[\s-]", spelling)[-1].split("/")[0]
    if last.endswith("*"):
        return folded.startswith(fold(last[:-1]))
    return fold(last.rstrip("=")) == folded
