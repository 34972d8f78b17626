"""Which web sites may use this server from their visitors' browsers: none but its own, and those that are listed.

A browser says where a request comes from, and a page cannot change what it says: `Origin` on everything that crosses
origins with a readable answer or a method other than GET, `Sec-Fetch-Site` wherever the server is reached over https
or on localhost. A program says nothing, and is no way in for a web site; it is let through.

What this does not do: tell one program from another. Keys and limits are for that.
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import SettingsError
from rag.web.error_responses import error_response

NOT_ALLOWED = "This web site may not use this server; its operator can add the site's origin to PARLEY_ALLOWED_ORIGINS."
SITE_HEADER = "Parley-Site"  # with which the frame at /embed says on whose page it stands

_SHARED_PATHS = ("/api/", "/v1/")  # what listed origins may call
_PUBLIC_PATHS = ("/widget.js", "/widget/")  # code without secrets, loaded before anybody is asked
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_Verdict = Literal["own", "listed", "program", "refused"]


@dataclass(frozen=True, slots=True)
class AllowedOrigins:
    """The origins that may embed the widget and call the API, each as a browser writes it."""

    listed: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, setting: str | None) -> "AllowedOrigins":
        """The origins of a comma-separated list. Raises SettingsError naming the one that cannot be used."""
        parts = (part.strip() for part in (setting or "").split(","))
        return cls(frozenset(_origin(part) for part in parts if part))

    @property
    def frame_ancestors(self) -> str:
        """The value of the directive with which only these may put a page into a frame."""
        return " ".join(["'self'", *sorted(self.listed)])


def _origin(text: str) -> str:
    """`text` in the one form in which browsers send it; raises SettingsError."""

    def refuse(problem: str) -> SettingsError:
        return SettingsError(f"PARLEY_ALLOWED_ORIGINS: {text!r} {problem}")

    if "*" in text:
        raise refuse("has a wildcard; list each origin by itself, such as https://news.example")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise refuse(f"is not an origin ({error}); write it like https://news.example") from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise refuse("is not an origin; write scheme and host, such as https://news.example")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if not _HOST.fullmatch(host):
        raise refuse("has a host that browsers write differently; use its ASCII form, such as https://xn--80ak.example")
    origin = f"{parts.scheme}://{host}"
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        origin += f":{port}"
    if _is_more_than_an_origin(parts):
        raise refuse(f"is more than an origin; write {origin}")
    return origin


def _is_more_than_an_origin(parts: SplitResult) -> bool:
    return bool(parts.path or parts.query or parts.fragment or parts.username is not None)


class OriginGate:
    """Refuses what other sites' pages ask for, answers preflights, and names the asking origin where it is allowed.

    It alone sets CORS headers: those of the applications behind it, such as Gradio's, are taken away. It leaves `site`
    in `request.state`, the origin that a question is counted for, None for the own pages and for programs; and
    `visitor`, whether a browser vouches that the request comes from the own pages or from a listed site.
    """

    def __init__(self, app: ASGIApp, allowed: AllowedOrigins) -> None:
        self.app = app
        self.allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        path: str = scope["path"]
        verdict = self._verdict(scope, headers)
        shared = {"Access-Control-Allow-Origin": "*"} if path.startswith(_PUBLIC_PATHS) else {}
        if verdict == "listed":
            shared |= {"Access-Control-Allow-Origin": headers["origin"], "Access-Control-Expose-Headers": "Retry-After"}
        if verdict == "refused":
            response = error_response(scope, 403, "origin_not_allowed", NOT_ALLOWED)
            await response(scope, receive, _with_cors(send, {}))
        elif verdict == "listed" and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await Response(status_code=204)(scope, receive, _with_cors(send, shared | _PREFLIGHT))
        else:
            state = scope.setdefault("state", {})
            state["site"] = self._site(verdict, headers)
            state["visitor"] = verdict in {"own", "listed"}
            await self.app(scope, receive, _with_cors(send, shared))

    def _verdict(self, scope: Scope, headers: Headers) -> _Verdict:
        path: str = scope["path"]
        if path.startswith(_PUBLIC_PATHS):
            return "program"
        origins = headers.getlist("origin")
        fetch_site = headers.get("sec-fetch-site")
        if fetch_site == "same-origin":  # also behind a proxy that hides the host under which the page was loaded
            return "own"
        if origins:
            if len(origins) == 1 and origins[0] == f"{scope['scheme']}://{headers.get('host', '')}":
                return "own"
            listed = len(origins) == 1 and origins[0] in self.allowed.listed
            return "listed" if listed and path.startswith(_SHARED_PATHS) else "refused"
        if fetch_site in {"cross-site", "same-site"} and headers.get("sec-fetch-mode") != "navigate":
            return "refused"  # an image, a script or a frame's request: no page of ours asks for those from elsewhere
        return "program"

    def _site(self, verdict: _Verdict, headers: Headers) -> str | None:
        if verdict == "listed":
            return headers["origin"]
        named = headers.get(SITE_HEADER)
        return named if verdict == "own" and named in self.allowed.listed else None


def _with_cors(send: Send, shared: dict[str, str]) -> Send:
    """`send`, with these CORS headers and no others."""

    async def send_with_cors(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
            for name, value in shared.items():
                headers[name] = value
            headers.add_vary_header("Origin")
        await send(message)

    return send_with_cors
