"""Scores that take two rows: a question and the same question put otherwise."""

from collections.abc import Sequence
from typing import Literal

from rag.evaluation.metrics.parity import same_outcome
from rag.evaluation.metrics.stability import citation_stability, wording_stability
from rag.evaluation.metrics.undefined import UndefinedError
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.rows import Row
from rag.evaluation.scoring import Scores
from rag.evaluation.wording import without_markers

Variation = Literal["name", "wording", "language"]


def with_pair_scores(rows: Sequence[Row]) -> list[Row]:
    """The rows, each but the first of a group with the scores of how it fared against the first."""
    first_of: dict[str, Row] = {}
    finished = []
    for row in rows:
        group = row.question.group
        first = first_of.setdefault(group, row) if group else row
        finished.append(row if first is row else _with_pair_scores(first, row))
    return finished


def variation(first: EvalQuestion, other: EvalQuestion) -> Variation:
    """In what a question of a group differs from the first."""
    if first.language != other.language:
        return "language"
    return "name" if other.type == "name-variant" else "wording"


def _with_pair_scores(first: Row, row: Row) -> Row:
    if first.answer is None or row.answer is None:
        return row
    return row.model_copy(update={"scores": {**row.scores, **_pair_scores(first, row)}})


def _pair_scores(first: Row, other: Row) -> Scores:
    scores: Scores = {"citation_stability": citation_stability(_cited(first), _cited(other))}
    kind = variation(first.question, other.question)
    try:
        scores[f"{kind}_parity"] = same_outcome(first.scores.get("right"), other.scores.get("right"))
    except UndefinedError:
        scores[f"{kind}_parity"] = None
    if kind == "wording":
        scores["wording_stability"] = wording_stability(_answer_text(first), _answer_text(other))
    return scores


def _cited(row: Row) -> set[str]:
    return {citation.document_id for citation in row.answer.citations} if row.answer else set()


def _answer_text(row: Row) -> str | None:
    return without_markers(row.answer.text) if row.answer and not row.abstained else None
