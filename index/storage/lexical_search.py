"""BM25 over the lexical index, without scoring every chunk that holds a term which nearly every chunk holds.

SQLite's FTS5 scores each row that matches any term before it sorts them. Here the rows that hold one of the rarer terms
are scored first, by all the terms. A row that holds none of these can score at most the sum of what the other terms can
give; where the k-th score found reaches that sum, no such row can be among the best k and the result is the one that
scoring everything gives (MaxScore: Turtle and Flood 1995). Else more terms count as rare, at the end all of them.
"""

import json
import math
import sqlite3
from collections.abc import Sequence

# A term in the title says more about a chunk than one in its text.
TITLE_WEIGHT = 2.0

_FIRST_ROWS = 1_000  # that are scored before the rest is considered: about 2 ms
_GROWTH = 6
_MOST_OF_IDF = 2.2  # FTS5 multiplies a term's idf by less than k1 + 1, k1 being 1.2
_SPARE = 20  # rows beyond k that are read, so that equal scores at the end can be put in order
_DATED = "documents.date <= :as_of"


def search(
    connection: sqlite3.Connection, tokens: Sequence[str], k: int, as_of: str | None = None
) -> list[tuple[int, float]]:
    """Row number and BM25 (larger is better) of the best k rows for any of the tokens, best first.

    Rows of equal score come in the order of their chunk's id. `as_of` leaves out later and undated documents.
    """
    if not tokens or k < 1:
        return []
    tokens = [token.replace("\0", "") for token in dict.fromkeys(tokens)]
    terms = _by_rarity(connection, tokens)
    rows = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    limit = _FIRST_ROWS
    while True:
        rare = _rare(terms, limit)
        bound = sum(_most(count, rows) for _, count in terms[rare:])
        found = _best(connection, tokens, [term for term, _ in terms[:rare]], k, as_of)
        if rare == len(terms) or (len(found) == k and found[-1][1] >= bound):
            return found
        limit *= _GROWTH


def _by_rarity(connection: sqlite3.Connection, tokens: list[str]) -> list[tuple[str, int]]:
    """Each term with the number of rows that hold it, rarest first; one that the vocabulary lacks counts as 0."""
    counts = dict(
        connection.execute(
            "SELECT term, doc FROM chunk_terms WHERE term IN (SELECT lower(value) FROM json_each(?))",
            (json.dumps(tokens),),
        )
    )
    return sorted(((token, counts.get(_folded(token), 0)) for token in tokens), key=lambda term: term[1])


def _folded(token: str) -> str:
    """As FTS5's tokenizer stores it: capitals beyond ASCII stay."""
    return "".join(sign.lower() if sign.isascii() else sign for sign in token)


def _rare(terms: list[tuple[str, int]], limit: int) -> int:
    """How many of the terms, rarest first, are in at most `limit` rows together; at least one."""
    total = 0
    for index, (_, count) in enumerate(terms):
        total += count
        if total > limit:
            return max(index, 1)
    return len(terms)


def _most(count: int, rows: int) -> float:
    """More than a term that so many of the rows hold can add to a score."""
    idf = math.log((rows - count + 0.5) / (count + 0.5)) if count < rows else 0.0
    return _MOST_OF_IDF * max(idf, 1e-6)  # what FTS5 takes for terms in more than half of the rows


def _best(
    connection: sqlite3.Connection, tokens: list[str], rare: list[str], k: int, as_of: str | None
) -> list[tuple[int, float]]:
    """The best k of the rows that hold one of the rare tokens."""
    limit = k + _SPARE
    while True:
        found = _scored(connection, tokens, rare, limit, as_of)
        if len(found) < limit or found[k - 1][1] > found[-1][1]:
            return _in_order(connection, found)[:k]
        limit *= _GROWTH


def _scored(
    connection: sqlite3.Connection, tokens: list[str], rare: list[str], limit: int, as_of: str | None
) -> list[tuple[int, float]]:
    joined, conditions = "", ""
    if len(rare) < len(tokens):
        # The plus keeps SQLite from starting the search anew for each of these rows.
        conditions += " AND +chunk_tokens.rowid IN (SELECT rowid FROM chunk_tokens WHERE chunk_tokens MATCH :rare)"
    if as_of:
        joined = "JOIN chunks ON chunks.rowid = chunk_tokens.rowid JOIN documents ON documents.id = chunks.document_id "
        conditions += f" AND {_DATED}"
    return connection.execute(
        f"SELECT chunk_tokens.rowid, -bm25(chunk_tokens, {TITLE_WEIGHT}, 1.0) AS score FROM chunk_tokens {joined}"
        f"WHERE chunk_tokens MATCH :all{conditions} ORDER BY score DESC LIMIT :limit",
        {"all": _any(tokens), "rare": _any(rare), "as_of": as_of, "limit": limit},
    ).fetchall()


def _in_order(connection: sqlite3.Connection, found: list[tuple[int, float]]) -> list[tuple[int, float]]:
    ids = dict(
        connection.execute(
            "SELECT rowid, id FROM chunks WHERE rowid IN (SELECT value FROM json_each(?))",
            (json.dumps([row for row, _ in found]),),
        )
    )
    return sorted(found, key=lambda hit: (-hit[1], ids[hit[0]]))


def _any(terms: Sequence[str]) -> str:
    """Always in the order of the question: the order decides the last digit of a score."""
    return " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
