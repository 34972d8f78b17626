"""Work on the documents of a running server: one job after the other, on a thread of its own, while readers go on.

Each job takes the lock that every writer takes; while another process holds it, the job waits its turn.
"""

import logging
import queue
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from index.documents.loading import Place
from index.errors import IndexNotReadyError, LockedError, ParleyError
from index.settings import Settings
from index.types import Progress

if TYPE_CHECKING:
    from index.embedding import Embedder
    from index.sync import SyncReport

log = logging.getLogger(__name__)

MOST_WAITING = 50
MOST_KEPT = 100  # jobs that are done and can still be asked about
_PATIENCE_S = 600.0  # for another process that writes
_RETRY_S = 0.5
_UNEXPECTED = "Something went wrong in the server; its log has the details."

JobState = Literal["waiting", "running", "done", "failed"]


class JobProgress(BaseModel):
    """`total` 0 means that the amount is not known; the last two are null until enough is done to tell."""

    model_config = ConfigDict(frozen=True)

    stage: str
    done: int = 0
    total: int = 0
    per_second: float | None = None
    seconds_left: float | None = None


class Complaint(BaseModel):
    """What was left out, or should be known, and why."""

    model_config = ConfigDict(frozen=True)

    name: str
    message: str


class JobReport(BaseModel):
    """What a job changed: document ids, and what was refused."""

    model_config = ConfigDict(frozen=True)

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refusals: tuple[Complaint, ...] = ()
    notes: tuple[Complaint, ...] = ()
    index_version: str | None = None
    seconds: float = 0.0


class Job(BaseModel):
    """A job as it stands; `error` says why it failed as a whole."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Literal["add", "remove"]
    names: tuple[str, ...]
    state: JobState = "waiting"
    progress: JobProgress = JobProgress(stage="waiting")
    report: JobReport | None = None
    error: str | None = None


@dataclass(slots=True)
class _Work:
    job: Job
    run: Callable[["Embedder", Callable[[Progress], None]], "SyncReport"]
    uploads: TemporaryDirectory | None = None
    finished: threading.Event = field(default_factory=threading.Event)


class DocumentJobs:
    """The jobs of one server. `embedder` gives the one that readers use; it may raise IndexNotReadyError."""

    def __init__(self, settings: Settings, embedder: Callable[[], "Embedder"]) -> None:
        self._settings = settings
        self._embedder = embedder
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._works: dict[str, _Work] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def add(self, places: list[Place], names: list[str], uploads: TemporaryDirectory | None = None) -> Job:
        """Add or replace documents; `uploads` holds files among `places` and is removed afterwards."""

        def run(embedder: "Embedder", on_progress: Callable[[Progress], None]) -> "SyncReport":
            from index.sync import add

            return add(self._settings, embedder, places, on_progress)

        return self._enter("add", names, run, uploads)

    def remove(self, document_id: str) -> Job:
        """Remove a document."""

        def run(embedder: "Embedder", on_progress: Callable[[Progress], None]) -> "SyncReport":
            from index.sync import remove

            return remove(self._settings, [document_id], on_progress)

        return self._enter("remove", [document_id], run, None)

    def job(self, job_id: str) -> Job | None:
        work = self._works.get(job_id)
        return work.job if work else None

    def jobs(self) -> list[Job]:
        """The latest first."""
        with self._lock:
            return [work.job for work in reversed(self._works.values())]

    def wait(self, job_id: str, timeout_s: float) -> Job:
        """The job when it is finished, or after the time."""
        work = self._works[job_id]
        work.finished.wait(timeout_s)
        return work.job

    def close(self, timeout_s: float = 1.0) -> None:
        """Leave undone what has not begun. A job that takes longer goes down with the process; that harms nothing."""
        self._closing.set()
        with self._lock:
            thread = self._thread
        if thread:
            self._waiting.put(None)
            thread.join(timeout_s)

    def _enter(
        self,
        kind: Literal["add", "remove"],
        names: list[str],
        run: Callable[["Embedder", Callable[[Progress], None]], "SyncReport"],
        uploads: TemporaryDirectory | None,
    ) -> Job:
        work = _Work(Job(id=uuid.uuid4().hex, kind=kind, names=tuple(names)), run, uploads)
        if self._waiting.qsize() >= MOST_WAITING:
            if uploads:
                uploads.cleanup()
            raise IndexNotReadyError(f"{MOST_WAITING} jobs are waiting already; try again when some are done")
        with self._lock:
            self._works[work.job.id] = work
            self._waiting.put(work)
            for old in list(self._works.values())[:-MOST_KEPT]:
                if old.finished.is_set():
                    del self._works[old.job.id]
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="parley-documents", daemon=True)
                self._thread.start()
        return work.job

    def _work(self) -> None:
        while (work := self._waiting.get()) is not None:
            if self._closing.is_set():
                _update(work, state="failed", error="The server was stopped before it began; send it again.")
            else:
                self._do(work)
            if work.uploads:
                work.uploads.cleanup()
            work.finished.set()

    def _do(self, work: _Work) -> None:
        def on_progress(progress: Progress) -> None:
            _update(work, progress=JobProgress(**asdict(progress)))

        _update(work, state="running", progress=JobProgress(stage="reading"))
        try:
            report = self._when_unlocked(work, on_progress)
        except ParleyError as error:
            _update(work, state="failed", error=str(error))
        except Exception:
            log.exception("a job on the documents failed")
            _update(work, state="failed", error=_UNEXPECTED)
        else:
            _update(work, state="done", report=_shown(report))

    def _when_unlocked(self, work: _Work, on_progress: Callable[[Progress], None]) -> "SyncReport":
        end = time.monotonic() + _PATIENCE_S
        while True:
            try:
                return work.run(self._embedder(), on_progress)
            except LockedError:
                if time.monotonic() > end or self._closing.is_set():
                    raise
                _update(work, progress=JobProgress(stage="waiting for another process that writes"))
                self._closing.wait(_RETRY_S)


def _update(work: _Work, **changes: object) -> None:
    work.job = work.job.model_copy(update=changes)


def _shown(report: "SyncReport") -> JobReport:
    return JobReport(
        added=report.added,
        changed=report.changed,
        removed=report.removed,
        unchanged=report.unchanged,
        refusals=tuple(Complaint(name=each.path, message=each.message) for each in report.refusals),
        notes=tuple(Complaint(name=each.path, message=each.message) for each in report.notes),
        index_version=report.version,
        seconds=round(report.seconds, 2),
    )
