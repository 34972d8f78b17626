"""How log lines look: JSON, one object a line, for programs; plain text in a terminal.

A record may carry `fields` (in `extra`), which become members of the object. Every line written while a request is
worked on carries its id. The text of questions is in no line unless a caller puts it into the fields.
"""

import datetime as dt
import json
import logging
import sys
from contextvars import ContextVar
from typing import TextIO

from index.settings import LogFormat

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, request_id, the record's fields, error."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_request(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class PlainLines(logging.Formatter):
    """The same for people, the fields as name=value behind the message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        fields = {**getattr(record, "fields", {}), **_request()}
        return " ".join([super().formatMessage(record), *(f"{name}={value}" for name, value in fields.items())])


def configure_logging(log_format: LogFormat, stream: TextIO | None = None) -> None:
    """Sends Parley's own lines from INFO on, and others' from WARNING on, to `stream`, by default standard error."""
    stream = stream or sys.stderr
    as_json = log_format == "json" or (log_format == "auto" and not stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines() if as_json else PlainLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("rag").setLevel(logging.INFO)


def _request() -> dict[str, str]:
    current = request_id.get()
    return {"request_id": current} if current else {}
