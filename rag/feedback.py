"""Readers' feedback out of the database, with the answers that it is on.

python -m rag.feedback export > feedback.jsonl
python -m rag.feedback export --format csv > feedback.csv
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from index.errors import ParleyError, StorageError
from index.settings import load_settings
from rag.records import Feedback, Records

FIELDS = (
    "answer_id",
    "conversation_id",
    "asked_at",
    "given_at",
    "rating",
    "comment",
    "question",
    "standalone_question",
    "status",
    "text",
    "documents",
    "answerer",
    "index_version",
)

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status."""
    options = command_parser().parse_args(argv)
    try:
        settings = load_settings()
        if not settings.database.exists():
            raise StorageError(f"{settings.database} does not exist; set PARLEY_HOME to the home of the server")
        write = {"jsonl": write_jsonl, "csv": write_csv}[options.format]
        write(Records(settings.database).feedback(), sys.stdout)
    except ParleyError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rag.feedback", description="What readers thought of the answers.")
    commands = parser.add_subparsers(required=True)
    export = commands.add_parser("export", help="write all feedback to standard output, the oldest first")
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="default: %(default)s")
    return parser


def write_jsonl(feedback: Iterable[Feedback], out: TextIO) -> None:
    """One verdict a line."""
    for one in feedback:
        out.write(json.dumps(exported(one), ensure_ascii=False) + "\n")


def write_csv(feedback: Iterable[Feedback], out: TextIO) -> None:
    """A header and one verdict a row; what a spreadsheet would take for a formula gets an apostrophe in front."""
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(FIELDS)
    for one in feedback:
        rows.writerow(_cell(value) for value in exported(one).values())


def exported(feedback: Feedback) -> dict[str, Any]:
    """The verdict and what it is on, by the names of FIELDS."""
    stored, answer = feedback.stored, feedback.stored.answer
    values = (
        stored.id,
        stored.conversation_id,
        stored.asked_at.isoformat(),
        feedback.given_at.isoformat(),
        feedback.rating,
        feedback.comment,
        answer.question,
        answer.standalone_question,
        answer.status,
        answer.text,
        list(dict.fromkeys(citation.document_id for citation in answer.citations)),
        answer.answerer,
        answer.index_version,
    )
    return dict(zip(FIELDS, values, strict=True))


def _cell(value: str | list[str]) -> str:
    text = " ".join(value) if isinstance(value, list) else value
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


if __name__ == "__main__":
    sys.exit(main())
