"""Which documents tell the same story: near-duplicates, and reports that replace an earlier one of the same publisher.

The same wire report from five outlets is five documents and one independent source. All of them stay.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
from rapidfuzz import fuzz

from index.text.similarity import Buckets, containment, jaccard
from index.types import Document

MIN_JACCARD = 0.5
# An outlet that cut the report short has most of what it printed in common with it, and little of the whole.
MIN_CONTAINMENT = 0.8
MIN_JACCARD_IF_CONTAINED = 0.25
MIN_RUNS = 20  # of words; shorter texts are alike by chance
_FEW = 32  # documents are compared with all others in less time than it takes to sort them into buckets
MIN_TITLE_SCORE = 90  # of 100, of the titles of a report and of its update
MAX_DAYS_TO_UPDATE = 3
_UPDATE = re.compile(
    r"\b(?:update[d]?|upd|corrected|correction|refile[d]?|оновлен[оаі]\w*|обновлен[оа]\w*|уточнен[оа]\w*)\b[\s\d:.-]*",
    re.I,
)
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Link:
    """Two documents that tell the same story; with `is_update` the newer replaces the older."""

    older: str
    newer: str
    similarity: float
    is_update: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A document as it is compared. `first_read` orders documents of the same day, new ones last."""

    document: Document
    first_read: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Ids of documents, their number of runs `(n,)`, and their values `(n, VALUES)`, in the same order."""

    ids: Sequence[str]
    runs: np.ndarray
    values: np.ndarray


def similar_pairs(fresh: Iterable[str], signatures: Signatures) -> list[tuple[str, str, float]]:
    """Each pair of near-duplicates of which at least one is `fresh`, once, with its similarity."""
    long = np.flatnonzero(signatures.runs >= MIN_RUNS)
    ids, runs, values = [signatures.ids[at] for at in long], signatures.runs[long], signatures.values[long]
    place = {document_id: at for at, document_id in enumerate(ids)}
    rows = [place[document_id] for document_id in fresh if document_id in place]
    buckets = Buckets(values) if len(rows) > _FEW else None
    pairs: dict[tuple[str, str], float] = {}
    for at in rows:
        others = buckets.beside(at) if buckets else np.arange(len(ids))
        scores = jaccard(values[at], values[others])
        near = scores >= MIN_JACCARD_IF_CONTAINED
        for other, score in zip(others[near].tolist(), scores[near].tolist(), strict=True):
            if other != at and _alike(score, int(runs[at]), int(runs[other])):
                first, second = sorted((ids[at], ids[other]))
                pairs[first, second] = score
    return [(first, second, score) for (first, second), score in pairs.items()]


def _alike(score: float, runs: int, other_runs: int) -> bool:
    return score >= MIN_JACCARD or containment(score, runs, other_runs) >= MIN_CONTAINMENT


def link(one: Known, other: Known, similarity: float) -> Link:
    """The pair in order of time, and whether the later replaces the earlier."""
    older, newer = sorted((one, other), key=_order)
    return Link(older.document.id, newer.document.id, similarity, _replaces(newer, older))


def groups(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each document in a pair the name of its story: the smallest id of all that are linked to it."""
    head: dict[str, str] = {}

    def top(member: str) -> str:
        while head.setdefault(member, member) != member:
            member = head[member]
        return member

    for one, other in pairs:
        first, second = sorted((top(one), top(other)))
        head[second] = first
    return {member: top(member) for member in head}


def independent_sources(document_ids: Iterable[str], stories: Mapping[str, str]) -> int:
    """How many stories these documents tell: near-duplicates count as one."""
    return len({stories.get(document_id, document_id) for document_id in document_ids})


def _order(known: Known) -> tuple[dt.date, int, str, str]:
    document = known.document
    return document.date or dt.date.min, _update_number(document.title), known.first_read, document.id


def _replaces(newer: Known, older: Known) -> bool:
    """A later version by the same publisher, under the same title: marked as an update, or of the same day.

    Reports that come every day in the same words differ in day or in the numbers of their titles: they replace nothing.
    """
    new, old = newer.document, older.document
    if not _publishers(new) & _publishers(old) or not _same_title(new.title, old.title):
        return False
    marked = _update_number(new.title) > _update_number(old.title)
    if new.date and old.date:
        days = (new.date - old.date).days
        return (days == 0 and (marked or newer.first_read != older.first_read)) or (
            marked and days <= MAX_DAYS_TO_UPDATE
        )
    return marked or newer.first_read != older.first_read


def _update_number(title: str) -> int:
    """0 for a title without a mark of an update, else one more than the number that it names."""
    mark = _UPDATE.search(title)
    number = _NUMBER.search(mark.group()) if mark else None
    return 0 if mark is None else 1 + int(number.group()[:4]) if number else 1


def _same_title(one: str, other: str) -> bool:
    first, second = (" ".join(_WORD.findall(_UPDATE.sub(" ", title).casefold())) for title in (one, other))
    return _NUMBER.findall(first) == _NUMBER.findall(second) and fuzz.ratio(first, second) >= MIN_TITLE_SCORE


def _publishers(document: Document) -> set[str]:
    """The names and hosts of who published it; several sources make a digest, which replaces no report."""
    if len(document.sources) != 1:
        return set()
    source = document.sources[0]
    host = (urlsplit(source.url).hostname or "").removeprefix("www.") if source.url else ""
    return {name for name in ((source.publisher or "").casefold(), host) if name}
