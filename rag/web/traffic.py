"""How much one client may ask: limits of questions and of requests, on every route, Gradio's included.

A client is a key if it came by one, else an address, of which the first 64 bits count in IPv6 (one household has them
all). Counts are kept in memory or, for several servers together, in Redis; while that fails they are kept in memory.
"""

import ipaddress
import logging
import math
import re
import time

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import SettingsError
from index.settings import Settings
from rag.web.error_responses import error_response

log = logging.getLogger(__name__)

_QUESTIONS = re.compile(
    r"POST (/api/ask|/v1/chat/completions|/mcp|/gradio_api/queue/join)"
    r"|GET (/api/search|(/api)?/(briefing|changes|positions|quotations|quotes|sourcing|status|timeline)(\.\w+)?)"
)
REDIS_TIMEOUT_S = 1.0
REDIS_PAUSE_S = 10.0  # without it after it failed, so that not every request waits for it
_UNLIMITED = re.compile(r"/healthz|/readyz|/metrics|/(parley|assets|widget)/.*|/widget\.js")


class RateLimits:
    """Counts what each client does. Raises SettingsError where the settings cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self._limits = {
            "question": _parsed("PARLEY_QUESTION_LIMIT", settings.question_limit),
            "request": _parsed("PARLEY_REQUEST_LIMIT", settings.request_limit),
        }
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._pool = _redis(settings.redis_url.get_secret_value()) if settings.redis_url else None
        self._shared = MovingWindowRateLimiter(_storage(self._pool)) if self._pool else None
        self._away_until = 0.0

    async def seconds_to_wait(self, kind: str, client: str) -> int:
        """Counts one question or request of `client`; 0 if it may go on, else how long it has to wait."""
        if self._shared and time.monotonic() >= self._away_until:
            try:
                return await self._counted(self._shared, kind, client)
            except StorageError as error:
                self._away_until = time.monotonic() + REDIS_PAUSE_S
                log.warning("limits are counted in memory, for the Redis of PARLEY_REDIS_URL failed: %s", error)
        return await self._counted(self._own, kind, client)

    async def close(self) -> None:
        """Closes the connections to Redis."""
        if self._pool:
            await self._pool.aclose()

    async def _counted(self, limiter: MovingWindowRateLimiter, kind: str, client: str) -> int:
        for limit in self._limits[kind]:
            if not await limiter.hit(limit, kind, client):
                stats = await limiter.get_window_stats(limit, kind, client)
                return max(1, math.ceil(stats.reset_time - time.time()))
        return 0


class TrafficLimits:
    """Answers 429 with Retry-After over a limit; leaves the client's name in `request.state.client`."""

    def __init__(self, app: ASGIApp, limits: RateLimits) -> None:
        self.app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        client = client_name(scope)
        scope.setdefault("state", {})["client"] = client
        kind = kind_of(scope)
        wait_s = await self._limits.seconds_to_wait(kind, client) if kind else 0
        if wait_s:
            message = f"Too many {kind}s; send the next one in {wait_s} s."
            response = error_response(scope, 429, "rate_limited", message, {"Retry-After": str(wait_s)})
            await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def kind_of(scope: Scope) -> str | None:
    """By which limit a request counts; None for what is not counted."""
    if _QUESTIONS.fullmatch(f"{scope['method']} {scope['path']}"):
        return "question"
    return None if _UNLIMITED.fullmatch(scope["path"]) else "request"


def client_name(scope: Scope) -> str:
    """Who sent a request, as far as limits and turns are concerned."""
    if key := scope.get("state", {}).get("key_id"):
        return f"key:{key}"
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def _parsed(name: str, text: str) -> list[RateLimitItem]:
    try:
        return parse_many(text)
    except ValueError as error:
        raise SettingsError(f"{name}={text!r} cannot be used; write it like 60/minute or 60/minute;1000/day") from error


def _redis(url: str) -> ConnectionPool:
    try:
        return ConnectionPool.from_url(url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S)
    except ValueError as error:
        raise SettingsError(f"PARLEY_REDIS_URL cannot be used ({error}); write redis://HOST:6379") from error


def _storage(pool: ConnectionPool) -> RedisStorage:
    # The address is in the pool, which is ours to close; the storage has no method for it.
    return RedisStorage("async+redis://", wrap_exceptions=True, implementation="redispy", connection_pool=pool)
