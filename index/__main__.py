"""The collection from the command line.

    python -m index sync                    mirror the seeds folder (PARLEY_SEEDS)
    python -m index sync reports/ --dry-run
    python -m index add report.pdf https://example.org/news/talks
    python -m index watch https://example.org/feed.xml --every 900
    python -m index list --json

Results go to stdout, progress and errors to stderr. Exit status: 0, 1 after an error, 130 when it was interrupted.
"""

import argparse
import dataclasses
import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from index.documents.web.addresses import is_url
from index.embedding import Embedder, open_embedder
from index.errors import ParleyError
from index.offline import silence_telemetry
from index.progress import TerminalProgress
from index.settings import Settings, load_settings
from index.storage.dense import DamagedIndexError
from index.storage.generations import open_generations
from index.storage.store import Store
from index.sync import SyncReport, add, rebuild, remove, sync
from index.transfer import export_collection, import_collection
from index.verification import find_problems, require_database
from index.watching import DEFAULT_INTERVAL_S, watch

_NOTES_SHOWN = 20


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status of one command."""
    silence_telemetry()
    arguments = command_parser().parse_args(argv)
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        return arguments.command(load_settings(), arguments)
    except ParleyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was stored stays, and the next run goes on from there", file=sys.stderr)
        return 130
    finally:
        signal.signal(signal.SIGTERM, previous)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description="Keep the collection of documents.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(run: Callable[[Settings, argparse.Namespace], int], name: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("--json", action="store_true", help="print the result as JSON")
        sub.set_defaults(command=run)
        return sub

    sub = command(_sync, "sync", "mirror folders and files: new, changed and removed documents")
    sub.add_argument(
        "places", nargs="*", type=_place, metavar="PATH", help="default: the folder PARLEY_SEEDS; also web addresses"
    )
    sub.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    sub = command(_add, "add", "add or replace documents; nothing is removed")
    sub.add_argument(
        "places", nargs="+", type=_place, metavar="FILE_OR_URL", help="a file, a folder of them, a web page or a feed"
    )
    sub.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    sub = command(_watch, "watch", "sync files, folders, pages and feeds again and again, until it is stopped")
    sub.add_argument("places", nargs="+", type=_place, metavar="FILE_OR_FEED", help="what to keep in step with")
    sub.add_argument(
        "--every", type=_interval, default=DEFAULT_INTERVAL_S, metavar="SECONDS", help="default: %(default)s"
    )
    sub = command(_remove, "remove", "remove documents")
    sub.add_argument("ids", nargs="+", metavar="ID", help="as `list` shows it; `-` reads ids from stdin, one a line")
    command(_list, "list", "the documents, newest first: id, date, language, title")
    command(_status, "status", "how large and how new the collection is")
    command(_verify, "verify", "check that nothing is damaged or half there")
    command(_rebuild, "rebuild", "make chunks and indexes again from the stored documents")
    sub = command(_export, "export", "write the whole collection, with its embeddings, to one file")
    sub.add_argument("file", type=Path, metavar="FILE", help="replaced once the new one is whole")
    sub = command(_import, "import", "put the collection of an exported file in place of this one")
    sub.add_argument("file", type=Path, metavar="FILE", help="as `export` wrote it; it is checked first")
    return parser


def _place(given: str) -> Path | str:
    """A web address stays as it is given."""
    return given if is_url(given) else Path(given)


def _interval(given: str) -> float:
    seconds = float(given)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{given} is no interval; give seconds, such as 900")
    return seconds


def _sync(settings: Settings, arguments: argparse.Namespace) -> int:
    embedder = _embedder(settings)
    with TerminalProgress() as progress:
        report = sync(settings, embedder, arguments.places, progress, dry_run=arguments.dry_run)
    return _print_report(report, arguments)


def _add(settings: Settings, arguments: argparse.Namespace) -> int:
    embedder = _embedder(settings)
    with TerminalProgress() as progress:
        report = add(settings, embedder, arguments.places, progress, dry_run=arguments.dry_run)
    return _print_report(report, arguments)


def _watch(settings: Settings, arguments: argparse.Namespace) -> int:
    embedder = _embedder(settings)
    with TerminalProgress() as progress:
        for outcome in watch(settings, embedder, arguments.places, progress, every_s=arguments.every):
            if isinstance(outcome, ParleyError):
                print(f"note: not in step yet: {outcome}", file=sys.stderr, flush=True)
            elif outcome.added or outcome.changed or outcome.removed or outcome.refusals or outcome.notes:
                _print_report(outcome, arguments)
                sys.stdout.flush()
    return 0


def _remove(settings: Settings, arguments: argparse.Namespace) -> int:
    ids = [each for given in arguments.ids for each in (sys.stdin.read().split() if given == "-" else [given])]
    require_database(settings)
    with Store.open(settings.database) as store:
        origins = store.stored_documents()
    with TerminalProgress() as progress:
        report = remove(settings, ids, progress)
    for document_id in report.removed:
        path = origins[document_id].path
        if Path(path).exists():
            print(f"note: {path} is still there; a sync of it brings {document_id!r} back", file=sys.stderr)
    return _print_report(report, arguments)


def _rebuild(settings: Settings, arguments: argparse.Namespace) -> int:
    require_database(settings)
    embedder = _embedder(settings)
    with TerminalProgress() as progress:
        report = rebuild(settings, embedder, progress)
    return _print_report(report, arguments)


def _export(settings: Settings, arguments: argparse.Namespace) -> int:
    require_database(settings)
    with TerminalProgress() as progress:
        manifest = export_collection(settings, arguments.file, progress)
    if arguments.json:
        _print_json(dataclasses.asdict(manifest))
    else:
        print(f"{manifest.documents} documents with {manifest.chunks} chunks in {arguments.file}")
    return 0


def _import(settings: Settings, arguments: argparse.Namespace) -> int:
    with TerminalProgress() as progress:
        report = import_collection(settings, arguments.file, progress)
    if arguments.json:
        _print_json(dataclasses.asdict(report))
        return 0
    manifest = report.manifest
    print(f"{manifest.documents} documents with {manifest.chunks} chunks, exported at {manifest.exported_at}")
    if report.kept:
        print(f"what was here before is kept in {report.kept}")
    return 0


def _list(settings: Settings, arguments: argparse.Namespace) -> int:
    require_database(settings)
    with Store.open(settings.database) as store:
        summaries = store.summaries()
    if arguments.json:
        _print_json([summary.model_dump(mode="json") for summary in summaries])
        return 0
    width = max((len(summary.id) for summary in summaries), default=0)
    for summary in summaries:
        date = summary.date.isoformat() if summary.date else "undated   "
        replaced = f"  (replaced by {summary.superseded_by})" if summary.superseded_by else ""
        print(f"{summary.id:{width}}  {date}  {summary.language:3}  {summary.title}{replaced}")
    return 0


def _status(settings: Settings, arguments: argparse.Namespace) -> int:
    require_database(settings)
    status = _status_of(settings)
    if arguments.json:
        _print_json(status)
        return 0
    for name, value in status.items():
        shown = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        print(f"{name.replace('_', ' '):15} {'-' if shown is None else shown}")
    return 0


def _status_of(settings: Settings) -> dict[str, object]:
    generations = open_generations(settings)
    with Store.open(settings.database) as store, store.reading() as state:
        coverage = store.coverage()
        status = {
            "documents": coverage.documents,
            "chunks": store.chunk_count(),
            "languages": store.languages(),
            "oldest": coverage.oldest and coverage.oldest.isoformat(),
            "newest": coverage.newest and coverage.newest.isoformat(),
            "embedder": state.model_id,
            "index_version": state.index_version,
            "last_change": state.synced_at,
        }
    dense = "none"
    if state.generation:
        try:
            generations.require_whole(state.generation)
            dense = "whole"
        except DamagedIndexError as error:
            dense = str(error)
    database = sum(path.stat().st_size for path in settings.home.glob(settings.database.name + "*"))
    return {**status, "dense_index": dense, "database_bytes": database, "dense_bytes": generations.size()}


def _verify(settings: Settings, arguments: argparse.Namespace) -> int:
    require_database(settings)
    problems = find_problems(settings)
    if arguments.json:
        _print_json({"whole": not problems, "problems": problems})
    elif not problems:
        print("all is well")
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    if problems:
        print(
            "run `python -m index rebuild`; if SQLite itself is damaged, restore a copy of "
            f"{settings.database} or move it away and run `python -m index sync`",
            file=sys.stderr,
        )
    return 1 if problems else 0


def _embedder(settings: Settings) -> Embedder:
    return open_embedder(settings.embedding_model, settings.home)


def _print_report(report: SyncReport, arguments: argparse.Namespace) -> int:
    """Refusals to stderr; the status is 1 if there is nothing but refusals."""
    for refusal in report.refusals:
        print(f"refused: {refusal.path}: {refusal.message}", file=sys.stderr)
    for note in report.notes[:_NOTES_SHOWN]:
        print(f"note: {note.path}: {note.message}", file=sys.stderr)
    if len(report.notes) > _NOTES_SHOWN:
        print(f"note: {len(report.notes) - _NOTES_SHOWN} more like these; --json shows them all", file=sys.stderr)
    if arguments.json:
        _print_json(dataclasses.asdict(report))
    else:
        _print_summary(report, getattr(arguments, "dry_run", False))
    good = report.added or report.changed or report.unchanged or report.removed
    return 1 if report.refusals and not good else 0


def _print_summary(report: SyncReport, dry_run: bool) -> None:
    for name in ("added", "changed", "removed"):
        for document_id in getattr(report, name):
            print(f"{name:8} {document_id}")
    counts = ", ".join(f"{len(getattr(report, name))} {name}" for name in ("added", "changed", "removed", "unchanged"))
    embedded = f"{report.embedded} chunks {'to embed' if dry_run else 'embedded'}"
    version = "" if dry_run else f"; index {report.version}"
    print(f"{counts}, {len(report.refusals)} refused; {embedded}; {report.seconds:.1f} s{version}")


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    sys.exit(main())
