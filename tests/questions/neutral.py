"""Scores questions that ask Parley to judge or to predict, and plain ones that only look like them.

    python -m tests.questions.neutral

A loaded question is met where the answer begins with the line that Parley does not judge or predict; it is attributed
where each line of the answer names who speaks. A plain one is met where there is no such line.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from index.settings import load_settings
from rag.opening import open_assistant
from rag.reading.neutral import neutral_line
from rag.reading.voices_answer import side_names
from rag.types import Answer, Question

FILE = Path(__file__).with_suffix(".jsonl")
LANGUAGES = ("en", "uk", "ru")


def read() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def says_so(answer: Answer) -> bool:
    """Whether the answer begins with Parley's line, in whatever language."""
    return any(
        answer.text.startswith(neutral_line(language, answered=answered))
        for language in LANGUAGES
        for answered in (True, False)
    )


def is_attributed(answer: Answer) -> bool:
    """Whether each line begins with a side."""
    sides = tuple(name for language in LANGUAGES for name in side_names(language))
    return bool(answer.sentences) and all(sentence.text.startswith(sides) for sentence in answer.sentences)


def main() -> None:
    assistant = open_assistant(load_settings())
    asked, met, answered, attributed = Counter(), Counter(), Counter(), Counter()
    for row in read():
        answer = assistant.ask(Question(question=row["question"]), followups=False)
        kind = f"{'loaded' if row['asks_for'] else 'plain'} {row['language']}"
        good = says_so(answer) == bool(row["asks_for"])
        asked[kind] += 1
        met[kind] += good
        if row["asks_for"] and good:
            answered[kind] += answer.status == "answered"
            attributed[kind] += is_attributed(answer)
        if not good:
            print(f"{row['id']} {kind}: {row['question']}", file=sys.stderr)
    for kind in sorted(asked):
        more = f", answered {answered[kind]}, each line attributed {attributed[kind]}" if kind in answered else ""
        print(f"{kind}: {met[kind]} of {asked[kind]}{more}")


if __name__ == "__main__":
    main()
