"""Who says what an answer showed: for each of its citations the speaker, the publishers, and whether a party speaks of
itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.text.names import Names
from index.types import Document, Span
from rag.reading.quoted import Quoted, quoted
from rag.reading.sourcing import origin, publishers_of
from rag.reading.speakers import Spoken, Voice
from rag.reading.statements import Statement, statements_at
from rag.types import Citation


@dataclass(frozen=True, slots=True)
class Origin:
    """A citation's words with whom they let speak, which is nobody where the text names none.

    `named_in` is the sentence that names the speaker, where it is another; `publishers` counts those of the document.
    """

    quoted: Quoted
    voices: tuple[Voice, ...]
    named_in: tuple[Quoted, ...]
    publishers: int
    about_itself: bool


def origins_of(
    citations: Sequence[Citation], document_of: Callable[[str], Document | None], names: Names
) -> list[Origin]:
    """For each citation, once; one whose words no longer stand in its document is left out."""
    spoken: dict[str, Spoken] = {}
    found: dict[tuple[str, int], Origin] = {}
    for citation in citations:
        document = document_of(citation.document_id)
        if document and document.text[citation.start : citation.end] == citation.quote:
            reading = spoken.setdefault(document.id, Spoken(document, names))
            found.setdefault((document.id, citation.start), _origin(citation, reading, names))
    shown = {(place.document_id, place.start) for one in found.values() for place in one.named_in}
    return [one for key, one in found.items() if key not in shown]  # a sentence that names the speaker of another one


def said_in(spoken: Spoken, span: Span, names: Names) -> list[Statement]:
    """What the sentences of a span let somebody say."""
    first, last = spoken.index_at(span.start), spoken.index_at(max(span.start, span.end - 1))
    return [statement for index in range(first, last + 1) for statement in statements_at(spoken, index, names)]


def _origin(citation: Citation, spoken: Spoken, names: Names) -> Origin:
    document, span = spoken.document, Span(citation.start, citation.end)
    said = said_in(spoken, span, names)
    voices = {statement.voice.label: statement for statement in said}
    only = next(iter(voices.values())) if len(voices) == 1 else None
    named_at = only.voice.named_at if only else None
    return Origin(
        quoted=quoted(document, span),
        voices=tuple(statement.voice for statement in voices.values()),
        named_in=(quoted(document, named_at),) if named_at and named_at != span else (),
        publishers=len({origin(name) for name in publishers_of(document)}),
        about_itself=bool(said) and all(statement.about_itself for statement in said),
    )
