"""The rows of a run as a ragas data set, and ragas' own metrics over it with a language model as judge.

    python -m rag.evaluation.ragas_rows reports/today --judge MODEL --base-url http://127.0.0.1:11434/v1

Optional: it needs requirements-eval.txt. The judge is any OpenAI-compatible server; OPENAI_API_KEY holds its key, and
without --base-url OPENAI_BASE_URL its address. One JSON object a row goes to stdout, means to stderr.
The judge is asked once for each passage and three times more for each row.
Abstentions and failed questions have nothing that ragas could judge: they are left out and counted.
"""

# ruff: noqa: T201 -- a command prints
import argparse
import asyncio
import json
import math
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from index.errors import ParleyError
from index.offline import silence_telemetry
from rag.evaluation.errors import EvaluationError
from rag.evaluation.rows import Row, read_rows
from rag.evaluation.scoring import evidence
from rag.evaluation.wording import without_markers

if TYPE_CHECKING:
    from ragas import EvaluationDataset, SingleTurnSample
    from ragas.llms import InstructorBaseRagasLLM
    from ragas.metrics.collections import BaseMetric

Scores = dict[str, float | None]
FIELDS = {
    "faithfulness": ("user_input", "response", "retrieved_contexts"),
    "context_precision": ("user_input", "reference", "retrieved_contexts"),
    "context_recall": ("user_input", "reference", "retrieved_contexts"),
}
"""What each metric reads of a sample; one that lacks any of it has no score."""

REPLY_TOKENS = 4096
"""What the judge may write at a time: it repeats every statement of an answer, with a reason."""


@dataclass(frozen=True, slots=True)
class RagasRows:
    """The answered rows: `ids[i]` is the question of `dataset[i]`. The other rows are only counted."""

    dataset: "EvaluationDataset"
    ids: tuple[str, ...]
    abstained: int
    failed: int


def ragas_rows(rows: Sequence[Row]) -> RagasRows:
    """The rows that can be judged, in their order. Raises EvaluationError where there is none, or no ragas."""
    answered = [row for row in rows if row.answer is not None and not row.abstained]
    if not answered:
        raise EvaluationError(f"none of the {len(rows)} rows is an answer, so ragas has nothing to judge")
    ragas = _import_ragas()
    return RagasRows(
        dataset=ragas.EvaluationDataset(samples=[ragas_sample(row) for row in answered]),
        ids=tuple(row.question.id for row in answered),
        abstained=sum(row.abstained for row in rows),
        failed=sum(row.answer is None for row in rows),
    )


def ragas_sample(row: Row) -> "SingleTurnSample":
    """One answered row. Contexts are the passages, or else the quotes, each under its title and date."""
    if row.passages is None:
        contexts = [(each.document_id, evidence(each.title, each.date, each.quote)) for each in row.answer.citations]
    else:
        contexts = [(each.document_id, evidence(each.title, each.date, each.text)) for each in row.passages]
    return _import_ragas().SingleTurnSample(
        user_input=row.answer.standalone_question,
        response=without_markers(row.answer.text),
        retrieved_contexts=[text for _, text in contexts],
        retrieved_context_ids=[document_id for document_id, _ in contexts],
        reference=row.question.answer,
        reference_context_ids=[document_id for document_id, grade in row.question.relevant.items() if grade > 0],
    )


def open_ragas_judge(model: str, base_url: str | None = None) -> "InstructorBaseRagasLLM":
    """The judge called `model` at an OpenAI-compatible address; raises EvaluationError if it cannot be made."""
    _import_ragas()
    from openai import AsyncOpenAI, OpenAIError
    from ragas.llms import llm_factory

    try:
        return llm_factory(model, client=AsyncOpenAI(base_url=base_url), max_tokens=REPLY_TOKENS)
    except (OpenAIError, ValueError) as error:
        raise EvaluationError(f"the judge {model!r} cannot be opened: {error}") from error


def judge_rows(
    judged: RagasRows,
    judge: "InstructorBaseRagasLLM",
    *,
    at_once: int = 4,
    on_row: Callable[[str, Scores], None] = lambda question_id, scores: None,
) -> list[Scores]:
    """Each sample's scores; `on_row` hears of each as it is done. None is no score: what the metric needs is missing,
    or none of the judge's replies had the form that was asked for.

    Raises EvaluationError when the judge refuses or cannot be reached.
    """
    return asyncio.run(_judge_all(judged, _metrics(judge), at_once, on_row))


async def _judge_all(
    judged: RagasRows,
    metrics: "Mapping[str, BaseMetric]",
    at_once: int,
    on_row: Callable[[str, Scores], None],
) -> list[Scores]:
    gate = asyncio.Semaphore(at_once)

    async def one(question_id: str, sample: "SingleTurnSample") -> Scores:
        async with gate:
            scores = {name: await _score(metric, FIELDS[name], sample) for name, metric in metrics.items()}
        on_row(question_id, scores)
        return scores

    waiting: list[Awaitable[Scores]] = [
        one(question_id, sample) for question_id, sample in zip(judged.ids, judged.dataset, strict=True)
    ]
    return await asyncio.gather(*waiting)


async def _score(metric: "BaseMetric", fields: Sequence[str], sample: "SingleTurnSample") -> float | None:
    from instructor.core.exceptions import InstructorError
    from openai import OpenAIError

    given = {field: getattr(sample, field) for field in fields}
    if not all(given.values()):
        return None
    try:
        value = (await metric.ascore(**given)).value
    except InstructorError as error:
        if isinstance(error.__cause__, OpenAIError):
            raise EvaluationError(f"the judge refused or cannot be reached: {error.__cause__}") from error
        return None
    return None if math.isnan(value) else float(value)


def _metrics(judge: "InstructorBaseRagasLLM") -> "dict[str, BaseMetric]":
    from ragas.metrics.collections import ContextPrecisionWithReference, ContextRecall, Faithfulness

    return {
        "faithfulness": Faithfulness(llm=judge),
        "context_precision": ContextPrecisionWithReference(llm=judge),
        "context_recall": ContextRecall(llm=judge),
    }


def _import_ragas() -> ModuleType:
    """ragas, which reports its use unless it is told not to before it is imported."""
    silence_telemetry()
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"
    try:
        import ragas
    except ImportError as error:
        raise EvaluationError(
            f"ragas cannot be imported ({error}); run `pip install -r requirements-eval.txt`"
        ) from error
    return ragas


def main(arguments: list[str] | None = None) -> int:
    """Judges a run folder; 1 if it cannot be judged."""
    options = _parser().parse_args(arguments)
    try:
        judged = ragas_rows(read_rows(options.run))
        judge = open_ragas_judge(options.judge, options.base_url)
        scores = judge_rows(judged, judge, at_once=options.at_once, on_row=_print_row)
    except ParleyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for line in mean_lines(judged, scores):
        print(line, file=sys.stderr)
    return 0


def mean_lines(judged: RagasRows, scores: Sequence[Scores]) -> list[str]:
    """Each metric's mean with how many rows have it, and how many rows were left out."""
    lines = []
    for name in FIELDS:
        values = [each[name] for each in scores if each[name] is not None]
        mean = f"{sum(values) / len(values):.3f}" if values else "none"
        lines.append(f"{name:18} {mean:>6}   {len(values)} of {len(scores)} answers scored")
    return [*lines, f"left out: {judged.abstained} abstentions, {judged.failed} failed questions"]


def _print_row(question_id: str, scores: Scores) -> None:
    print(json.dumps({"id": question_id, **scores}, ensure_ascii=False), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rag.evaluation.ragas_rows",
        description="Let ragas score the answers of a run, with a language model as judge.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("run", type=Path, help="the folder of a run")
    parser.add_argument("--judge", required=True, metavar="MODEL", help="the judge's name on its server")
    parser.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible server; otherwise OPENAI_BASE_URL")
    parser.add_argument("--at-once", type=int, default=4, help="how many answers are judged at a time")
    return parser


if __name__ == "__main__":
    sys.exit(main())
