"""Runs a question set against a target, scores every answer, and goes on where it was stopped.

A folder holds one run: `run.json` (what it is made with), `rows.jsonl` (grows question by question), `report.json`
and `report.html`. Rows of other questions, other settings or another index version are never mixed.
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import ParleyError
from rag.client import ClientError, ServerUnreachableError
from rag.evaluation.errors import EvaluationError, RunMismatchError
from rag.evaluation.pairing import with_pair_scores
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.rows import ROWS_FILE, Row, append_row, read_rows, replace_text, write_rows
from rag.evaluation.scoring import Documents, Rules, score_answer
from rag.evaluation.summary import REPORT_FILE, Report, RunSettings, summarise
from rag.evaluation.targets import FoundPassage, Target
from rag.types import Answer, Question

RUN_FILE = "run.json"
PATIENCE_S = 120
"""How long a server may keep saying `Retry-After` to one question before the run stops."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run to be made: where it is kept, what is asked and by which rules answers are scored."""

    folder: Path
    questions: Sequence[EvalQuestion]
    settings: RunSettings
    rules: Rules


def run_questions(
    plan: Plan, target: Target, *, restart: bool = False, on_row: Callable[[int, int], None] | None = None
) -> Report:
    """Asks what has not been asked yet, then scores and reports on everything; `on_row(done, total)` after each.

    Questions that failed before are asked again. Raises RunMismatchError if the folder holds another run and
    `restart` is not set, or if the index or the answerer changes on the way.
    """
    documents = Documents(target.document_text, {document.id: document.date for document in target.documents()})
    rows, settings = _resume(plan, restart)
    total = len(plan.questions)
    for question in plan.questions:
        if question.id in rows:
            continue
        row = _ask(question, target, documents, plan)
        if row.answer is not None:
            settings = _same_source(settings, row.answer, plan.folder)
        append_row(plan.folder, row)
        rows[question.id] = row
        if on_row:
            on_row(len(rows), total)
    return _report(plan.folder, [rows[question.id] for question in plan.questions], settings, documents)


def _resume(plan: Plan, restart: bool) -> tuple[dict[str, Row], RunSettings]:
    """The answered rows that the folder holds already, and the settings with what those rows have told."""
    plan.folder.mkdir(parents=True, exist_ok=True)
    run_file = plan.folder / RUN_FILE
    if restart or not run_file.exists():
        if not restart and (plan.folder / ROWS_FILE).exists():
            raise RunMismatchError(f"{plan.folder} has rows but no {RUN_FILE}; give another folder, or --restart")
        write_rows(plan.folder, [])
        _write_settings(plan.folder, plan.settings)
        return {}, plan.settings
    earlier = RunSettings.model_validate_json(run_file.read_text(encoding="utf-8"))
    _require_same_run(earlier, plan.settings, plan.folder)
    kept = [row for row in read_rows(plan.folder) if row.answer is not None]
    write_rows(plan.folder, kept)
    return {row.question.id: row for row in kept}, earlier


def _require_same_run(earlier: RunSettings, now: RunSettings, folder: Path) -> None:
    before, after = earlier.identity, now.identity
    for name in ("answerer", "index_version"):
        if before[name] is None or after[name] is None:
            before[name] = after[name] = None
    changed = [f"{name} was {before[name]}, now {after[name]}" for name in before if before[name] != after[name]]
    if changed:
        raise RunMismatchError(
            f"{folder} holds a run made otherwise ({'; '.join(changed)}); "
            "give another folder with --out, or --restart to replace it"
        )


def _ask(question: EvalQuestion, target: Target, documents: Documents, plan: Plan) -> Row:
    as_of = question.as_of or plan.settings.as_of
    asked = Question(question=question.question, history=question.history, as_of=as_of)
    try:
        answer, wall_ms = _timed_answer(target, asked)
        passages = target.search(answer.standalone_question, plan.rules.k, as_of)
    except (ServerUnreachableError, EvaluationError):
        raise  # the next question would fail too; the rows so far are kept
    except ParleyError as error:
        return Row(question=question, as_of=as_of, error=f"{error.code}: {error}")
    return _scored_row(question, as_of, answer, passages, wall_ms, documents, plan.rules)


def _timed_answer(target: Target, question: Question) -> tuple[Answer, float]:
    """The answer and the milliseconds it took, without the time in which a server asked to be left alone."""
    give_up = time.monotonic() + PATIENCE_S
    while True:
        started = time.perf_counter()
        try:
            return target.ask(question), (time.perf_counter() - started) * 1000
        except ClientError as error:
            if error.retry_after_s is None:
                raise
            if time.monotonic() + error.retry_after_s > give_up:
                raise EvaluationError(
                    f"the server kept refusing for {PATIENCE_S} s ({error}); run again later to go on"
                ) from error
            time.sleep(error.retry_after_s)


def _scored_row(
    question: EvalQuestion,
    as_of: dt.date | None,
    answer: Answer,
    passages: Sequence[FoundPassage] | None,
    wall_ms: float,
    documents: Documents,
    rules: Rules,
) -> Row:
    scored = score_answer(question, answer, passages, documents, rules, as_of)
    return Row(
        question=question,
        as_of=as_of,
        answer=answer,
        passages=None if passages is None else tuple(passages),
        wall_ms=wall_ms,
        confidence=scored.confidence,
        outcome=scored.outcome,
        missing=scored.missing,
        scores=scored.scores,
    )


def _same_source(settings: RunSettings, answer: Answer, folder: Path) -> RunSettings:
    """The settings, completed by the first answer; every later one must come from the same index and answerer."""
    for name, seen in (("index_version", answer.index_version), ("answerer", answer.answerer)):
        expected = getattr(settings, name)
        if expected not in (None, seen):
            raise RunMismatchError(
                f"{name} is {seen} but this run is about {expected}; the rows so far are in {folder}: "
                "start again with --restart, or give another folder with --out"
            )
    if settings.index_version is None or settings.answerer is None:
        settings = settings.model_copy(update={"index_version": answer.index_version, "answerer": answer.answerer})
        _write_settings(folder, settings)
    return settings


def _report(folder: Path, rows: Sequence[Row], settings: RunSettings, documents: Documents) -> Report:
    finished = with_pair_scores(rows)
    write_rows(folder, finished)
    report = summarise(finished, settings, documents.dates, dt.datetime.now(dt.UTC))
    replace_text(folder / REPORT_FILE, report.model_dump_json(indent=1) + "\n")
    return report


def read_report(path: Path) -> Report:
    """The report of a run folder, or of its report.json."""
    file = path / REPORT_FILE if path.is_dir() else path
    try:
        return Report.model_validate_json(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise EvaluationError(f"no report at {file}; make one with `python -m rag.evaluation run`") from error
    except ValueError as error:
        raise EvaluationError(f"{file} is not a report of this version; make it again") from error


def _write_settings(folder: Path, settings: RunSettings) -> None:
    replace_text(folder / RUN_FILE, settings.model_dump_json(indent=1) + "\n")
