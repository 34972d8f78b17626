"""The process in which untrusted files are parsed. Started by isolation.py; requests on stdin, answers on stdout.

A request is a line of JSON {kind, size, timeout_s, …} and `size` bytes; an answer is a line of JSON, either {extracts}
or {refusal}. The process ends itself when a request takes longer than it may, or when nobody listens any more.
"""

import json
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from index.documents.readers.extract import Extract, UnreadableError


def main() -> None:
    _limit_memory(int(sys.argv[1]))
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes stdin
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, request.pop("timeout_s"))
        answer = _answer(request, sys.stdin.buffer)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _answer(request: dict[str, Any], stream: BinaryIO) -> dict[str, Any]:
    data = stream.read(request.pop("size"))
    try:
        extracts = _reader(request.pop("kind"))(data, **request)
    except UnreadableError as error:
        return {"refusal": str(error)}
    except MemoryError:
        return {"refusal": "reading it takes more memory than a document may; split it, or save its text as .txt"}
    except RecursionError:
        return {"refusal": "it is nested too deeply; save its text as .txt"}
    except Exception as error:  # whatever a parser makes of a file that was made to break it
        return {"refusal": f"it is damaged ({type(error).__name__}: {str(error)[:100]}); save it anew"}
    return {"extracts": [{"text": extract.text, "fields": extract.fields} for extract in extracts]}


def _reader(kind: str) -> Callable[..., list[Extract]]:
    """Imported when it is first needed: each brings a library of its own."""
    match kind:
        case "html":
            from index.documents.readers.html import read_html

            return read_html
        case "pdf":
            from index.documents.readers.pdf import read_pdf

            return read_pdf
        case "docx":
            from index.documents.readers.docx import read_docx

            return read_docx
        case "feed":
            from index.documents.readers.feed import read_feed

            return read_feed
    raise ValueError(kind)


def _limit_memory(memory_bytes: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass  # not on this system; the time limit still holds


if __name__ == "__main__":
    main()
