"""Files of questions or pairs: one JSON object a line."""

import json
import sys
from pathlib import Path
from typing import Any

from rag.errors import FileError


def read_rows(file: str) -> list[dict[str, Any]]:
    """The objects of a .jsonl file, `-` being standard input; blank lines are passed over.

    Raises FileError, naming the line, for what is not UTF-8, not JSON or not an object.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{file} cannot be read: {error}; name a UTF-8 .jsonl file") from error
    return [_row(line, f"{file}, line {number}") for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise FileError(f"{place} is not JSON: {error}; write one object a line") from error
    if not isinstance(row, dict):
        raise FileError(f"{place} is {type(row).__name__}, not an object; write one object a line")
    return row
