"""Scores the reader's features on questions of their own.

    python -m tests.questions.reading timeline changes as_of

Each row of `<name>.jsonl` has `documents`: groups of ids; of each group at least one has to be cited. For a timeline
the groups have to come in that order. What is printed: how many groups were met, of how many questions all were, and
how many cited documents were dated after the question's cut-off.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.settings import load_settings
from rag.opening import open_assistant
from rag.types import Answer, Question

FOLDER = Path(__file__).parent


def read(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def met(answer: Answer, groups: Sequence[Sequence[str]], *, in_order: bool) -> list[bool]:
    """For each group, whether a document of it is cited; where order counts, not before those of the group before."""
    cited = [citation.document_id for citation in answer.citations]
    places = [min((cited.index(one) for one in group if one in cited), default=None) for group in groups]
    found: list[bool] = []
    reached = -1
    for place in places:
        found.append(place is not None and (not in_order or place >= reached))
        reached = place if place is not None else reached
    return found


def main(names: Sequence[str]) -> None:
    assistant = open_assistant(load_settings())
    for name in names:
        rows = read(name)
        groups, whole, late = [], 0, 0
        for row in rows:
            answer = assistant.ask(Question(question=row["question"], as_of=row["as_of"]))
            found = met(answer, row["documents"], in_order=name == "timeline")
            groups += found
            whole += all(found)
            as_of = answer.coverage.as_of
            late += sum(1 for one in answer.citations if as_of and (one.date is None or one.date > as_of))
            if not all(found):
                print(f"{row['id']} {found} {row['question']}", file=sys.stderr)
        print(f"{name}: groups {sum(groups)} of {len(groups)}, questions {whole} of {len(rows)}, cited late {late}")


if __name__ == "__main__":
    main(sys.argv[1:])
