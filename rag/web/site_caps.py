"""How many questions the web sites that embed Parley may ask: in a day each, and in one conversation.

They bound what one site can cost, whoever its visitors are; how much one visitor may ask is not decided here.
"""

import math
import time

from limits import RateLimitItemPerDay
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from rag.web.refusals import RefusedError


class SiteFullError(RefusedError):
    """The site has asked as much as it may in a day."""

    code = "site_full"


class ConversationFullError(RefusedError):
    """The conversation is as long as it may be on another site's page; a new one can be begun at once."""

    code = "conversation_full"


class SiteCaps:
    """Counts the questions of each site; its day begins with its first question."""

    def __init__(self, storage: Storage, a_day: int, a_conversation: int) -> None:
        self.a_conversation = a_conversation
        self._limiter = FixedWindowRateLimiter(storage)
        self._a_day = RateLimitItemPerDay(a_day)

    def spend(self, site: str, earlier: int) -> None:
        """Count one question that follows `earlier` others in its conversation.

        Raises ConversationFullError or SiteFullError; what is refused is not counted.
        """
        if earlier >= self.a_conversation:
            message = f"A conversation on this site may have {self.a_conversation} questions; begin a new one."
            raise ConversationFullError(message, 1)
        if not self._limiter.hit(self._a_day, site):
            reset_time = self._limiter.get_window_stats(self._a_day, site).reset_time
            message = f"This site has asked its {self._a_day.amount} questions of today; come back tomorrow."
            raise SiteFullError(message, max(1, math.ceil(reset_time - time.time())))
