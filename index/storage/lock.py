"""One writer at a time: a lock file in the home folder, held for the length of a write and no longer.

The operating system releases it when the process ends, however it ends.
"""

import datetime as dt
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from index.errors import LockedError, StorageError


class WriteLock:
    """Context manager. Entering raises LockedError at once when somebody else is writing to this home."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._holder = home / "write.holder.json"
        self._lock = FileLock(home / "write.lock", timeout=0, thread_local=False, fallback_to_soft=False)

    def __enter__(self) -> Self:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise LockedError(self._refusal()) from None
        except OSError as error:
            raise StorageError(
                f"{self._home} cannot be written ({error.strerror}); "
                "make it writable or point PARLEY_HOME to a folder that is"
            ) from error
        self._note_holder()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._holder.unlink(missing_ok=True)
        except OSError:
            pass  # only a note; it is read while the lock is held, and the next holder overwrites it
        finally:
            self._lock.release()

    def _note_holder(self) -> None:
        """Say who writes. Only informs: on a full disk the lock holds without it."""
        since = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        try:
            self._holder.write_text(json.dumps({"pid": os.getpid(), "since": since}), encoding="utf-8")
        except OSError:
            return

    def _refusal(self) -> str:
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            who = f"process {holder['pid']} has been writing to {self._home} since {holder['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            who = f"another process is writing to {self._home}"
        return f"{who}; wait until it is done, or stop it, and run this again"
