"""Question and evidence as the reader's input: token ids, marks, and which token stands for which words.

The evidence is cut into tokens word by word, which gives the same tokens as cutting it whole (no token of this
tokenizer goes on past the beginning of a word) and tells where in the text each token stands.

The marks tell the reader what it would otherwise have to learn from far more examples than there are: which part of
the input a token belongs to, and whether the other part has the same token, or a word that begins alike.
"""

import re
from dataclasses import dataclass

import numpy as np

from index.embedding.e5_tokens import E5Tokenizer
from index.types import Span

QUESTION, CLAIM = "query: ", "claim: "
MOST_TOKENS = 384
MOST_ASKED_TOKENS, MOST_HEAD_TOKENS = 96, 64

# What the marks of a token stand for, in this order.
MARKS = ("asked", "head", "evidence", "same token", "same stem")
STEM_LETTERS = 5

_WORD = re.compile(r"\S+")
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class EncodedText:
    """Token ids of a text and, for each, the word it belongs to as a span of that text, and that word's stem."""

    ids: tuple[int, ...]
    spans: tuple[Span, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """One input. The tokens of the evidence begin at `first` and stand for `spans` of its text, in order.

    `marks` is `(tokens, len(MARKS))`, 0 or 1.
    """

    ids: tuple[int, ...]
    marks: np.ndarray
    first: int
    spans: tuple[Span, ...]


class PairEncoder:
    """Builds inputs of the form `<s> query: asked </s> head </s> evidence </s>`."""

    def __init__(self, tokenizer: E5Tokenizer, begin: int, end: int) -> None:
        self._tokenizer = tokenizer
        self._begin, self._end = begin, end

    def text(self, text: str) -> EncodedText:
        """The evidence cut into tokens."""
        ids: list[int] = []
        spans: list[Span] = []
        stems: list[str] = []
        for word in _WORD.finditer(text):
            pieces = self._tokenizer.ids(word.group())
            ids += pieces
            spans += [Span(*word.span())] * len(pieces)
            stems += [_stem(word.group())] * len(pieces)
        return EncodedText(tuple(ids), tuple(spans), tuple(stems))

    def pair(self, asked: str, head: str, evidence: EncodedText, prefix: str = QUESTION) -> EncodedPair:
        """The input for a question (or, with the prefix `CLAIM`, a claim); what is too long is cut off at the end."""
        question, before = self.text(asked), self.text(head)
        prefix_ids = self._tokenizer.ids(prefix)
        asked_ids = [*prefix_ids, *question.ids[:MOST_ASKED_TOKENS]]
        head_ids = before.ids[:MOST_HEAD_TOKENS]
        first = len(asked_ids) + len(head_ids) + 3
        room = MOST_TOKENS - first - 1
        ids = (self._begin, *asked_ids, self._end, *head_ids, self._end, *evidence.ids[:room], self._end)
        marks = np.zeros((len(ids), len(MARKS)), dtype=np.float32)
        start = 1 + len(prefix_ids)
        parts = (
            (
                0,
                start,
                question.ids[:MOST_ASKED_TOKENS],
                question.stems,
                {*evidence.ids[:room], *head_ids},
                {*evidence.stems, *before.stems},
            ),
            (1, 2 + len(asked_ids), head_ids, before.stems, set(question.ids), set(question.stems)),
            (2, first, evidence.ids[:room], evidence.stems, set(question.ids), set(question.stems)),
        )
        for part, offset, tokens, stems, other_ids, other_stems in parts:
            for number, (token, stem) in enumerate(zip(tokens, stems, strict=False)):
                marks[offset + number, part] = 1
                marks[offset + number, 3] = token in other_ids
                marks[offset + number, 4] = bool(stem) and stem in other_stems
        return EncodedPair(ids, marks, first, evidence.spans[:room])


def _stem(word: str) -> str:
    """The first letters of a word in lower case, enough to meet its other forms; "" for very short words."""
    letters = _NOT_WORD.sub("", word.casefold())
    return letters[:STEM_LETTERS] if len(letters) > 2 or letters.isdigit() else ""
