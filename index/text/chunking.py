"""Cuts a document into chunks: consecutive whole sentences, small enough for the embedder, without overlap.

Where to cut is chosen over the whole document at once, so that chunks come near the size aimed at, end where
paragraphs end if they can, and leave no scrap at the end.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.errors import DocumentError
from index.text.dates import spell_date
from index.text.sentences import paragraph_ends_between, split_sentences
from index.types import Chunk, Document, Span

TARGET_WORDS = 110
_MAX_WORDS = 3 * TARGET_WORDS  # bounds the search; only a longer single sentence makes a longer chunk
_MID_PARAGRAPH_COST = 0.15  # as bad as a chunk that misses the target by about 40 words
_LONGEST_TITLE = 200  # characters of a title that are embedded; more would crowd out the text

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or part of one that is too long: the smallest thing that is not cut."""

    span: Span
    words: int
    tokens: int
    ends_paragraph: bool


def embedded_text(document: Document, chunk_text: str) -> str:
    """What is embedded for a chunk of `document`: title and date in front, where the document has them."""
    title = document.title.strip()[:_LONGEST_TITLE]
    if document.date is None:
        return f"{title}\n{chunk_text}"
    return f"{title} ({document.date.isoformat()}, {spell_date(document.date, 'en')})\n{chunk_text}"


@dataclass(frozen=True, slots=True)
class EmbeddedSentence:
    """A sentence of a chunk: where it stands in the document, and the texts under which it is embedded."""

    span: Span
    plain: str
    titled: str


def embedded_sentences(document: Document, chunk: Chunk) -> list[EmbeddedSentence]:
    """The sentences of a chunk in order, to be embedded alone and with the document's title and date in front.

    Alone a sentence is often too little to tell what it is about, titled it is too like its neighbours.
    """
    spans = [Span(chunk.start + span.start, chunk.start + span.end) for span in split_sentences(chunk.text)]
    plain = [document.text[span.start : span.end] for span in spans]
    return [
        EmbeddedSentence(span, text, embedded_text(document, text)) for span, text in zip(spans, plain, strict=True)
    ]


def chunk_document(document: Document, count_tokens: Callable[[str], int], max_tokens: int) -> list[Chunk]:
    """The chunks of a document in order; together they hold every sentence. An empty body gives [].

    `count_tokens(embedded_text(document, chunk.text)) <= max_tokens` for each. A sentence that is longer is cut
    between words, a word that is longer inside. Raises DocumentError when title and date leave no room for text.
    """
    text = document.text
    fit = _Fit(document, count_tokens, max_tokens)
    spans = [part for sentence in split_sentences(text) for part in fit.parts(sentence)]
    chunks = [part for group in _group(_measured(text, spans, fit), fit.room) for part in fit.verified(group)]
    return [_chunk(document, ordinal, span) for ordinal, span in enumerate(chunks)]


class _Fit:
    """What fits into one chunk of one document. Counts each sentence once, and each chunk once more to be sure."""

    def __init__(self, document: Document, count_tokens: Callable[[str], int], max_tokens: int) -> None:
        self._document = document
        self._count_tokens = count_tokens
        self._max_tokens = max_tokens
        self._empty = count_tokens("")  # the special tokens of one call
        self._front = count_tokens(embedded_text(document, ""))
        self._counted: dict[Span, int] = {}
        self.room = max_tokens - self._front

    def tokens(self, span: Span) -> int:
        """How many tokens the stretch adds to a chunk, as far as can be told from counting it alone."""
        if span not in self._counted:
            text = self._document.text[span.start : span.end]
            self._counted[span] = max(self._count_tokens(text) - self._empty, 0)
        return self._counted[span]

    def parts(self, span: Span) -> list[Span]:
        """The stretch itself if it fits, else its halves, cut near the middle, and so on."""
        if self.tokens(span) <= self.room:
            return [span]
        return [part for half in self._halves(span) for part in self.parts(half)]

    def verified(self, spans: Sequence[Span]) -> list[Span]:
        """The chunk that these stretches make; more than one where the whole has more tokens than its parts."""
        whole = Span(spans[0].start, spans[-1].end)
        text = self._document.text[whole.start : whole.end]
        if self._count_tokens(embedded_text(self._document, text)) <= self._max_tokens:
            return [whole]
        if len(spans) == 1:
            spans = self._halves(whole)
        middle = len(spans) // 2
        return self.verified(spans[:middle]) + self.verified(spans[middle:])

    def _halves(self, span: Span) -> list[Span]:
        if span.end - span.start < 2:
            raise DocumentError(
                f"document {self._document.id!r}: title and date take {self._front} of the {self._max_tokens} tokens "
                "that the embedder reads, which leaves no room for text; shorten the title"
            )
        return _halves(self._document.text, span)


def _halves(text: str, span: Span) -> list[Span]:
    """Two parts of the stretch, cut at the white space nearest its middle, or in the middle of its only word."""
    middle = (span.start + span.end) // 2
    before = _SPACE.search(text[span.start : middle][::-1])
    after = _SPACE.search(text, middle, span.end)
    spaces = [middle - before.start()] if before else []
    spaces += [after.start()] if after else []
    cut = min(spaces, key=lambda space: abs(space - middle), default=middle)
    left, right = text[span.start : cut].rstrip(), text[cut : span.end].lstrip()
    return [Span(span.start, span.start + len(left)), Span(span.end - len(right), span.end)]


def _measured(text: str, spans: Sequence[Span], fit: _Fit) -> list[_Piece]:
    if not spans:
        return []
    next_starts = [*(span.start for span in spans[1:]), len(text)]
    return [
        _Piece(
            span=span,
            words=len(text[span.start : span.end].split()),
            tokens=fit.tokens(span),
            ends_paragraph=paragraph_ends_between(text, span.end, next_start),
        )
        for span, next_start in zip(spans, next_starts, strict=True)
    ]


def _group(pieces: Sequence[_Piece], room: int) -> list[list[Span]]:
    """Pieces gathered into chunks of at most `room` tokens so that the sum of `_cost` over chunks is least."""
    best: list[tuple[float, int]] = [(0.0, 0)]  # for the pieces before i: least cost, and where the last chunk begins
    for end in range(1, len(pieces) + 1):
        words = tokens = 0
        choices = []
        for start in range(end - 1, -1, -1):
            words += pieces[start].words
            tokens += pieces[start].tokens
            if start < end - 1 and (tokens > room or words > _MAX_WORDS):
                break
            whole = pieces[end - 1].ends_paragraph or end == len(pieces)
            choices.append((best[start][0] + _cost(words, whole), start))
        best.append(min(choices))
    groups = []
    end = len(pieces)
    while end:
        start = best[end][1]
        groups.append([piece.span for piece in pieces[start:end]])
        end = start
    return groups[::-1]


def _cost(words: int, ends_paragraph: bool) -> float:
    miss = (words - TARGET_WORDS) / TARGET_WORDS
    return miss * miss + (0.0 if ends_paragraph else _MID_PARAGRAPH_COST)


def _chunk(document: Document, ordinal: int, span: Span) -> Chunk:
    text = document.text[span.start : span.end]
    date = document.date.isoformat() if document.date else None
    identity = json.dumps([document.id, document.title, date, span.start, span.end, text])
    digest = hashlib.sha256(identity.encode()).hexdigest()
    return Chunk(digest[:24], document.id, ordinal, span.start, span.end, text)
