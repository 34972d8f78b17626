"""What stands beside a citation: how many publishers say it, and what a reader should know of its sources.

Counted by the words of the quote among the chunks that share its rarest ones, with no embedding and no model, and once
for each span and version of the index.
"""

import datetime as dt
import threading
from collections.abc import Iterable

from index.collection import Snapshot
from index.text.lexical import tokenize
from index.text.names import Names
from index.types import Chunk, Document, Span
from rag.reading.sourcing import document_notes, holds_nearly_all, origin, publishers_of, saying
from rag.reading.speakers import Spoken
from rag.reading.whose import said_in
from rag.types import Citation, Mark

CANDIDATES = 10  # chunks that are held against a quote
MOST_TERMS = 8  # of a quote that they are looked for by
MOST_KEPT = 5_000  # spans whose marks are remembered

Counted = tuple[int | None, tuple[Mark, ...]]


class Marker:
    """Marks citations; remembers them for the version of the index that was asked for last. Safe between threads."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._lock = threading.Lock()
        self._version: str | None = None
        self._known: dict[tuple[str, int, int, dt.date | None], Counted] = {}
        self._spoken: dict[str, Spoken] = {}
        self._terms: dict[str, frozenset[str]] = {}

    def marked(self, snapshot: Snapshot, citations: Iterable[Citation], as_of: dt.date | None) -> tuple[Citation, ...]:
        """The citations, each with its count and its marks."""
        with self._lock:
            if self._version != snapshot.version or len(self._known) > MOST_KEPT:
                self._version = snapshot.version
                self._known, self._spoken, self._terms = {}, {}, {}
            return tuple(self._with_marks(snapshot, one, as_of) for one in citations)

    def _with_marks(self, snapshot: Snapshot, citation: Citation, as_of: dt.date | None) -> Citation:
        key = (citation.document_id, citation.start, citation.end, as_of)
        if key not in self._known:
            self._known[key] = self._counted(snapshot, citation, as_of)
        count, marks = self._known[key]
        return citation.model_copy(update={"independent_sources": count, "marks": marks})

    def _counted(self, snapshot: Snapshot, citation: Citation, as_of: dt.date | None) -> Counted:
        spoken = self._read(snapshot.document(citation.document_id))
        notes: list[Mark] = [*document_notes(spoken.document)]
        said = said_in(spoken, Span(citation.start, citation.end), self._names)
        itself: list[Mark] = ["about_itself"] if said and all(one.about_itself for one in said) else []
        if "no_source" in notes:
            return None, (*itself, *notes)
        publishers = self._publishers(snapshot, citation, spoken.document, as_of)
        if len(publishers) == 1:
            notes = ["single_source", *(note for note in notes if note != "one_publisher")]
        return len(publishers), (*itself, *notes)

    def _publishers(
        self, snapshot: Snapshot, citation: Citation, document: Document, as_of: dt.date | None
    ) -> set[str]:
        """Who is behind the reports that say it: those of the cited document, and of each further story."""
        stories = snapshot.stories()
        found = {stories.get(document.id, document.id): document}
        wanted = frozenset(tokenize(citation.quote, self._names))
        for scored in snapshot.lexical(sorted(wanted, key=_weight)[:MOST_TERMS], CANDIDATES, as_of):
            other = scored.chunk.document_id
            story = stories.get(other, other)
            if story not in found and holds_nearly_all(self._terms_of(scored.chunk), wanted):
                spoken = self._read(snapshot.document(other))
                if saying(spoken, scored.chunk, citation.quote, self._names) is not None:
                    found[story] = spoken.document
        return {origin(name) for one in found.values() for name in publishers_of(one)}

    def _terms_of(self, chunk: Chunk) -> frozenset[str]:
        """The terms of a chunk, read once: nearly all chunks are ruled out by them."""
        if chunk.id not in self._terms:
            self._terms[chunk.id] = frozenset(tokenize(chunk.text, self._names))
        return self._terms[chunk.id]

    def _read(self, document: Document) -> Spoken:
        return self._spoken.setdefault(document.id, Spoken(document, self._names))


def _weight(term: str) -> tuple[bool, int]:
    """Names and numbers first, then the longest: they are in few chunks."""
    return not (term.startswith("@") or term[0].isdigit()), -len(term)
