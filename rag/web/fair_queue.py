"""Whose question is worked on next: a bounded queue that goes round the clients, one question of each in turn.

So one client with a hundred questions delays another by one of them, not by all. When the queue is full, the client
with the most questions in it makes room for those who have fewer; otherwise the newcomer is refused.
"""

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rag.web.refusals import RefusedError

_LONGEST_ADVICE_S = 60
_SMOOTHING = 0.2  # the weight of the last question in the mean of what a question takes

Line = deque[asyncio.Future[None]]


class BusyError(RefusedError):
    """Too many questions wait already."""

    code = "busy"


class FairQueue:
    """At most `concurrent` turns at a time and `length` questions that wait; for one event loop."""

    def __init__(self, concurrent: int, length: int) -> None:
        self.concurrent = concurrent
        self._free = concurrent
        self._length = length
        self._lines: OrderedDict[str, Line] = OrderedDict()  # by client; the first one's turn is next
        self._mean_s = 0.0

    @property
    def running(self) -> int:
        """How many have their turn now."""
        return self.concurrent - self._free

    @property
    def waiting(self) -> int:
        """How many wait for theirs."""
        return sum(len(line) for line in self._lines.values())

    def check(self, client: str) -> None:
        """Raises BusyError where one more question of `client` would find no place."""
        if self.waiting >= self._length and self._who_makes_room(client) is None:
            raise self._busy()

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Waits until it is this question's turn, and holds it for the block. Raises BusyError."""
        await self._enter(client)
        start = time.monotonic()
        try:
            yield
        finally:
            self._mean_s += _SMOOTHING * (time.monotonic() - start - self._mean_s)
            self._leave()

    async def _enter(self, client: str) -> None:
        if self._free:  # then nobody waits
            self._free -= 1
            return
        self._find_place(client)
        mine = asyncio.get_running_loop().create_future()
        self._lines.setdefault(client, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self._leave()  # the turn came, but nobody is there to take it
            else:
                self._forget(client, mine)
            raise

    def _leave(self) -> None:
        while self._lines:
            client, line = self._lines.popitem(last=False)
            next_one = line.popleft()
            if line:
                self._lines[client] = line
            if not next_one.done():
                next_one.set_result(None)
                return
        self._free += 1

    def _find_place(self, client: str) -> None:
        if self.waiting < self._length:
            return
        crowded = self._who_makes_room(client)
        if crowded is None:
            raise self._busy()
        newest = self._lines[crowded][-1]
        self._forget(crowded, newest)
        if not newest.done():
            newest.set_exception(self._busy())

    def _who_makes_room(self, client: str) -> str | None:
        """The client with the most questions, if they would still be no fewer than those of `client`."""
        own = len(self._lines.get(client, ()))
        crowded = max(self._lines, key=lambda other: len(self._lines[other]), default=None)
        return crowded if crowded is not None and len(self._lines[crowded]) > own + 1 else None

    def _forget(self, client: str, future: asyncio.Future[None]) -> None:
        line = self._lines.get(client)
        if line and future in line:
            line.remove(future)
            if not line:
                del self._lines[client]

    def _busy(self) -> BusyError:
        wait_s = math.ceil(self._mean_s * (self.waiting + 1) / self.concurrent)
        return BusyError(
            f"{self.waiting} questions are waiting already; ask again in a moment.",
            retry_after_s=min(max(1, wait_s), _LONGEST_ADVICE_S),
        )
