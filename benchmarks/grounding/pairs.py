"""True and altered claims made from documents by rule, each with the evidence that it is to be held against."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from benchmarks.grounding.mutations import MUTATIONS
from benchmarks.grounding.paraphrases import PARAPHRASES
from benchmarks.grounding.places import LANGUAGES, Place
from index.documents.loading import load_paths
from index.text.dates import spell_date
from index.text.names import Names
from index.text.sentences import split_sentences
from index.types import Document, Span

FEWEST_WORDS, MOST_WORDS = 7, 45
REWORDED = 0.5
AROUND = 2  # sentences before and after, where the evidence is a passage


@dataclass(frozen=True, slots=True)
class MadePair:
    """A claim and its evidence; `kind` is the rule that made the claim, and `half` 0 or 1, by document."""

    document_id: str
    language: str
    kind: str
    supported: bool
    scope: str
    evidence: str
    claim: str
    half: int


def make_pairs(folder: Path, names: Names, seed: int = 0, each: int | None = None) -> list[MadePair]:
    """Every rule's claims from the documents of a folder; of each rule `each` at most, by lot."""
    loaded = (each.document for each in load_paths([folder]).documents)
    documents = [document for document in loaded if document.language in LANGUAGES]
    lots = random.Random(seed)
    found = [pair for document in documents for pair in _of_document(document, names, lots)]
    lots.shuffle(found)
    counts: dict[tuple[str, bool, str], int] = {}
    kept = []
    for pair in found:
        key = (pair.kind, pair.supported, pair.language)
        counts[key] = counts.get(key, 0) + 1
        if each is None or counts[key] <= each:
            kept.append(pair)
    return kept


def _of_document(document: Document, names: Names, lots: random.Random) -> Iterator[MadePair]:
    nearby = _entities(document.text, names)
    anywhere = tuple(entity.id for entity in names.entities if entity.kind in ("person", "place", "body"))
    sentences = list(split_sentences(document.text))
    for index, span in enumerate(sentences):
        text = " ".join(document.text[span.start : span.end].split())
        if not FEWEST_WORDS <= len(text.split()) <= MOST_WORDS or text.startswith(("#", "-", "*", "|")):
            continue
        place = Place(text, document.language, names, nearby, anywhere)
        for kind, supported, claim in _claims(place, lots):
            scope = lots.choice(("document", "passage"))
            evidence = _evidence(document, sentences, index, scope)
            yield MadePair(document.id, document.language, kind, supported, scope, evidence, claim, _half(document.id))


def _claims(place: Place, lots: random.Random) -> Iterator[tuple[str, bool, str]]:
    """The claims that the rules make of a sentence: the rule, whether it is true, the claim.

    Half of the altered ones are put in another way first.
    """
    for kind, rule in PARAPHRASES.items():
        if claim := rule(place, lots):
            yield kind, True, claim
    for kind, rule in MUTATIONS.items():
        worded = lots.choice(list(PARAPHRASES.values()))(place, lots) if lots.random() < REWORDED else None
        if claim := rule(replace(place, text=worded or place.text), lots):
            yield kind, False, claim


def _evidence(document: Document, sentences: list[Span], index: int, scope: str) -> str:
    date = f" {spell_date(document.date, document.language)}." if document.date else ""
    first, last = sentences[max(0, index - AROUND)], sentences[min(len(sentences) - 1, index + AROUND)]
    text = document.text if scope == "document" else document.text[first.start : last.end]
    return f"{document.title}.{date} {text}"


def _entities(text: str, names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.entity_id for mention in names.find(text)))


def _half(document_id: str) -> int:
    """0 or 1; a document and its translations, which share the front of their ids, fall into one half."""
    event = document_id.removesuffix("-uk").removesuffix("-ru")
    return sha256(event.encode()).digest()[0] % 2
