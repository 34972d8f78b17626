"""Keeps the collection in step with files, pages and feeds on an interval."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from index.documents.loading import Place
from index.embedding import Embedder
from index.errors import DocumentError, LockedError
from index.settings import Settings
from index.sync import OnProgress, SyncReport, sync

DEFAULT_INTERVAL_S = 900.0


def watch(
    settings: Settings,
    embedder: Embedder,
    places: Sequence[Place],
    on_progress: OnProgress = lambda progress: None,
    *,
    every_s: float = DEFAULT_INTERVAL_S,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[SyncReport | LockedError | DocumentError]:
    """Syncs without end, and gives what each round did, or why it has to be done again.

    Another process that writes, or a file that is missing for the moment, ends no watch; other errors do. A refusal or
    a note is told once, until it reads otherwise.
    """
    told: set[object] = set()
    while True:
        try:
            report = sync(settings, embedder, places, on_progress)
        except (LockedError, DocumentError) as error:
            yield error
        else:
            complaints = {*report.refusals, *report.notes}
            yield report if complaints - told else _without_complaints(report)
            told = complaints
        sleep(every_s)


def _without_complaints(report: SyncReport) -> SyncReport:
    return replace(report, refusals=(), notes=())
