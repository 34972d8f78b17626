"""How many questions the web sites that embed Parley may ask: in a day each, and in one conversation.

They bound what one site can cost, whoever its visitors are; how much one visitor may ask is not decided here.
"""

import logging
import math
import time

from limits import RateLimitItemPerDay
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import ConnectionPool

from rag.web.refusals import RefusedError
from rag.web.traffic import REDIS_PAUSE_S, REDIS_TIMEOUT_S

log = logging.getLogger(__name__)


class SiteFullError(RefusedError):
    """The site has asked as much as it may in a day."""

    code = "site_full"


class ConversationFullError(RefusedError):
    """The conversation is as long as it may be on another site's page; a new one can be begun at once."""

    code = "conversation_full"


class SiteCaps:
    """Counts the questions of each site; its day begins with its first question.

    With `redis_url` several servers count together; where that Redis is away each counts by itself.
    """

    def __init__(self, a_day: int, a_conversation: int, redis_url: str | None = None) -> None:
        self.a_conversation = a_conversation
        self._a_day = RateLimitItemPerDay(a_day)
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._pool = redis_url and ConnectionPool.from_url(
            redis_url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
        )
        self._shared = FixedWindowRateLimiter(_storage(self._pool)) if self._pool else None
        self._away_until = 0.0

    def spend(self, site: str, earlier: int) -> None:
        """Count one question that follows `earlier` others in its conversation; may wait for Redis.

        Raises ConversationFullError or SiteFullError; what is refused is not counted.
        """
        if earlier >= self.a_conversation:
            message = f"A conversation on this site may have {self.a_conversation} questions; begin a new one."
            raise ConversationFullError(message, 1)
        if wait_s := self._seconds_to_wait(site):
            message = f"This site has asked its {self._a_day.amount} questions of today; come back tomorrow."
            raise SiteFullError(message, wait_s)

    def close(self) -> None:
        """Closes the connections to Redis."""
        if self._pool:
            self._pool.disconnect()

    def _seconds_to_wait(self, site: str) -> int:
        if self._shared and time.monotonic() >= self._away_until:
            try:
                return self._counted(self._shared, site)
            except StorageError as error:
                self._away_until = time.monotonic() + REDIS_PAUSE_S
                log.warning("sites are counted in memory, for the Redis of PARLEY_REDIS_URL failed: %s", error)
        return self._counted(self._own, site)

    def _counted(self, limiter: FixedWindowRateLimiter, site: str) -> int:
        if limiter.hit(self._a_day, site):
            return 0
        return max(1, math.ceil(limiter.get_window_stats(self._a_day, site).reset_time - time.time()))


def _storage(pool: ConnectionPool) -> RedisStorage:
    # The address is in the pool, which is ours to close; the storage has no method for it.
    return RedisStorage("redis://", wrap_exceptions=True, connection_pool=pool)
