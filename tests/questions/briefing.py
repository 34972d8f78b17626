"""Scores briefings on topics of their own.

    python -m tests.questions.briefing

A topic is met where of each group of `spans` one stands in what is cited, of each group of `documents` one is cited,
and none of `sections` is empty; one that the documents are silent on (`silent`) where nothing is cited. Each of these
is counted by itself as well. Nothing may be cited from after the cut-off, and each quote has to stand where it says.
"""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from index.collection import Snapshot
from index.settings import load_settings
from index.text.names import load_names
from rag.opening import open_collection
from rag.reading.briefing import Brief, Briefing, Briefings

FOLDER = Path(__file__).parent


def read() -> list[dict[str, Any]]:
    lines = (FOLDER / "briefing.jsonl").read_text(encoding="utf-8").splitlines()
    return [row | {"as_of": row["as_of"] and dt.date.fromisoformat(row["as_of"])} for row in map(json.loads, lines)]


def met(row: dict[str, Any], briefing: Briefing) -> dict[str, list[bool]]:
    """What of the row is met: spans, documents and sections each one by one; of a silent one its silence alone."""
    if row["silent"]:
        return {"silence": [briefing.silent]}
    cited = [citation.quote for citation in briefing.citations]
    documents = {citation.document_id for citation in briefing.citations}
    return {
        "spans": [any(span in quote for span in group for quote in cited) for group in row["spans"]],
        "documents": [bool(documents & set(group)) for group in row["documents"]],
        "sections": [is_filled(briefing, section) for section in row["sections"]],
    }


def is_filled(briefing: Briefing, section: str) -> bool:
    """Whether anything stands in a section."""
    value = briefing.model_dump()[section]
    return any(value.values()) if isinstance(value, dict) else bool(value)


def late(row: dict[str, Any], briefing: Briefing) -> int:
    """How many citations are of documents after the cut-off, or undated under one."""
    dates = [citation.date for citation in briefing.citations]
    return sum(1 for date in dates if row["as_of"] and (date is None or date > row["as_of"]))


def misplaced(briefing: Briefing, snapshot: Snapshot) -> int:
    """How many quotes do not stand in their document where the citation says."""
    return sum(snapshot.document(one.document_id).text[one.start : one.end] != one.quote for one in briefing.citations)


def main() -> None:
    settings = load_settings()
    briefings = Briefings(load_names(settings.names))
    counts: dict[str, list[bool]] = {"topics": [], "spans": [], "documents": [], "sections": [], "silence": []}
    too_late, out_of_place = 0, 0
    with open_collection(settings) as collection, collection.snapshot() as snapshot:
        for row in read():
            made = briefings.write(snapshot, collection.embedder, Brief(row["topic"], row["as_of"]))
            found = met(row, made)
            whole = all(all(group) for group in found.values())
            counts["topics"].append(whole)
            for name, group in found.items():
                counts[name] += group
            too_late += late(row, made)
            out_of_place += misplaced(made, snapshot)
            if not whole:
                print(f"{row['id']} {row['topic']} {found}", file=sys.stderr)
    parts = ", ".join(f"{name} {sum(group)} of {len(group)}" for name, group in counts.items())
    print(f"{parts}; cited late {too_late}, out of place {out_of_place}")


if __name__ == "__main__":
    main()
