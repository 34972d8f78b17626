"""With `PARLEY_API_KEYS`, programs need a key: `Authorization: Bearer KEY` or `X-API-Key: KEY`.

What the page and an allowed site's widget ask goes on without one, for a page has nowhere to hide a key. Browsers
vouch for where such a request comes from; a program that forges those headers gets no further than a visitor does, and
is counted as one. Documents, source pages, health and the description of the API stay open.
"""

import hashlib
import hmac
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from index.settings import Settings
from rag.web.error_responses import error_response

_MISSING = "This server needs a key; send it as `Authorization: Bearer KEY` or `X-API-Key: KEY`."
_WRONG = "This key is not one of this server's; check it, or ask the server's operator."

_CLOSED = re.compile(r"/api/(ask|search|feedback|answers/.*|conversations/.*)|/v1/.*|/mcp|/metrics")
_FOR_VISITORS = re.compile(r"/api/(ask|search|feedback|answers/.*|conversations/.*)")


def api_keys(settings: Settings) -> tuple[str, ...]:
    """The keys of the comma-separated setting; none leaves the API open."""
    listed = settings.api_keys.get_secret_value() if settings.api_keys else ""
    return tuple(key.strip() for key in listed.split(",") if key.strip())


class KeyGate:
    """Turns away programs without a key, and leaves in `request.state.key_id` by which key the others came."""

    def __init__(self, app: ASGIApp, keys: tuple[str, ...]) -> None:
        self.app = app
        self._keys = {key_id(key): key.encode() for key in keys}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._keys:
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        sent = sent_key(Headers(scope=scope))
        known = self._known(sent) if sent else None
        if known:
            state["key_id"] = known
        elif _CLOSED.fullmatch(scope["path"]) and (sent or not _is_visitor(scope)):
            message = _WRONG if sent else _MISSING
            response = error_response(scope, 401, "unauthorized", message, {"WWW-Authenticate": "Bearer"})
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _known(self, sent: str) -> str | None:
        """Compares with every key and in constant time, so that its length of thought gives nothing away."""
        matches = [name for name, key in self._keys.items() if hmac.compare_digest(key, sent.encode())]
        return matches[0] if matches else None


def sent_key(headers: Headers) -> str | None:
    """The key that came with a request, or None."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and credentials.strip():
        return credentials.strip()
    return headers.get("x-api-key") or None


def key_id(key: str) -> str:
    """A name for a key by which nobody can use it."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _is_visitor(scope: Scope) -> bool:
    return bool(_FOR_VISITORS.fullmatch(scope["path"])) and scope["state"].get("visitor", False)
