"""Compares retrieval of Parley with that of other libraries and writes the page about it.

    make bench-peers
    python -m benchmarks.peers --questions QUESTIONS.jsonl --page comparison.md

It needs what requirements-bench.txt lists. The page goes to --page, progress to stderr.
"""

import argparse
import datetime as dt
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.interface import SourceText
from benchmarks.peers.measure import Job, Measured
from benchmarks.peers.page import Comparison, collected_versions, render
from benchmarks.peers.scores import figures
from benchmarks.peers.systems import BASELINE, PARLEY, SYSTEMS
from index.documents.loading import load_paths
from index.errors import ParleyError
from rag.evaluation.layouts import load_questions
from rag.evaluation.questions import EvalQuestion

CHUNKS = 30  # as many as Parley reranks when it answers


def main() -> int:
    """Runs every system and writes the page; 1 if a system failed."""
    options = _options()
    try:
        answerable = [asked for asked in load_questions(options.questions) if asked.answerable and asked.relevant]
        documents = _documents(options.seeds)
    except ParleyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    questions = [asked for asked in answerable if not asked.history and not asked.as_of]
    job = Job(documents, options.seeds, tuple(asked.question for asked in questions), CHUNKS)
    try:
        measured = _measure_all(options.systems, job, options.rounds)
    except subprocess.CalledProcessError as error:
        print(f"error: `{' '.join(error.cmd[1:4])}` ended with status {error.returncode}", file=sys.stderr)
        return 1
    comparison = _comparison(options, measured, questions, len(answerable) - len(questions), len(documents))
    options.page.parent.mkdir(parents=True, exist_ok=True)
    options.page.write_text(render(comparison), encoding="utf-8")
    print(options.page)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers",
        description="Compare retrieval with other libraries.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--questions", type=Path, default=Path("tests/questions/core.jsonl"), help="a question set")
    parser.add_argument("--seeds", type=Path, default=Path("seeds"), help="the folder of the documents")
    parser.add_argument("--page", type=Path, default=Path("docs/comparison.md"), help="where the page is written")
    parser.add_argument("--rounds", type=int, default=1, help="how often each system is run; the shortest times count")
    parser.add_argument(
        "--systems", nargs="+", choices=list(SYSTEMS), default=list(SYSTEMS), help="which ones; two are always in"
    )
    options = parser.parse_args()
    options.systems = [name for name in SYSTEMS if name in {*options.systems, BASELINE, *PARLEY}]
    return options


def _documents(folder: Path) -> tuple[SourceText, ...]:
    return tuple(
        SourceText(each.document.id, each.document.title, each.document.date, each.document.text)
        for each in load_paths([folder]).documents
    )


def _measure_all(names: Sequence[str], job: Job, rounds: int) -> dict[str, list[Measured]]:
    """Every system's rounds; systems take turns, so that what else the machine does meets them alike."""
    measured: dict[str, list[Measured]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        task, result = Path(folder, "job.json"), Path(folder, "result.json")
        job.write(task)
        for turn in range(1, rounds + 1):
            for name in names:
                print(f"round {turn} of {rounds}: {name}", file=sys.stderr)
                command = [sys.executable, "-m", "benchmarks.peers.measure", name, str(task), str(result)]
                subprocess.run(command, check=True, stdout=sys.stderr)
                measured[name].append(Measured.read(result))
    return measured


def _comparison(
    options: argparse.Namespace,
    measured: dict[str, list[Measured]],
    questions: Sequence[EvalQuestion],
    left_out: int,
    documents: int,
) -> Comparison:
    return Comparison(
        figures={name: figures(rounds, questions) for name, rounds in measured.items()},
        questions=questions,
        left_out=left_out,
        file=options.questions.name,
        documents=documents,
        k=CHUNKS,
        rounds=options.rounds,
        versions=collected_versions([each for rounds in measured.values() for each in rounds]),
        tried_network={
            name: [host for each in rounds for host in each.tried_network] for name, rounds in measured.items()
        },
        command=shlex.join(["python", "-m", "benchmarks.peers", *sys.argv[1:]]),
        day=dt.date.today(),
    )


if __name__ == "__main__":
    sys.exit(main())
