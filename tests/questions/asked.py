"""Scores what a question asks for beside an answer: status, sources, quotations, positions, "who says so?".

    python -m tests.questions.asked

A question with a `wish` is met where the answer is a list of that kind, each line with its citation, and, where
`documents` are named, one of them is cited; a question whose `wish` is null where it is answered like any other.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from index.settings import load_settings
from rag.opening import open_assistant
from rag.reading.wishes import Wish, asks_whose, wish_of
from rag.types import Answer, Question

_LABEL = re.compile(r"[,·–]|^(?:Kyiv|Moscow|Washington|Київ|Москва|Вашингтон|Киев)\b")
FILE = Path(__file__).with_suffix(".jsonl")


def read() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def wish_in(row: dict[str, Any]) -> str | None:
    """What the question asks for by its words."""
    if row["history"] and asks_whose(row["question"]):
        return "whose"
    return wish_of(row["question"])


def is_listed(answer: Answer) -> bool:
    """Whether each sentence has a label in front of the quoted words, one that says more than a day."""
    labels = [sentence.text.partition(": ")[0] for sentence in answer.sentences]
    return bool(labels) and all(_LABEL.search(label) for label in labels)


def met(row: dict[str, Any], answer: Answer) -> bool:
    if row["wish"] is None:
        return wish_in(row) is None or not is_listed(answer)
    cited = {citation.document_id for citation in answer.citations}
    found = not row["documents"] or bool(cited & {*row["documents"]})
    return wish_in(row) == row["wish"] and is_listed(answer) and found


def main() -> None:
    assistant = open_assistant(load_settings())
    asked, found = Counter(), Counter()
    for row in read():
        answer = assistant.ask(Question(question=row["question"], history=row["history"]), followups=False)
        kind = row["wish"] or "ordinary"
        asked[kind] += 1
        found[kind] += met(row, answer)
        if not met(row, answer):
            print(f"{row['id']} {kind}, by its words {wish_in(row)}: {row['question']}", file=sys.stderr)
    for kind in [*Wish, "whose", "ordinary"]:
        if asked[kind]:
            print(f"{kind}: {found[kind]} of {asked[kind]}")
    print(f"all: {found.total()} of {asked.total()}")


if __name__ == "__main__":
    main()
