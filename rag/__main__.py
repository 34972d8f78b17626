"""Ask from the command line.

    python -m rag ask "What did Witkoff call solvable?" [--as-of 2026-01-31] [--json]
    python -m rag batch QUESTIONS.jsonl          one Answer a line; in: {id, question, history?, as_of?}
    python -m rag search QUERIES.jsonl -k 10     one {id, passages} a line; in: {id, question, as_of?}
    python -m rag check PAIRS.jsonl              one {id, support} a line; in: {id, evidence, claim}
    python -m rag timeline --place "Abu Dhabi"   what the documents tell, by the days that they tell of
    python -m rag changes territory --since 2026-01-01
    python -m rag quotes "what exactly did Rubio say about the ball"
    python -m rag positions "withdrawal from Donbas"      who says what, and where accounts do not agree
    python -m rag sourcing "Ukraine sent 91 drones against a residence of Putin."
    python -m rag status "Black Sea ceasefire"            proposed, agreed, signed, denied, lapsed, superseded
    python -m rag briefing "the Zaporizhzhia plant" --format html --out plant.html     all of that on one page

`-` reads standard input. Results go to standard output, progress and errors to standard error.
"""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from tqdm import tqdm

from index.errors import ParleyError
from index.offline import silence_telemetry
from index.settings import Settings, load_settings
from rag.errors import FileError, QuestionError
from rag.grounding import support
from rag.rows import read_rows
from rag.types import Answer, Passage, Question


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 1 on an error, which is one line on standard error."""
    options = command_parser().parse_args(arguments)
    silence_telemetry()
    try:
        options.command(options, load_settings())
    except ParleyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    return 0


def command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rag", description="Ask questions of the indexed documents.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("question", help="the question, or - to read it from standard input")
    ask.add_argument("--as-of", type=_date, metavar="DATE", help="use no document dated later, e.g. 2026-03-01")
    ask.add_argument("--json", action="store_true", help="print the Answer as JSON")
    ask.set_defaults(command=_ask)
    for name, command, help_text in (
        ("batch", _batch, "answer the questions of a file, one Answer a line"),
        ("search", _search, "find the passages for the questions of a file"),
        ("check", _check, "score how far evidence supports claims"),
    ):
        batch = commands.add_parser(name, help=help_text)
        batch.add_argument("file", help="a .jsonl file, or - for standard input")
        batch.set_defaults(command=command)
        if name == "search":
            batch.add_argument("-k", type=_positive, default=10, help="passages for each question (default: 10)")
    _add_reading(commands)
    return parser


def _add_reading(commands: Any) -> None:
    """The commands of `rag/reading`."""
    timeline = commands.add_parser("timeline", help="what the documents tell, by the days that they tell of")
    for name in ("person", "place", "topic"):
        timeline.add_argument(f"--{name}", default="", help=f"only lines of this {name}")
    timeline.add_argument("--from", dest="since", type=_date, metavar="DATE", help="the first day, e.g. 2026-01-01")
    timeline.add_argument("--to", dest="until", type=_date, metavar="DATE", help="the last day")
    timeline.add_argument("--as-of", type=_date, metavar="DATE", help="use no document dated later, show no later day")
    timeline.add_argument("--format", choices=("text", "json", "csv", "ics"), default="text", help="default: text")
    timeline.add_argument("--json", dest="format", action="store_const", const="json", help="same as --format json")
    timeline.set_defaults(command=_timeline)
    changes = commands.add_parser("changes", help="what is claimed now against what was claimed before a day")
    changes.add_argument("topic", nargs="?", default="", help="the subject; without one, the new documents only")
    changes.add_argument("--since", type=_date, metavar="DATE", required=True, help="the first day that counts as now")
    changes.add_argument("--as-of", type=_date, metavar="DATE", help="use no document dated later")
    changes.add_argument("--json", action="store_true", help="print everything as JSON")
    changes.set_defaults(command=_changes)
    quotes = commands.add_parser("quotes", help="what somebody said, verbatim")
    quotes.add_argument("words", nargs="?", default="", help="words to look for, or the whole question")
    for name in ("speaker", "topic"):
        quotes.add_argument(f"--{name}", default="", help=f"only quotations of this {name}")
    quotes.add_argument("--from", dest="since", type=_date, metavar="DATE", help="said on this day or later")
    quotes.add_argument("--to", dest="until", type=_date, metavar="DATE", help="said on this day or earlier")
    quotes.add_argument("--as-of", type=_date, metavar="DATE", help="use no document dated later")
    quotes.add_argument("--page", type=_positive, default=1, help="of what is found (default: 1)")
    quotes.add_argument("--json", action="store_true", help="print everything as JSON")
    quotes.set_defaults(command=_quotes)
    positions = commands.add_parser("positions", help="who says what, and where accounts do not agree")
    positions.add_argument("topic", help="the subject")
    positions.add_argument("--as-of", type=_date, metavar="DATE", help="use no document dated later")
    positions.add_argument("--json", action="store_true", help="print everything as JSON")
    positions.set_defaults(command=_positions)
    sourcing = commands.add_parser("sourcing", help="which reports say a claim, and how many are independent")
    sourcing.add_argument("claim", help="one sentence")
    status = commands.add_parser("status", help="how far something has got, in the documents' words")
    status.add_argument("topic", help="the subject")
    for command, work in ((sourcing, _sourcing), (status, _status)):
        command.add_argument("--as-of", type=_date, metavar="DATE", help="use no document dated later")
        command.add_argument("--json", action="store_true", help="print everything as JSON")
        command.set_defaults(command=work)
    briefing = commands.add_parser("briefing", help="everything on one subject on one page, each line with its source")
    briefing.add_argument("topic", help="the subject")
    briefing.add_argument("--as-of", type=_date, metavar="DATE", help="use no document dated later")
    briefing.add_argument(
        "--since", type=_date, metavar="DATE", help="what changed since; else 90 days before the newest report on it"
    )
    briefing.add_argument(
        "--format", choices=("markdown", "html", "json"), default="markdown", help="default: markdown"
    )
    briefing.add_argument("--json", dest="format", action="store_const", const="json", help="same as --format json")
    briefing.add_argument("--out", type=Path, metavar="FILE", help="write into this file instead of standard output")
    briefing.set_defaults(command=_briefing)


def _timeline(options: argparse.Namespace, settings: Settings) -> None:
    from rag.reading.command import timeline

    print(timeline(options, settings).rstrip())


def _changes(options: argparse.Namespace, settings: Settings) -> None:
    from rag.reading.command import changes

    print(changes(options, settings))


def _quotes(options: argparse.Namespace, settings: Settings) -> None:
    from rag.reading.voices_command import quotes

    print(quotes(options, settings))


def _positions(options: argparse.Namespace, settings: Settings) -> None:
    from rag.reading.voices_command import positions

    print(positions(options, settings))


def _sourcing(options: argparse.Namespace, settings: Settings) -> None:
    from rag.reading.voices_command import sourcing

    print(sourcing(options, settings))


def _status(options: argparse.Namespace, settings: Settings) -> None:
    from rag.reading.voices_command import status

    print(status(options, settings))


def _briefing(options: argparse.Namespace, settings: Settings) -> None:
    from rag.briefing_command import briefing, write_out

    text = briefing(options, settings)
    if options.out:
        write_out(text, options.out)
    else:
        print(text.rstrip())


def _ask(options: argparse.Namespace, settings: Settings) -> None:
    from rag.opening import open_assistant

    text = sys.stdin.read() if options.question == "-" else options.question
    answer = open_assistant(settings).ask(Question(question=text, as_of=options.as_of))
    print(answer.model_dump_json() if options.json else readable(answer))


def _batch(options: argparse.Namespace, settings: Settings) -> None:
    from rag.opening import open_assistant

    rows = read_rows(options.file)
    assistant = open_assistant(settings)
    _each(rows, lambda row: assistant.ask(_question(row), followups=False).model_dump(mode="json"), "questions")


def _search(options: argparse.Namespace, settings: Settings) -> None:
    from rag.opening import open_assistant

    rows = read_rows(options.file)
    assistant = open_assistant(settings)

    def passages(row: dict[str, Any]) -> dict[str, Any]:
        question = _question(row)
        found = assistant.search(question.question, options.k, question.as_of)
        return {"passages": [_located(passage) for passage in found]}

    _each(rows, passages, "queries")


def _check(options: argparse.Namespace, settings: Settings) -> None:
    from index.embedding import open_embedder

    rows = read_rows(options.file)
    embedder = open_embedder(settings.embedding_model, settings.home)
    _each(rows, lambda row: {"support": support(*_pair(row), embedder)}, "pairs")


def _each(rows: Sequence[dict[str, Any]], work: Callable[[dict[str, Any]], dict[str, Any]], unit: str) -> None:
    """Print one result a row, under the row's id. A row that can't be used gets its error, and the rest go on."""
    refused = 0
    for row in tqdm(rows, unit=f" {unit}", disable=None):
        try:
            result = work(row)
        except (QuestionError, FileError) as error:
            refused += 1
            result = {"error": {"code": error.code, "message": str(error)}}
        print(json.dumps({"id": row.get("id"), **result}, ensure_ascii=False), flush=True)
    if refused:
        raise FileError(f"{refused} of {len(rows)} {unit} could not be used; their lines say why")


def _located(passage: Passage) -> dict[str, Any]:
    chunk = passage.chunk
    return {"document_id": passage.document.id, "start": chunk.start, "end": chunk.end, "score": passage.score}


def readable(answer: Answer) -> str:
    """The answer for a terminal: any notice, the text, then each citation (or the nearest passages) with its words."""
    lines = [answer.notice, ""] if answer.notice else []
    cut_off = answer.coverage.as_of
    lines += [f"Only documents dated up to {cut_off} were used.", ""] if cut_off else []
    lines += [answer.text, ""]
    lines += [f'The whole briefing: python -m rag briefing "{answer.briefing}"', ""] if answer.briefing else []
    for citation in answer.citations:
        where = ", ".join(
            str(part) for part in (citation.title, citation.publisher, citation.date or "undated") if part
        )
        lines += [
            f"[{citation.marker}] {where}",
            f"    “{citation.quote}”",
            f"    {citation.url or citation.document_id}",
        ]
    for passage in answer.nearest:
        lines += [f"- {passage.title} ({passage.date or 'undated'})", f"    {passage.quote}"]
    return "\n".join(lines).rstrip()


def _question(row: dict[str, Any]) -> Question:
    try:
        return Question(question=row["question"], history=row.get("history") or (), as_of=row.get("as_of") or None)
    except KeyError as error:
        raise FileError("the line has no 'question'; add it") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise FileError(f"{first['loc'][0]!r} is {first['input']!r}: {first['msg']}") from error


def _pair(row: dict[str, Any]) -> tuple[str, str]:
    for field in ("evidence", "claim"):
        if not isinstance(row.get(field), str):
            raise FileError(f"the line has no text in {field!r}; add it")
    return row["evidence"], row["claim"]


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it like 2026-03-01") from error


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
