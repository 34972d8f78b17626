"""How far a long piece of work is: rate and time left, and a bar with both on the terminal."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Self

from tqdm import tqdm

from index.types import Progress

_TELLING_S = 1.0  # of a stage, before its rate means anything


class Paced:
    """Passes each Progress on with the rate of its stage so far and the time that is left of it at that rate."""

    def __init__(self, on_progress: Callable[[Progress], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._on_progress = on_progress
        self._clock = clock
        self._stage = ""
        self._started = 0.0
        self._first = 0

    def __call__(self, progress: Progress) -> None:
        now = self._clock()
        if progress.stage != self._stage or progress.done < self._first:
            self._stage, self._started, self._first = progress.stage, now, progress.done
        seconds, done = now - self._started, progress.done - self._first
        if progress.total and done and seconds >= _TELLING_S:
            rate = done / seconds
            left = max(progress.total - progress.done, 0) / rate
            progress = replace(progress, per_second=round(rate, 2), seconds_left=round(left, 1))
        self._on_progress(progress)


class TerminalProgress:
    """Context manager whose instance is called with each Progress. Where stderr is no terminal it draws nothing."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None
        self._stage = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._close()

    def __call__(self, progress: Progress) -> None:
        if self._bar is None or progress.stage != self._stage:
            self._close()
            self._stage = progress.stage
            self._bar = tqdm(
                desc=progress.stage,
                total=progress.total or None,
                file=sys.stderr,
                disable=None,
                leave=False,
                dynamic_ncols=True,
                smoothing=0.1,
            )
        self._bar.update(progress.done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
