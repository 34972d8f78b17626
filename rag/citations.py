"""Citations made from spans, and the check that each of them holds."""

from collections.abc import Callable, Iterable

from index.types import Document, Span
from rag.errors import InvariantError
from rag.types import Answer, Citation, NearestPassage, Passage


def cite(marker: int, document: Document, span: Span) -> Citation:
    """A citation of `span`; publisher and link are those of the document's first source."""
    source = document.sources[0] if document.sources else None
    return Citation(
        marker=marker,
        document_id=document.id,
        title=document.title,
        publisher=source.publisher if source else None,
        date=document.date,
        url=source.url if source else None,
        language=document.language,
        quote=document.text[span.start : span.end],
        start=span.start,
        end=span.end,
    )


def nearest_passages(passages: Iterable[Passage]) -> tuple[NearestPassage, ...]:
    """What an abstention shows instead of an answer."""
    return tuple(
        NearestPassage(
            document_id=passage.document.id,
            title=passage.document.title,
            date=passage.document.date,
            quote=passage.chunk.text,
            start=passage.chunk.start,
            end=passage.chunk.end,
        )
        for passage in passages
    )


def verify_quotes(answer: Answer, document: Callable[[str], Document | None]) -> None:
    """Raises InvariantError unless every quote is, character for character, what its document says there."""
    for pointer in (*answer.citations, *answer.nearest):
        cited = document(pointer.document_id)
        if cited is None:
            raise InvariantError(f"the answer points at {pointer.document_id!r}, which the index does not hold")
        found = cited.text[pointer.start : pointer.end]
        if not pointer.quote or found != pointer.quote:
            raise InvariantError(
                f"{pointer.document_id}[{pointer.start}:{pointer.end}] reads {found!r}, not {pointer.quote!r}"
            )
