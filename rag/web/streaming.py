"""The blocking assistant on a worker thread, its events as an asynchronous stream.

One limiter bounds how many questions are worked on at once, whichever way they came in. A reader who leaves stops the
work at the next event.
"""

import asyncio
import threading
from collections.abc import AsyncIterator

import anyio
import anyio.to_thread

from rag.assistant import Assistant
from rag.types import Answer, Event, Question

_MAX_CONCURRENT = 4

_END = object()


class AnswerStreams:
    """Runs questions, at most `max_concurrent` at a time; the others wait their turn."""

    def __init__(self, max_concurrent: int = _MAX_CONCURRENT) -> None:
        self._limiter = anyio.CapacityLimiter(max_concurrent)

    async def events(self, assistant: Assistant, question: Question) -> AsyncIterator[Event]:
        """What `assistant.stream` yields, from one worker thread; raises what it raises."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[object] = asyncio.Queue()
        left = threading.Event()

        def hand_over(item: object) -> None:
            if not left.is_set():
                loop.call_soon_threadsafe(queue.put_nowait, item)

        def work() -> None:
            if left.is_set():
                return
            try:
                for event in assistant.stream(question):
                    if left.is_set():
                        return
                    hand_over(event)
                hand_over(_END)
            except Exception as error:
                hand_over(error)

        worker = asyncio.ensure_future(anyio.to_thread.run_sync(work, limiter=self._limiter))
        try:
            while (item := await queue.get()) is not _END:
                if isinstance(item, Exception):
                    raise item
                yield item
            await worker
        finally:
            left.set()

    async def answer(self, assistant: Assistant, question: Question) -> Answer:
        """The whole answer, when it is there."""
        return await anyio.to_thread.run_sync(assistant.ask, question, limiter=self._limiter)


async def with_heartbeat(events: AsyncIterator[Event], interval_s: float) -> AsyncIterator[Event | None]:
    """The events, and None whenever `interval_s` pass without one, so that proxies keep the connection."""
    upcoming = asyncio.ensure_future(anext(events, None))
    try:
        while True:
            done, _ = await asyncio.wait({upcoming}, timeout=interval_s)
            if not done:
                yield None
                continue
            if (event := upcoming.result()) is None:
                return
            yield event
            upcoming = asyncio.ensure_future(anext(events, None))
    finally:
        upcoming.cancel()
