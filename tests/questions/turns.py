"""Scores the second turns of conversations: follow-ups are taken for such, fresh topics are left alone.

    python -m tests.questions.turns [--missed] [--keep FOLDER]

A follow-up is met where the question before it went into the search; a fresh topic where it did not. Off topic it is to
be met with silence too, and on invented documents a follow-up's `document` is to be cited. Half of the conversations
are over the home's documents, half over the passages of training/data/reader, which are indexed for that. Every other
conversation was read while the rules were made (`tuning`); the others were only counted (`testing`).
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.settings import Settings, load_settings
from rag.assistant import Assistant
from rag.opening import open_assistant
from rag.types import Answer, Question

FOLDER = Path(__file__).parent
PASSAGES = FOLDER.parents[1] / "training" / "data" / "reader"


def read() -> list[dict[str, Any]]:
    """The turns, each with the half that its conversation is in."""
    rows = [json.loads(line) for line in (FOLDER / "turns.jsonl").read_text(encoding="utf-8").splitlines()]
    conversations = list(dict.fromkeys(tuple(row["history"]) for row in rows))
    halves = {history: ("tuning", "testing")[number % 2] for number, history in enumerate(conversations)}
    return [row | {"half": halves[tuple(row["history"])]} for row in rows]


def scores(row: dict[str, Any], answer: Answer) -> dict[str, bool]:
    """What was asked of the turn, by name, and whether the answer does it."""
    taken_over = answer.standalone_question != row["question"]
    if row["kind"] == "follow-up":
        cited = {citation.document_id for citation in answer.citations}
        return {"taken over": taken_over} | ({"cites": row["document"] in cited} if "document" in row else {})
    return {"left alone": not taken_over} | (
        {"silent": answer.status == "abstained"} if row["kind"] == "fresh off topic" else {}
    )


def invented_documents() -> Iterator[dict[str, Any]]:
    """The passages as documents that `sync` reads."""
    for path in sorted(PASSAGES.glob("*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            kept = {key: row[key] for key in ("id", "title", "date", "language") if row[key]}
            yield kept | {"text": row["passage"]}


def invented_home(folder: Path) -> Settings:
    """Settings of a home in `folder` whose documents are the invented ones."""
    folder.mkdir(exist_ok=True)
    documents = folder / "invented.jsonl"
    lines = (json.dumps(document, ensure_ascii=False) + "\n" for document in invented_documents())
    documents.write_text("".join(lines), encoding="utf-8")
    return load_settings().model_copy(update={"home": folder / "home", "seeds": documents})


def count(assistant: Assistant, rows: list[dict[str, Any]], missed: bool) -> None:
    met: dict[tuple[str, ...], list[bool]] = defaultdict(list)
    for row in rows:
        answer = assistant.ask(Question(question=row["question"], history=tuple(row["history"])))
        for name, good in scores(row, answer).items():
            met[row["collection"], row["half"], row["kind"], name].append(good)
            if missed and not good:
                print(f"  {row['id']} {row['half']}: not {name}: {row['question']}")
    for key, goods in sorted(met.items()):
        print(f"{', '.join(key):50} {sum(goods)} of {len(goods)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--missed", action="store_true", help="print the turns that are not met")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="index the invented documents there, once")
    arguments = parser.parse_args()
    rows = read()
    with tempfile.TemporaryDirectory() as folder:
        for collection, settings in (
            ("seeds", load_settings()),
            ("invented", invented_home(arguments.keep or Path(folder))),
        ):
            count(open_assistant(settings), [row for row in rows if row["collection"] == collection], arguments.missed)


if __name__ == "__main__":
    main()
