"""Parses untrusted files in a child process with a memory and a time limit.

A file that breaks a parser, fills the memory or never ends costs its own refusal, and the rest of the batch goes on.
One child serves many files; after a break-down the next file gets a new one.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from index.documents.readers.extract import Extract
from index.errors import DocumentError

MEMORY_BYTES = 1 << 30
TIMEOUT_S = 60.0
MAX_ANSWER_BYTES = 100_000_000
_PROJECT = Path(__file__).parents[3]


class Parser:
    """Context manager. The child is started at the first file. For one thread at a time."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S, memory_bytes: int = MEMORY_BYTES) -> None:
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def parse(self, kind: str, data: bytes, **hints: str | None) -> list[Extract]:
        """The documents in `data`, which is of `kind` html, pdf, docx or feed. Raises DocumentError."""
        child = self._started()
        header = {"kind": kind, "size": len(data), "timeout_s": self._timeout_s * 1.5, **hints}
        overdue = threading.Event()
        alarm = threading.Timer(self._timeout_s, _stop, (child, overdue))
        alarm.start()
        try:
            child.stdin.write(json.dumps(header).encode() + b"\n" + data)
            child.stdin.flush()
            line = child.stdout.readline(MAX_ANSWER_BYTES)
        except OSError:
            line = b""
        finally:
            alarm.cancel()
        if overdue.is_set():
            self._end()
            raise DocumentError(
                f"reading it took more than {self._timeout_s:g} seconds; split it, or save its text as .txt"
            )
        if not line.endswith(b"\n"):
            self._end()
            raise DocumentError("the reader broke down on it; save it anew, or save its text as .txt")
        answer = json.loads(line)
        if "refusal" in answer:
            if "memory" in answer["refusal"]:
                self._end()  # what it took is not given back
            raise DocumentError(answer["refusal"])
        return [Extract(item["text"], item["fields"]) for item in answer["extracts"]]

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            paths = [str(_PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
            self._child = subprocess.Popen(
                [sys.executable, "-m", "index.documents.readers.child", str(self._memory_bytes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"},
            )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with contextlib.suppress(OSError):  # what it was not given before it died
                    pipe.close()


def _stop(child: subprocess.Popen[bytes], overdue: threading.Event) -> None:
    overdue.set()
    child.kill()
