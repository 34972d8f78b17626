"""Rebuilds a broken dense index from SQLite in the background, while readers get their answers from SQLite."""

import logging
import threading
import time

from index.errors import StorageError
from index.settings import Settings
from index.sync import repair_dense

_PAUSE_S = 30.0  # before what could not be repaired (a writer at work, a home that cannot be written) is tried again

log = logging.getLogger(__name__)


class BrokenIndexError(Exception):
    """A generation cannot be searched now. Never leaves this package: SQLite answers instead."""


class DenseRepair:
    """Repairs one generation at a time. Safe for many threads."""

    def __init__(self, settings: Settings, model_id: str) -> None:
        self._settings = settings
        self._model_id = model_id
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._broken: dict[str, float] = {}  # generation -> when it may be looked at again

    def require_unbroken(self, generation: str) -> None:
        """Raises BrokenIndexError while there is no use in opening it."""
        with self._lock:
            if time.monotonic() < self._broken.get(generation, 0.0):
                raise BrokenIndexError(generation)

    def start(self, generation: str, error: StorageError) -> None:
        """Have the generation looked at, unless that is under way."""
        with self._lock:
            if generation in self._broken and time.monotonic() < self._broken[generation]:
                return
            log.warning("%s; questions are answered from SQLite until it is repaired", error)
            self._broken[generation] = float("inf")
            self._thread = threading.Thread(target=self._run, args=(generation,), name="repair-dense", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Return when no repair is under way."""
        thread = self._thread
        if thread:
            thread.join()

    def _run(self, generation: str) -> None:
        try:
            repaired = repair_dense(self._settings, self._model_id)
            log.info("the dense index is whole again (%s)", repaired)
            again = 0.0
        except StorageError as error:
            log.warning("the dense index cannot be repaired now: %s", error)
            again = time.monotonic() + _PAUSE_S
        with self._lock:
            self._broken[generation] = again
