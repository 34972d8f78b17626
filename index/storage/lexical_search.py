"""BM25 over the lexical index, without scoring every chunk that holds a term which nearly every chunk holds.

SQLite's FTS5 scores each row that matches any term before it sorts them. Here the rows that hold one of the rarest
terms are scored first, by these terms alone, which is little work: the k-th of these scores is a floor under the k-th
of the result. Terms that together cannot lift a row to that floor need not be looked for; rows that hold any of the
others are scored by all terms. The result is that of scoring everything (MaxScore: Turtle and Flood 1995).

Terms in more than half of the rows are left out where others find enough: FTS5 gives them an idf of a millionth, so
that they only put rows of equal score in another order.
"""

import json
import math
import sqlite3
from collections.abc import Sequence

# A term in the title says more about a chunk than one in its text.
TITLE_WEIGHT = 2.0

_FIRST_ROWS = 1_000  # that are scored to find the floor: about 1 ms
_GROWTH = 6
_MOST_OF_IDF = 2.2  # FTS5 multiplies a term's idf by less than k1 + 1, k1 being 1.2
_MOST_COUNTS = 20_000
_ROUNDING = 1 - 1e-9  # scores are sums whose order may differ
_SPARE = 20  # rows beyond k that are read, so that equal scores at the end can be put in order
_DATED = "documents.date <= :as_of"


class LexicalSearch:
    """Searches through one connection, and remembers in how many rows a term is until anything is written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts: dict[str, int] = {}
        self._counted_at: tuple[int, int] | None = None

    def search(self, tokens: Sequence[str], k: int, as_of: str | None = None) -> list[tuple[int, float]]:
        """Row number and BM25 (larger is better) of the best k rows for any of the tokens, best first.

        Rows of equal score come in the order of their chunk's id. `as_of` leaves out later and undated documents.
        """
        if not tokens or k < 1:
            return []
        tokens = [token.replace("\0", "") for token in dict.fromkeys(tokens)]
        rows = self._connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
        counts = self._row_counts(tokens)
        telling = [token for token in tokens if 2 * counts[token] <= rows]
        if 0 < len(telling) < len(tokens):
            found = _search(self._connection, telling, counts, rows, k, as_of)
            if len(found) == k:
                return found
        return _search(self._connection, tokens, counts, rows, k, as_of)

    def terms(self, initial: str) -> list[str]:
        """The terms that begin with that letter and stand in any row."""
        found = self._connection.execute(
            "SELECT term FROM chunk_terms WHERE term >= ? AND term < ?", (initial, chr(ord(initial) + 1))
        )
        return [term for (term,) in found]

    def _row_counts(self, tokens: list[str]) -> dict[str, int]:
        """In how many rows each term is; one that the vocabulary lacks counts as 0."""
        now = (self._connection.execute("PRAGMA data_version").fetchone()[0], self._connection.total_changes)
        if now != self._counted_at or len(self._counts) > _MOST_COUNTS:
            self._counts, self._counted_at = {}, now
        unknown = [folded for token in tokens if (folded := _folded(token)) not in self._counts]
        if unknown:
            self._counts |= dict.fromkeys(unknown, 0)
            self._counts |= dict(
                self._connection.execute(
                    "SELECT term, doc FROM chunk_terms WHERE term IN (SELECT value FROM json_each(?))",
                    (json.dumps(unknown),),
                )
            )
        return {token: self._counts[_folded(token)] for token in tokens}


def _search(
    connection: sqlite3.Connection, tokens: list[str], counts: dict[str, int], rows: int, k: int, as_of: str | None
) -> list[tuple[int, float]]:
    rarest_first = sorted(tokens, key=counts.__getitem__)
    most = [_most(counts[token], rows) for token in rarest_first]
    limit = _FIRST_ROWS
    while (rare := _rare([counts[token] for token in rarest_first], limit)) < len(tokens):
        floor = _scored(connection, rarest_first[:rare], rarest_first[:rare], k, as_of)
        if len(floor) == k:
            needed = next(n for n in range(rare, len(most) + 1) if sum(most[n:]) <= floor[-1][1] * _ROUNDING)
            return _best(connection, tokens, rarest_first[:needed], k, as_of)
        limit *= _GROWTH
    return _best(connection, tokens, tokens, k, as_of)


def _folded(token: str) -> str:
    """As FTS5's tokenizer stores it: capitals beyond ASCII stay."""
    return "".join(sign.lower() if sign.isascii() else sign for sign in token)


def _rare(counts: list[int], limit: int) -> int:
    """How many of the terms, rarest first, are in at most `limit` rows together; at least one."""
    total = 0
    for index, count in enumerate(counts):
        total += count
        if total > limit:
            return max(index, 1)
    return len(counts)


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
