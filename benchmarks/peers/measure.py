"""Runs one system in this process: opens it, indexes, asks every question, and writes down what it found and took.

    python -m benchmarks.peers.measure haystack JOB.json RESULT.json

The process is held to one core and times are taken twice: by the clock, and in processor time, which other work on the
machine doesn't lengthen. The first question is asked once more, untimed, before the others, so that nothing is
measured cold.
"""

import dataclasses
import datetime as dt
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from benchmarks.peers.interface import SourceText
from benchmarks.peers.seclusion import seclude
from benchmarks.peers.systems import SYSTEMS

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Job:
    """What each system is put to: the documents, the folder they lie in, the questions, the chunks to ask for."""

    documents: tuple[SourceText, ...]
    folder: Path
    questions: tuple[str, ...]
    k: int

    def write(self, path: Path) -> None:
        """As JSON, for the process that runs a system."""
        path.write_text(json.dumps(dataclasses.asdict(self), default=str), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Job":
        """What `write` wrote."""
        fields = json.loads(path.read_text(encoding="utf-8"))
        documents = tuple(
            SourceText(**{**each, "date": dt.date.fromisoformat(each["date"]) if each["date"] else None})
            for each in fields["documents"]
        )
        return cls(documents, Path(fields["folder"]), tuple(fields["questions"]), fields["k"])


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that a piece of work took: of the processor, all threads together, and by the clock."""

    processor_s: float
    clock_s: float


@dataclass(frozen=True, slots=True)
class Measured:
    """`found` holds, by question, the documents of the chunks in order; `peak_mb` is the process's largest size."""

    chunks: int
    found: tuple[tuple[str, ...], ...]
    opening: Took
    indexing: Took
    asking: tuple[Took, ...]
    peak_mb: float
    versions: dict[str, str]
    tried_network: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> "Measured":
        """What a measuring process wrote."""
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields["asking"] = tuple(Took(**each) for each in fields["asking"])
        return cls(**{**fields, "opening": Took(**fields["opening"]), "indexing": Took(**fields["indexing"])})


def measure(name: str, job: Job, tried_network: Sequence[str]) -> Measured:
    """What the system called `name` makes of `job`."""
    entry = SYSTEMS[name]
    system, opening = _timed(entry.open)
    chunks, indexing = _timed(lambda: system.index(job.documents, job.folder))
    system.search(job.questions[0], job.k)
    found, asking = zip(*(_timed(lambda q=each: system.search(q, job.k)) for each in job.questions), strict=True)
    return Measured(
        chunks=chunks,
        found=tuple(tuple(each) for each in found),
        opening=opening,
        indexing=indexing,
        asking=asking,
        peak_mb=_peak_mb(),
        versions={package: version(package) for package in entry.packages},
        tried_network=tuple(tried_network),
    )


def _timed(work: Callable[[], Result]) -> tuple[Result, Took]:
    processor, clock = time.process_time(), time.perf_counter()
    result = work()
    return result, Took(time.process_time() - processor, time.perf_counter() - clock)


def _hold_to_one_core() -> None:
    """Threads that wait for each other spin on a busy machine, and spinning is processor time too."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _peak_mb() -> float:
    """The largest resident size of this process so far, in MB of 10**6 bytes."""
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest * (1 if sys.platform == "darwin" else 1024) / 1e6


def main(name: str, job: str, result: str) -> None:
    """Measures and writes; the arguments are those of the command line."""
    _hold_to_one_core()
    tried = seclude()
    measured = measure(name, Job.read(Path(job)), tried)
    Path(result).write_text(json.dumps(dataclasses.asdict(measured)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
