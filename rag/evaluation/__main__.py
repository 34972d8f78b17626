"""Scoring answers from the command line.

    python -m rag.evaluation run tests/questions/core.jsonl --out reports/today
    python -m rag.evaluation compare reports/yesterday reports/today
    python -m rag.evaluation gate reports/today --min right=0.6 --max asof_leak=0

Results go to stdout, progress and errors to stderr; `run` goes on where it was stopped.
"""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from index.documents.loading import load_paths
from index.errors import ParleyError
from index.settings import load_settings
from rag.client import ParleyClient
from rag.evaluation.compare import Comparison, compare_runs
from rag.evaluation.errors import EvaluationError
from rag.evaluation.gate import check_bounds, parse_bound
from rag.evaluation.judge import open_judge
from rag.evaluation.layouts import load_questions
from rag.evaluation.load import MAX_READERS, MAX_SECONDS, run_load
from rag.evaluation.questions import EvalQuestion, fingerprint, sample
from rag.evaluation.report import write_report_page
from rag.evaluation.rows import read_rows
from rag.evaluation.run import Plan, read_report, run_questions
from rag.evaluation.scoring import Rules, from_threshold
from rag.evaluation.summary import Report, RunSettings
from rag.evaluation.targets import LibraryTarget, ServerTarget, Target
from rag.evaluation.terminal import check_line, comparison_lines, load_lines, report_lines, validation_lines
from rag.evaluation.validation import validate_questions

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Runs one subcommand; 0 if all is well, 1 if a gate, a validation or anything else failed."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except ParleyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; run the same command again to go on", file=sys.stderr)
        return INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    questions = load_questions(options.questions)
    if options.sample:
        questions = sample(questions, options.sample)
    with _open_target(options) as target:
        plan = _plan(options, questions, target)
        report = _run_with_progress(plan, target, options.restart)
    rows = read_rows(options.out)
    page = write_report_page(options.out, report, rows)
    if options.json:
        print(report.model_dump_json())
    else:
        _print_lines(report_lines(report))
        print(f"\n{page}")
    if report.errors:
        print(f"{len(report.errors)} questions failed and are in no figure; run again to ask them", file=sys.stderr)
    return 1 if report.errors else 0


def _plan(options: argparse.Namespace, questions: list[EvalQuestion], target: Target) -> Plan:
    from rag.evaluation.supports import configured_embedder, fair_support

    judge = from_threshold(open_judge(options.judge), 0.5) if options.judge else None
    settings = RunSettings(
        questions=options.questions.name,
        fingerprint=fingerprint(questions),
        asked=len(questions),
        target=target.name,
        answerer=options.answerer,
        index_version=target.index_version(),
        as_of=options.as_of,
        k=options.k,
        word_limit=options.word_limit,
        support_threshold=options.support_threshold,
        judge=options.judge,
    )
    supports = from_threshold(fair_support(configured_embedder), options.support_threshold)
    return Plan(options.out, questions, settings, Rules(options.k, options.word_limit, supports, judge))


def _run_with_progress(plan: Plan, target: Target, restart: bool) -> Report:
    with tqdm(total=len(plan.questions), unit=" questions", file=sys.stderr, dynamic_ncols=True) as bar:

        def show(done: int, _total: int) -> None:
            bar.update(done - bar.n)

        return run_questions(plan, target, restart=restart, on_row=show)


@contextmanager
def _open_target(options: argparse.Namespace) -> Iterator[Target]:
    if options.server:
        with ParleyClient(options.server, timeout_s=options.timeout_s) as client:
            yield ServerTarget(client)
        return
    # Imported here: these load torch and chromadb, which the other commands don't need.
    from index.collection import Collection
    from index.embedding import open_embedder
    from index.offline import silence_telemetry
    from index.text.names import load_names
    from rag.assistant import Assistant
    from rag.generation.opening import open_writer
    from rag.retrieval.cross_encoder import open_cross_encoder

    silence_telemetry()
    settings = load_settings()
    embedder = open_embedder(settings.embedding_model, settings.home)
    collection = Collection(settings, embedder)
    names = load_names(settings.names)
    writer = open_writer(settings, names, embedder)
    assistant = Assistant(collection, embedder, names, writer=writer, cross_encoder=open_cross_encoder(settings, names))
    yield LibraryTarget(assistant, collection)


def _compare(options: argparse.Namespace) -> int:
    before, after = read_report(options.before), read_report(options.after)
    comparison = compare_runs(before, read_rows(options.before), after, read_rows(options.after))
    if options.json:
        print(json.dumps(_comparison_as_json(comparison), ensure_ascii=False))
    else:
        _print_lines(comparison_lines(comparison))
    worse = [each.measure.name for each in comparison.differences if each.verdict == "worse"]
    return 1 if options.fail_on_worse and worse else 0


def _gate(options: argparse.Namespace) -> int:
    minima = dict(parse_bound(bound) for bound in options.min)
    maxima = dict(parse_bound(bound) for bound in options.max)
    if not minima and not maxima:
        raise EvaluationError("nothing to check; give --min NAME=VALUE or --max NAME=VALUE")
    checks = check_bounds(read_report(options.report), minima, maxima)
    if options.json:
        print(json.dumps([asdict(check) | {"passed": check.passed} for check in checks]))
    else:
        _print_lines(map(check_line, checks))
    return 0 if all(check.passed for check in checks) else 1


def _load(options: argparse.Namespace) -> int:
    with ParleyClient(options.url, timeout_s=options.timeout_s) as client:
        if options.questions:
            questions = [question.question for question in load_questions(options.questions)]
        else:
            questions = [document.title for document in client.documents()]
    print(f"{options.readers} readers for {options.seconds:g} s", file=sys.stderr)
    result = run_load(
        options.url,
        questions,
        readers=options.readers,
        seconds=options.seconds,
        timeout_s=options.timeout_s,
        remote=options.remote,
    )
    if options.json:
        print(json.dumps(asdict(result)))
    else:
        _print_lines(load_lines(result))
    return 1 if result.failed or not result.answered else 0


def _validate(options: argparse.Namespace) -> int:
    questions = load_questions(options.questions)
    texts = None
    if options.documents:
        loaded = load_paths([options.documents]).documents
        texts = {each.document.id: f"{each.document.title}\n{each.document.text}" for each in loaded}
    result = validate_questions(questions, texts)
    if options.json:
        print(json.dumps(asdict(result), ensure_ascii=False))
    else:
        _print_lines(validation_lines(result))
    return 1 if result.problems else 0


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _comparison_as_json(comparison: Comparison) -> dict:
    body = asdict(comparison)
    body["differences"] = [asdict(each) | {"verdict": each.verdict} for each in comparison.differences]
    return body


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rag.evaluation", description="Score answers, compare runs, gate a build, load a server."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_compare(commands)
    _add_gate(commands)
    _add_load(commands)
    _add_validate(commands)
    return parser


def _add_command(
    commands: argparse._SubParsersAction, name: str, command: Callable, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name, help=text, description=text, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.set_defaults(command=command)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _add_run(commands: argparse._SubParsersAction) -> None:
    parser = _add_command(commands, "run", _run, "ask a question set and report on the answers")
    parser.add_argument("questions", type=Path, help="a .jsonl file, a BEIR folder or one of its qrels files")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the run; an unfinished one goes on")
    parser.add_argument("--server", metavar="URL", help="ask a running server instead of the library")
    parser.add_argument("--timeout-s", type=float, default=60, help="how long to wait for the server")
    parser.add_argument("--answerer", metavar="NAME", help="refuse to go on if answers come from another answerer")
    parser.add_argument("--as-of", type=dt.date.fromisoformat, metavar="DATE", help="cut-off for questions without one")
    parser.add_argument("-k", type=_positive, default=10, help="how many passages to retrieve")
    parser.add_argument("--word-limit", type=_positive, default=80, help="how much of an answer correctness reads")
    parser.add_argument("--support-threshold", type=float, default=0.5, help="from which support a claim is supported")
    parser.add_argument("--judge", metavar="MODEL", help="a LangChain chat model as second judge of citations")
    parser.add_argument("--sample", type=_positive, metavar="N", help="ask only N questions, evenly spaced")
    parser.add_argument("--restart", action="store_true", help="throw away what the folder holds and start again")


def _add_compare(commands: argparse._SubParsersAction) -> None:
    parser = _add_command(commands, "compare", _compare, "show what changed from run A to run B, and how sure that is")
    parser.add_argument("before", type=Path, metavar="A", help="the folder of the earlier run")
    parser.add_argument("after", type=Path, metavar="B", help="the folder of the later run")
    parser.add_argument("--fail-on-worse", action="store_true", help="exit 1 if any measure is worse beyond doubt")


def _add_gate(commands: argparse._SubParsersAction) -> None:
    parser = _add_command(commands, "gate", _gate, "exit 1 unless a report's figures keep within bounds")
    parser.add_argument("report", type=Path, help="a run's folder or its report.json")
    parser.add_argument("--min", action="append", default=[], metavar="NAME=VALUE", help="a floor; may be repeated")
    parser.add_argument("--max", action="append", default=[], metavar="NAME=VALUE", help="a ceiling; may be repeated")


def _add_load(commands: argparse._SubParsersAction) -> None:
    parser = _add_command(commands, "load", _load, "let many readers ask a server at once")
    parser.add_argument("url", help="the server; one on another machine needs --remote")
    parser.add_argument("--readers", type=_positive, default=50, help=f"at most {MAX_READERS}")
    parser.add_argument("--seconds", type=float, default=30, help=f"at most {MAX_SECONDS}")
    parser.add_argument("--timeout-s", type=float, default=60, help="how long a reader waits for an answer")
    parser.add_argument("--questions", type=Path, help="what to ask; otherwise the titles of the server's documents")
    parser.add_argument("--remote", action="store_true", help="the server may be on another machine")


def _add_validate(commands: argparse._SubParsersAction) -> None:
    parser = _add_command(commands, "validate", _validate, "check a question set, and hold it against its documents")
    parser.add_argument("questions", type=Path, help="a .jsonl file, a BEIR folder or one of its qrels files")
    parser.add_argument("--documents", type=Path, help="the documents that the questions are about")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not at least 1")
    return value


if __name__ == "__main__":
    sys.exit(main())
