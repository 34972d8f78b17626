"""What the browser may do with our pages, and which of Gradio's routes are reachable at all.

Gradio answers far more than a page of text needs (upload, file, proxy, monitoring, deep links, run history); its
routes are therefore closed unless they are listed here.
"""

import re
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.web.error_responses import NOT_FOUND, TOO_LARGE, error_response

CLOSED_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

FORM_POLICY = CLOSED_POLICY.replace("form-action 'none'", "form-action 'self'")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_GRADIO_ROUTES = re.compile(
    r"GET (/|/config|/theme\.css|/favicon\.ico|/assets/[\w.-]+"
    r"|/gradio_api/(queue/data|startup-events|app_id|heartbeat/\w+))"
    r"|HEAD /"
    r"|POST /gradio_api/(queue/join|run/predict|cancel|reset)"
)
_HASHED_ASSET = re.compile(r"/assets/[\w.]+-[\w-]{8}\.\w+")


def page_policy(nonce: str) -> str:
    """The Content-Security-Policy of the Gradio page.

    Gradio sets inline styles, so those are allowed; its inline scripts carry `nonce`, so that a handler or a script
    that slipped into the page would not run.
    """
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'none'; "
        "base-uri 'self'; form-action 'none'; frame-ancestors 'self'"
    )


class SecurityHeaders:
    """Puts the headers on every response; a response that brings its own policy keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", CLOSED_POLICY)
                for name, value in _HEADERS.items():
                    headers[name] = value
                if _HASHED_ASSET.fullmatch(scope["path"]) and message["status"] == 200:
                    headers["Cache-Control"] = "public, max-age=31536000, immutable"
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses a request body over the limit: a declared length before it is read, any other as it arrives.

    FastAPI's own `max_body_size` does the same, but its refusal is plain text that no error handler sees. `exceptions`
    gives single paths a limit of their own.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, exceptions: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.exceptions = exceptions or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        max_bytes = self.exceptions.get(scope["path"], self.max_bytes)
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > max_bytes:
            response = error_response(scope, 413, "content_too_large", TOO_LARGE)
            await response(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > max_bytes:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


class GradioGate:
    """Lets only the listed routes through to Gradio; the rest is 404, as if it did not exist."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _GRADIO_ROUTES.fullmatch(f"{scope['method']} {scope['path']}"):
            response = error_response(scope, 404, "not_found", NOT_FOUND)
            await response(scope, receive, send)
        elif scope["type"] == "http":
            await self.app(scope, receive, send)
