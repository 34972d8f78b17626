"""Asks questions as `python -m rag.evaluation run` does, and keeps report and rows instead of files."""

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from rag.evaluation.questions import EvalQuestion, fingerprint
from rag.evaluation.rows import Row, read_rows
from rag.evaluation.run import Plan, run_questions
from rag.evaluation.scoring import Rules, from_threshold
from rag.evaluation.summary import Figures, Report, RunSettings
from rag.evaluation.supports import configured_embedder, fair_support
from rag.evaluation.targets import Target

WORD_LIMIT = 80
SUPPORT_THRESHOLD = 0.5
PASSAGES = 10

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the questions asked, with their figures by the names of `rag.evaluation.measures`."""

    label: str
    figures: Figures
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of the questions."""

    report: Report
    rows: tuple[Row, ...]

    def groups(self) -> Iterator[Group]:
        """All questions, then those of each language and of each type, where there are several."""
        yield Group("all", self.report.figures, self.rows)
        for name in ("language", "type"):
            groups = self.report.groups[name]
            for value, figures in groups.items() if len(groups) > 1 else ():
                rows = tuple(row for row in self.rows if getattr(row.question, name) == value)
                yield Group(f"{name} {value}", figures, rows)

    @property
    def errors(self) -> tuple[str, ...]:
        """A note on those that got no answer and are in no figure, if there are any."""
        failed = self.report.errors
        return (f"{len(failed)} questions failed, the first with: {next(iter(failed.values()))}",) if failed else ()


def run_settings(name: str, questions: Sequence[EvalQuestion], target: Target, passages: int) -> RunSettings:
    """What a benchmark's run is made with; the answerer is told by the first answer."""
    return RunSettings(
        questions=name,
        fingerprint=fingerprint(questions),
        asked=len(questions),
        target=target.name,
        answerer=None,
        index_version=target.index_version(),
        as_of=None,
        k=passages,
        word_limit=WORD_LIMIT,
        support_threshold=SUPPORT_THRESHOLD,
    )


def ask_all(name: str, questions: Sequence[EvalQuestion], target: Target, passages: int = PASSAGES) -> Asked:
    """Every question asked of `target`, and searched for `passages` passages."""
    settings = run_settings(name, questions, target, passages)
    rules = Rules(passages, WORD_LIMIT, from_threshold(fair_support(configured_embedder), SUPPORT_THRESHOLD))
    with (
        tempfile.TemporaryDirectory(prefix="parley-quality-") as folder,
        tqdm(total=len(questions), desc=name, unit="question", file=sys.stderr, dynamic_ncols=True) as bar,
    ):
        # A new folder each time: a run that goes on would mix answers of two states of the code.
        plan = Plan(Path(folder), questions, settings, rules)
        report = run_questions(plan, target, on_row=lambda done, _: bar.update(done - bar.n))
        return Asked(report, tuple(read_rows(plan.folder)))


def drawn(items: Sequence[Item], size: int | None, seed: int) -> list[Item]:
    """`size` of the items by lot, in their order; the same ones for the same seed, all without a size."""
    if size is None or size >= len(items):
        return list(items)
    return [items[index] for index in sorted(random.Random(seed).sample(range(len(items)), size))]
