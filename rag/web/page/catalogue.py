"""The documents as a list that can be searched: by words, dates, person, topic and language, a page at a time."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.collection import Snapshot
from index.text.lexical import tokenize
from index.text.names import Names, load_names
from index.types import DocumentSummary

PAGE_SIZE = 30
_MOST_CHUNKS = 20_000  # that a search looks through for one word
_MOST_OFFERED = 300  # people or topics that the fields suggest, the most frequent ones


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader looks for; an empty field takes nothing away. `person` and `topic` may be parts of names."""

    words: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    person: str = ""
    topic: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of what fits, newest first; `page` counts from 1."""

    documents: Sequence[DocumentSummary]
    found: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Offers:
    """What the fields of the list suggest, the most frequent first."""

    people: Sequence[str]
    topics: Sequence[str]
    languages: Sequence[str]
    places: Sequence[str]


class Catalogue:
    """Reads the list of documents once for each version of the index."""

    def __init__(self, names: Names | None = None) -> None:
        self._names = names
        self._read: tuple[str, list[DocumentSummary], Offers] | None = None

    def offers(self, snapshot: Snapshot) -> Offers:
        """The people, topics and languages that there are."""
        return self._documents(snapshot)[1]

    def find(self, snapshot: Snapshot, filters: Filters, page: int) -> Listing:
        """The `page`th page of what fits; the nearest one that there is."""
        documents, _ = self._documents(snapshot)
        fitting = [document for document in documents if _fits(document, filters)]
        if filters.words.strip():
            wanted = self._with_words(snapshot, filters.words)
            fitting = [document for document in fitting if document.id in wanted]
        pages = max(1, -(-len(fitting) // PAGE_SIZE))
        page = min(max(1, page), pages)
        return Listing(fitting[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], len(fitting), page, pages)

    def _documents(self, snapshot: Snapshot) -> tuple[list[DocumentSummary], Offers]:
        if self._read is None or self._read[0] != snapshot.version:
            documents = snapshot.documents()
            offers = Offers(
                _frequent(documents, lambda document: document.people),
                _frequent(documents, lambda document: document.topics),
                _frequent(documents, lambda document: (document.language,)),
                _frequent(documents, lambda document: document.places),
            )
            self._read = (snapshot.version, documents, offers)
        return self._read[1:]

    def _with_words(self, snapshot: Snapshot, words: str) -> set[str]:
        """The documents whose titles and texts have all the words, in whatever form, a name in whatever spelling."""
        names = self._names or load_names()
        found: set[str] | None = None
        for word in words.split():
            matches = {
                scored.chunk.document_id
                for term in _telling(tokenize(word, names))
                for scored in snapshot.lexical([term], _MOST_CHUNKS)
            }
            found = matches if found is None else found & matches
        return found or set()


def _telling(terms: list[str]) -> list[str]:
    """Of a name only the entity, which every spelling has; of another word its stem."""
    return [term for term in terms if term.startswith("@")] or terms


def _fits(document: DocumentSummary, filters: Filters) -> bool:
    if filters.since and (document.date is None or document.date < filters.since):
        return False
    if filters.until and (document.date is None or document.date > filters.until):
        return False
    if filters.language and document.language != filters.language:
        return False
    return _holds(document.people, filters.person) and _holds(document.topics, filters.topic)


def _holds(values: Iterable[str], wanted: str) -> bool:
    wanted = wanted.strip().casefold()
    return not wanted or any(wanted in value.casefold() for value in values)


def _frequent(
    documents: Iterable[DocumentSummary], values: Callable[[DocumentSummary], Iterable[str]]
) -> tuple[str, ...]:
    counts = Counter(value for document in documents for value in values(document))
    return tuple(value for value, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_OFFERED])
