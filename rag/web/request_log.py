"""One log line and one measurement for each request, and an id by which its lines can be found.

The id is that of `X-Request-ID` if the caller sent a usable one, and goes back in the same header. Lines have the
route and not the path, and no address: a path can hold the name of a conversation, an address is a person's.
"""

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.log_lines import request_id
from rag.web.error_responses import INTERNAL, error_response
from rag.web.metrics import Metrics

log = logging.getLogger(__name__)

_HEADER = "X-Request-ID"
_USABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})  # asked every few seconds by machines
_TURNED_AWAY = frozenset({401, 403, 413, 429})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """Also the last resort: an exception that nothing inside caught is logged with its id and answered with a 500."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own_id = _id_of(scope)
        token = request_id.set(own_id)
        start = time.perf_counter()
        status = 499  # the reader left before there was an answer

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[_HEADER] = own_id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            log.exception("a request failed")
            if status == 499:
                await error_response(scope, 500, "internal", INTERNAL)(scope, receive, send_with_id)
        finally:
            self._note(scope, status, time.perf_counter() - start)
            request_id.reset(token)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = route_of(scope)
        code = scope.get("state", {}).get("error_code")
        self._metrics.requested(method, route, status, seconds)
        if code and status in _TURNED_AWAY:
            self._metrics.refused(code)
        level = logging.DEBUG if route in _QUIET or _is_asset(route) else logging.INFO
        fields = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        fields |= {"code": code} if code else {}
        log.log(level, "request", extra={"fields": fields})


def route_of(scope: Scope) -> str:
    """The route that answered, such as /api/documents/{document_id}; a word for what has none."""
    path: str = scope["path"]
    if matched := getattr(scope.get("route"), "path", None):
        return matched
    for prefix in ("/parley/", "/widget/", "/assets/", "/gradio_api/"):
        if path.startswith(prefix):
            return prefix
    return path if path in {"/", "/mcp"} else "other"


def _is_asset(route: str) -> bool:
    return route in {"/parley/", "/widget/", "/assets/"}


def _id_of(scope: Scope) -> str:
    sent = Headers(scope=scope).get(_HEADER, "")
    return sent if _USABLE.fullmatch(sent) else uuid.uuid4().hex
