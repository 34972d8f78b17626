"""Scores quotations and positions on questions of their own.

    python -m tests.questions.voices

A question for a quotation is met where the quotation is among the first three, verbatim and with its speaker; one whose
`quote` is null where nothing is found by its words. A subject is met where each of `sides` has a statement and an
account of one of the documents in `disagreements` is shown; nothing may be dated after the cut-off.
"""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from index.settings import load_settings
from index.text.names import load_names
from rag.opening import open_collection
from rag.reading.positions import Positions, find_positions
from rag.reading.quotation_index import QuotationFilters, QuotationIndex, QuotationPage
from rag.reading.quotation_questions import as_filters

FOLDER = Path(__file__).parent
TODAY = dt.date(2026, 6, 10)
FIRST = 3


def read(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [row | {"as_of": row["as_of"] and dt.date.fromisoformat(row["as_of"])} for row in map(json.loads, lines)]


def quotation_met(row: dict[str, Any], page: QuotationPage) -> bool:
    if row["quote"] is None:
        return not any(one.matches == "words" for one in page.quotations)
    return any(row["quote"] in one.quote and one.speaker == row["speaker"] for one in page.quotations[:FIRST])


def positions_met(row: dict[str, Any], found: Positions) -> bool:
    sides = {side.side for side in found.sides}
    told = {account.document_id for one in found.disagreements for account in one.accounts}
    return set(row["sides"]) <= sides and (not row["disagreements"] or bool(told & set(row["disagreements"])))


def late(row: dict[str, Any], dates: list[dt.date | None]) -> int:
    """How many dates are after the cut-off."""
    return sum(1 for date in dates if row["as_of"] and (date is None or date > row["as_of"]))


def main() -> None:
    settings = load_settings()
    names = load_names(settings.names)
    with open_collection(settings) as collection, collection.snapshot() as snapshot:
        index, met, too_late = QuotationIndex(names), 0, 0
        rows = read("quotes")
        for row in rows:
            asked = QuotationFilters(words=row["question"], as_of=row["as_of"])
            page = index.search(snapshot, collection.embedder, as_filters(asked, names, TODAY))
            too_late += late(row, [one.date for one in page.quotations])
            met += _counted(row, quotation_met(row, page))
        print(f"quotes: {met} of {len(rows)}, dated late {too_late}")
        met = too_late = 0
        rows = read("positions")
        for row in rows:
            found = find_positions(snapshot, row["question"], names, collection.embedder, row["as_of"])
            accounts = [account for one in found.disagreements for account in one.accounts]
            shown = [one for side in found.sides for one in side.positions] + accounts
            too_late += late(row, [one.date for one in shown])
            met += _counted(row, positions_met(row, found))
        print(f"positions: {met} of {len(rows)}, dated late {too_late}")


def _counted(row: dict[str, Any], met: bool) -> int:
    if not met:
        print(f"{row['id']} {row['question']}", file=sys.stderr)
    return int(met)


if __name__ == "__main__":
    main()
