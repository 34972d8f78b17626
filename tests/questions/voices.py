"""Scores quotations, positions, sourcing and status on questions of their own.

    python -m tests.questions.voices

A question for a quotation is met where the quotation is among the first three, verbatim and with its speaker; one whose
`quote` is null where nothing is found by its words. A subject is met where each of `sides` has a statement and an
account of one of the documents in `disagreements` is shown; a claim where one of `documents` is among its reports, and
a status where the newest word is that one, of one of `documents`; or, of both, where there should be none and is none.
Nothing may be dated after the cut-off.
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
from rag.reading.quoted import Quoted
from rag.reading.sourcing import Sourcing, find_sourcing
from rag.reading.status import StatusReport, find_status

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


def sourcing_met(row: dict[str, Any], found: Sourcing) -> bool:
    reports = {one.document_id for one in found.reports}
    return bool(reports & set(row["documents"])) if row["documents"] else not reports


def status_met(row: dict[str, Any], found: StatusReport) -> bool:
    if row["status"] is None:
        return not found.words
    first = found.words[0] if found.words else None
    return first is not None and first.status == row["status"] and first.document_id in row["documents"]


def late(row: dict[str, Any], dates: list[dt.date | None]) -> int:
    """How many dates are after the cut-off."""
    return sum(1 for date in dates if row["as_of"] and (date is None or date > row["as_of"]))


def main() -> None:
    settings = load_settings()
    names = load_names(settings.names)
    with open_collection(settings) as collection, collection.snapshot() as snapshot:
        index, embedder = QuotationIndex(names), collection.embedder

        def quotes(row: dict[str, Any]) -> tuple[bool, list[Quoted]]:
            asked = QuotationFilters(words=row["question"], as_of=row["as_of"])
            page = index.search(snapshot, embedder, as_filters(asked, names, TODAY))
            return quotation_met(row, page), page.quotations

        def positions(row: dict[str, Any]) -> tuple[bool, list[Quoted]]:
            found = find_positions(snapshot, row["question"], names, embedder, row["as_of"])
            accounts = [account for one in found.disagreements for account in one.accounts]
            return positions_met(row, found), [one for side in found.sides for one in side.positions] + accounts

        def sourcing(row: dict[str, Any]) -> tuple[bool, list[Quoted]]:
            found = find_sourcing(snapshot, row["question"], names, embedder, row["as_of"])
            return sourcing_met(row, found), found.reports

        def status(row: dict[str, Any]) -> tuple[bool, list[Quoted]]:
            found = find_status(snapshot, row["question"], names, embedder, row["as_of"])
            return status_met(row, found), found.words

        for name, score in (("quotes", quotes), ("positions", positions), ("sourcing", sourcing), ("status", status)):
            rows, met, too_late = read(name), 0, 0
            for row in rows:
                is_met, shown = score(row)
                met += _counted(row, is_met)
                too_late += late(row, [one.date for one in shown])
            print(f"{name}: {met} of {len(rows)}, dated late {too_late}")


def _counted(row: dict[str, Any], met: bool) -> int:
    if not met:
        print(f"{row['id']} {row['question']}", file=sys.stderr)
    return int(met)


if __name__ == "__main__":
    main()
