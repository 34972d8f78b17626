"""The parts of a question that asks several things ("Who hosted it, and when does the next one begin?").

Each part is looked for by itself and has its turn in the answer: asked as a whole, the part whose wording is nearer to
some passage takes all of the words there are. Of 30 questions made of two about different passages of
training/data/reader, 16 instead of 3 were answered in full; of 50 about one passage 34 instead of 36.
"""

import re
from dataclasses import replace
from functools import cache
from importlib import resources

import yaml

from rag.retrieval.reranking import Reranked

SHARE = 0.7
"""What a part counts in the nearness of a sentence; the rest is the whole question, which names what it is about."""
FEWEST_WORDS = 5  # shorter ones ask for no more than the rest does: "when and where", "and by how much"
MOST_PARTS = 3

_SENTENCE_END = re.compile(r"(?<=\?)\s+")


def question_parts(question: str) -> tuple[str, ...]:
    """The parts in order; the whole question alone where it does not plainly ask several things."""
    parts = [part for sentence in _split(question, _SENTENCE_END) for part in _split(sentence, _join())]
    plain = 1 < len(parts) <= MOST_PARTS and all(_asks().search(part) for part in parts)
    return tuple(parts) if plain else (question,)


def with_whole(part: Reranked, whole: Reranked, k: int) -> Reranked:
    """The `k` passages that are best for a part and the whole question together, with their sentences.

    `whole` holds the passages of `part` and perhaps more.
    """
    scores = {passage.chunk.id: passage.score for passage in whole.passages}
    to_whole = {(one.passage.chunk.id, one.span): one.similarity for one in whole.sentences}
    mixed = [replace(one, score=_mixed(one.score, scores[one.chunk.id])) for one in part.passages]
    best = {one.chunk.id: one for one in sorted(mixed, key=lambda passage: -passage.score)[:k]}
    sentences = [
        replace(
            one,
            passage=best[one.passage.chunk.id],
            similarity=_mixed(one.similarity, to_whole[one.passage.chunk.id, one.span]),
        )
        for one in part.sentences
        if one.passage.chunk.id in best
    ]
    return Reranked(tuple(best.values()), tuple(sentences))


def _mixed(part: float, whole: float) -> float:
    return SHARE * part + (1 - SHARE) * whole


def _split(text: str, boundary: re.Pattern[str]) -> list[str]:
    """The text cut where `boundary` stands between two parts that are long enough."""
    parts, begin = [], 0
    for match in boundary.finditer(text):
        before, after = text[begin : match.start()], text[match.end() :]
        if min(len(before.split()), len(after.split())) >= FEWEST_WORDS:
            parts.append(before.strip())
            begin = match.end()
    return [*parts, text[begin:].strip()]


@cache
def _join() -> re.Pattern[str]:
    """A joining word, where one follows that asks; that one is left to the second part."""
    joins, asks, whether = map(_any, ("joins", "asks", "asks_whether"))
    return re.compile(
        rf",?\s+(?:{joins})\s+(?=(?:\w{{1,5}}\s+)?(?:{asks})\b)|,\s+(?:{joins})\s+(?=(?:{whether})\b)", re.IGNORECASE
    )


@cache
def _asks() -> re.Pattern[str]:
    joins, asks, whether = map(_any, ("joins", "asks", "asks_whether"))
    return re.compile(rf"\b(?:{asks})\b|^\W*(?:(?:{joins})\s+)?(?:{whether})\b", re.IGNORECASE)


def _any(kind: str) -> str:
    words = [word for group in _table()[kind].values() for word in group]
    return "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words)


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return yaml.safe_load(resources.files("rag").joinpath("data/parts.yaml").read_text(encoding="utf-8"))
