"""The rows of a run: one question with its answer, passages and scores; kept as JSON lines so that a run can go on."""

import datetime as dt
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.evaluation.errors import EvaluationError
from rag.evaluation.metrics.abstention import Outcome
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.targets import FoundPassage
from rag.types import Answer

ROWS_FILE = "rows.jsonl"


class Row(BaseModel):
    """One question of a run. A row has an answer or an error; `passages` is None where the target shows none."""

    model_config = ConfigDict(frozen=True)

    question: EvalQuestion
    as_of: dt.date | None = None
    answer: Answer | None = None
    error: str | None = None
    passages: tuple[FoundPassage, ...] | None = None
    wall_ms: float = 0
    confidence: float | None = None
    outcome: Outcome | None = None
    missing: tuple[tuple[str, ...], ...] = ()
    scores: dict[str, float | None] = {}

    @property
    def abstained(self) -> bool:
        """Whether the answer is an abstention; False for an error."""
        return self.answer is not None and self.answer.status == "abstained"


def read_rows(folder: Path) -> list[Row]:
    """The rows of a run folder, in file order; empty if it has none yet.

    A last line without an end was being written when the run was cut off: it is passed over.
    """
    path = folder / ROWS_FILE
    if not path.exists():
        return []
    rows = []
    for number, line in enumerate(path.read_bytes().splitlines(keepends=True), start=1):
        if not line.endswith(b"\n"):
            break
        try:
            rows.append(Row.model_validate_json(line))
        except ValidationError as error:
            raise EvaluationError(f"{path}, line {number} is not a row of this version: {error.errors()[0]}") from error
    return rows


def write_rows(folder: Path, rows: list[Row]) -> None:
    """Replaces the rows file with these rows, all or nothing."""
    replace_text(folder / ROWS_FILE, "".join(_line(row) for row in rows))


def append_row(folder: Path, row: Row) -> None:
    """Adds one row and leaves it on disk even if the process is stopped right after."""
    with (folder / ROWS_FILE).open("a", encoding="utf-8") as file:
        file.write(_line(row))


def replace_text(path: Path, text: str) -> None:
    """Writes beside, then renames: a reader sees the old file or the new one, never half of it."""
    beside = path.with_name(path.name + ".tmp")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _line(row: Row) -> str:
    return json.dumps(row.model_dump(mode="json"), ensure_ascii=False) + "\n"
