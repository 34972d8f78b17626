"""Measures the shipped code: what is found, answered and kept silent about.

    make bench-quality
    python -m benchmarks.quality tests/questions/core.jsonl --ablate --json quality.json

Question sets over the documents of PARLEY_SEEDS are given as arguments; else they are tests/questions/core.jsonl and
every .jsonl file of the folder that PARLEY_QUESTIONS names. Sets with a corpus of their own, or of claims with
evidence, are the subfolders of the folder that PARLEY_BENCH names. Markdown goes to stdout, progress and errors to
stderr; a set that fails is told of and the others go on, and the exit status is 1.
"""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from benchmarks.quality.ablation import ablation_table
from benchmarks.quality.asking import ask_all, drawn
from benchmarks.quality.claims import claim_table
from benchmarks.quality.corpora import corpus_tables
from benchmarks.quality.homes import Homes
from benchmarks.quality.question_files import question_table
from benchmarks.quality.tables import Table
from index.embedding import open_embedder
from index.errors import ParleyError
from index.offline import silence_telemetry
from index.settings import load_settings
from rag.assistant import Assistant
from rag.evaluation.errors import EvaluationError
from rag.evaluation.layouts import load_questions
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.targets import LibraryTarget
from rag.retrieval.reader import Reader

CORE = Path("tests/questions/core.jsonl")
QUESTIONS_VARIABLE = "PARLEY_QUESTIONS"
BENCH_VARIABLE = "PARLEY_BENCH"
INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Prints the tables that were asked for; 1 if something could not be measured."""
    silence_telemetry()
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        embedder = open_embedder(settings.embedding_model, settings.home)
        bench = _Bench(options, Homes(options.cache or settings.home / "bench", embedder), settings.seeds)
        print(f"# Quality with {embedder.model_id}\n", flush=True)
        bench.run()
    except ParleyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; what is indexed is kept for the next time", file=sys.stderr)
        return INTERRUPTED
    return 1 if bench.failures else 0


class _Bench:
    """One run: what was measured so far, and what failed."""

    def __init__(self, options: argparse.Namespace, homes: Homes, seeds: Path) -> None:
        self.failures: list[str] = []
        self._tables: list[Table] = []
        self._options = options
        self._homes = homes
        self._seeds = seeds

    def run(self) -> None:
        """Everything that was asked for, in order."""
        options = self._options
        files = _question_files(options.questions) if options.with_questions else []
        folders = _set_folders(options.sets)
        for file in files:
            self._measure(file.name, lambda file=file: self._question_tables(file))
        if options.ablate:
            self._measure("ablation", lambda: self._ablation_tables(files))
        for folder in folders:
            self._measure(folder.name, lambda folder=folder: self._set_tables(folder))

    def _measure(self, name: str, tables: Callable[[], Iterable[Table]]) -> None:
        """Each table printed as it is there; whatever goes wrong ends this measurement only."""
        try:
            for table in tables():
                self._tables.append(table)
                print(table.markdown() + "\n", flush=True)
                self._write_json()
        except Exception as error:
            if not isinstance(error, ParleyError):
                traceback.print_exc()
            self.failures.append(f"{name}: {type(error).__name__}: {error}")
            print(f"**{name} could not be measured**: {error}\n", flush=True)
            self._write_json()

    def _question_tables(self, file: Path) -> Iterator[Table]:
        questions = drawn(load_questions(file), self._options.sample, self._options.seed)
        with self._homes.of_folder(self._seeds) as collection:
            assistant = Assistant(collection, self._homes.embedder, cross_encoder=Reader())
            assistant.warm_up()
            yield question_table(file.name, ask_all(file.stem, questions, LibraryTarget(assistant, collection)))

    def _ablation_tables(self, files: Iterable[Path]) -> Iterator[Table]:
        questions = [question for file in files for question in self._told_apart(file)]
        if not questions:
            raise EvaluationError("there is nothing to ask without parts; leave out --no-questions")
        with self._homes.of_folder(self._seeds) as collection:
            yield ablation_table(questions, collection, self._homes.embedder)

    def _told_apart(self, file: Path) -> list[EvalQuestion]:
        """The questions of a file under ids that no other file has."""
        return [
            question.model_copy(
                update={
                    "id": f"{file.stem}/{question.id}",
                    "group": f"{file.stem}/{question.group}" if question.group else None,
                }
            )
            for question in drawn(load_questions(file), self._options.sample, self._options.seed)
        ]

    def _set_tables(self, folder: Path) -> Iterator[Table]:
        has_queries = (folder / "queries.jsonl").exists() and (folder / "corpus.jsonl").exists()
        has_pairs = any(folder.glob("pairs_*.jsonl"))
        if not has_queries and not has_pairs:
            raise EvaluationError(f"{folder} has neither corpus.jsonl with queries.jsonl nor pairs_*.jsonl")
        if has_queries:
            yield from corpus_tables(folder, self._homes, self._options.sample, self._options.seed)
        if has_pairs:
            yield claim_table(folder, self._options.sample, self._options.seed)

    def _write_json(self) -> None:
        if self._options.json:
            result = {
                "embedder": self._homes.embedder.model_id,
                "sample": self._options.sample,
                "seed": self._options.seed,
                "tables": [table.as_json() for table in self._tables],
                "failures": self.failures,
            }
            self._options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _question_files(given: list[Path]) -> list[Path]:
    if given:
        return given
    return (
        [CORE, *sorted(_folder_of(QUESTIONS_VARIABLE).glob("*.jsonl"))]
        if os.environ.get(QUESTIONS_VARIABLE)
        else [CORE]
    )


def _set_folders(names: list[str] | None) -> list[Path]:
    """The subfolders that are sets; those named by `names`, if any are."""
    if not os.environ.get(BENCH_VARIABLE):
        if names:
            raise EvaluationError(f"--sets needs {BENCH_VARIABLE}, the folder that holds them")
        return []
    folder = _folder_of(BENCH_VARIABLE)
    if names is None:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    return [folder / name for name in names]


def _folder_of(variable: str) -> Path:
    folder = Path(os.environ[variable])
    if not folder.is_dir():
        raise EvaluationError(f"{variable}={folder} is no folder; correct or unset it")
    return folder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality",
        description="Measure what is found, answered and kept silent about.",
    )
    parser.add_argument(
        "questions",
        nargs="*",
        type=Path,
        help=f"question sets over the documents of PARLEY_SEEDS (default: {CORE} and {QUESTIONS_VARIABLE}/*.jsonl)",
    )
    parser.add_argument("--no-questions", dest="with_questions", action="store_false", help="measure the sets only")
    parser.add_argument(
        "--sets", nargs="*", metavar="NAME", help=f"subfolders of {BENCH_VARIABLE}, or none (default: all)"
    )
    parser.add_argument("--ablate", action="store_true", help="ask again with each part taken out")
    parser.add_argument(
        "--sample", type=_positive, metavar="N", help="at most N questions or claims of each set (default: all)"
    )
    parser.add_argument("--seed", type=int, default=0, help="by which samples and halves are drawn (default: 0)")
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="where indexed corpora are kept (default: PARLEY_HOME/bench)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables as JSON too, with their intervals")
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not at least 1")
    return value


if __name__ == "__main__":
    sys.exit(main())
