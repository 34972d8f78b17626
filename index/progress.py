"""How far a long piece of work is, on the terminal: a bar with rate and time left, on stderr."""

import sys
from typing import Self

from tqdm import tqdm

from index.types import Progress


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
