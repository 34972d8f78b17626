"""Text to the terms of the lexical index; rows and questions go through the same function, so that they meet.

A name adds its entity (`@zelensky`), the same in whatever spelling, language and case. Words are stemmed: English by
Snowball; Ukrainian and Russian by one rule for both (shared letters, Russian Snowball, six letters), since a short
text does not tell which of the two it is in, and since many words of one then meet those of the other. Numbers are
written one way, months and words for large numbers as one term in all languages, stop words are dropped.
"""

import hashlib
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import Stemmer
import yaml

from index.text.names import DATA, Names, load_names
from index.text.words import find_words, fold, is_cyrillic, is_number, plain_number

SCHEME = "1"  # to be raised when the code of this module, of index.words or of index.inflection gives other terms
TERMS = DATA / "terms.yaml"
STEM_LETTERS = 6
LONGEST_ENDING = 5
_SHARED_LETTERS = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "ы": "и", "э": "е", "ъ": None})
_DOUBLED = re.compile(r"(.)\1")  # "территория" has two letters where "територія" has one
_stemmers = threading.local()


def tokenize(text: str, names: Names | None = None) -> list[str]:
    """The terms of `text`, in order. Text that is all stop words keeps them; without words it gives none."""
    return _terms(text, names or load_names(), {})


def tokenize_query(text: str, names: Names | None = None) -> list[str]:
    """`tokenize` for a question: a misspelt name also gives the entity that was probably meant."""
    names = names or load_names()
    return _terms(text, names, {slip.start: f"@{slip.entity_id}" for slip in names.slips(text)})


def tokenizer_version(names: Names | None = None) -> str:
    """Changes when the same text may give other terms: rows made under another version must be made again."""
    table = TERMS.read_bytes()
    return hashlib.sha256(f"{SCHEME} {(names or load_names()).fingerprint} ".encode() + table).hexdigest()[:12]


def content_term(word: str) -> str | None:
    """The term of one word by itself, whatever it may name; None for a stop word."""
    term, kept = _term(word)
    return term if kept and term else None


def _terms(text: str, names: Names, slips: Mapping[int, str]) -> list[str]:
    """The terms; `slips` gives, by where a word starts, the term to add to it."""
    words = list(find_words(text))
    entities = {last: f"@{entity_id}" for _, last, entity_id in names.match(text, words)}
    terms: list[str] = []
    dropped: list[str] = []
    for index, word in enumerate(words):
        term, kept = _term(text[word.start : word.end])
        if kept and term:
            terms.append(term)
            terms.extend(_multiplied(terms, term))
        elif term:
            dropped.append(term)
        if index in entities:
            terms.append(entities[index])
        if word.start in slips:
            terms.append(slips[word.start])
    return terms or dropped


def _multiplied(terms: list[str], term: str) -> Iterator[str]:
    """The number in full, if the last two terms are a number and a word such as "thousand"."""
    factor = _vocabulary().scale.get(term)
    if factor and len(terms) > 1 and is_number(terms[-2]):
        yield plain_number(str(Decimal(terms[-2]) * factor))


@lru_cache(maxsize=1 << 17)
def _term(surface: str) -> tuple[str, bool]:
    """The term of a word that names nothing, and whether it is worth keeping."""
    word = fold(surface)
    if is_number(word):
        return plain_number(word), True
    vocabulary = _vocabulary()
    shared = vocabulary.shared_term(surface, word)
    if shared:
        return shared, True
    return _stem(word), word not in vocabulary.stop


def _stem(word: str) -> str:
    if not is_cyrillic(word):
        return _stemmer("english").stemWord(word)
    stem = _stemmer("russian").stemWord(word.translate(_SHARED_LETTERS)).replace("ь", "")
    return _DOUBLED.sub(r"\1", stem)[:STEM_LETTERS]


def _stemmer(language: str) -> Stemmer.Stemmer:
    """This thread's stemmer: PyStemmer objects must not be shared between threads."""
    stemmer = getattr(_stemmers, language, None)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(language)
        setattr(_stemmers, language, stemmer)
    return stemmer


@dataclass(frozen=True)
class _Vocabulary:
    """What `data/terms.yaml` holds; `shared` and `stems` lead to a term and to whether it needs a capital."""

    stop: frozenset[str]
    shared: Mapping[str, tuple[str, bool]]
    stems: Mapping[str, str]
    scale: Mapping[str, int]

    def shared_term(self, surface: str, word: str) -> str | None:
        term, needs_capital = self.shared.get(word, (None, False))
        if term and (surface[0].isupper() or not needs_capital):
            return term
        cuts = range(min(LONGEST_ENDING, len(word) - 1) + 1) if is_cyrillic(word) else ()
        return next((self.stems[stem] for cut in cuts if (stem := word[: len(word) - cut]) in self.stems), None)


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    table = yaml.safe_load(TERMS.read_text(encoding="utf-8"))
    spellings = [(f"={term}", spelling) for term, spellings in table["shared"].items() for spelling in spellings]
    return _Vocabulary(
        stop=frozenset(fold(word) for words in table["stop"].values() for word in words.split()),
        shared={fold(spelling): (term, spelling[0].isupper()) for term, spelling in spellings if spelling[-1] != "*"},
        stems={fold(spelling[:-1]): term for term, spelling in spellings if spelling[-1] == "*"},
        scale={f"={word}": factor for word, factor in table["scale"].items()},
    )
