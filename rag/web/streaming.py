"""The blocking assistant on a worker thread, its events as an asynchronous stream.

One fair queue bounds how many questions are worked on at once, whichever way they came in. A reader who leaves stops
the work at the next event. Whole answers are stored before anybody sees them, so that each can be referred to.
"""

import asyncio
import datetime as dt
import logging
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, closing
from typing import TypeVar

import anyio
import anyio.to_thread

from index.errors import ParleyError
from rag.assistant import Assistant
from rag.reading.wishes import asks_whose
from rag.records import Records
from rag.types import Answer, AnswerEvent, Event, Passage, Question
from rag.web.fair_queue import FairQueue

log = logging.getLogger(__name__)

MAX_HISTORY = 50

_END = object()

Result = TypeVar("Result")


class AnswerStreams:
    """Runs questions in the queue's order; `on_answer` is told of each whole answer, on the worker's thread.

    A question with a conversation and no history gets its history from the stored conversation, and one that only asks
    who says so what the answer before cites.
    """

    def __init__(self, records: Records, queue: FairQueue, on_answer: Callable[[Answer], None]) -> None:
        self._records = records
        self._queue = queue
        self._on_answer = on_answer
        # Beside the queue: a thread whose reader has left works on to its next event, and still takes up a core.
        self._limiter = anyio.CapacityLimiter(queue.concurrent)

    def check(self, client: str) -> None:
        """Raises BusyError where a question of `client` would be turned away, before a response has begun."""
        self._queue.check(client)

    async def events(self, assistant: Assistant, question: Question, client: str) -> AsyncGenerator[Event]:
        """What `assistant.stream` yields, the answer stored, from one worker thread; raises what it raises."""
        async with self._queue.turn(client), aclosing(self._from_thread(assistant, question)) as events:
            async for event in events:
                yield event

    async def answer(self, assistant: Assistant, question: Question, client: str) -> Answer:
        """The whole answer, when it is there and stored."""
        async with aclosing(self.events(assistant, question, client)) as events:
            async for event in events:
                if isinstance(event, AnswerEvent):
                    return event.answer
        raise AssertionError("an answer is the last event of every stream")

    async def search(
        self, assistant: Assistant, words: str, k: int, as_of: dt.date | None, client: str
    ) -> list[Passage]:
        """`assistant.search`, in the same queue."""
        return await self.work(lambda: assistant.search(words, k, as_of), client)

    async def work(self, job: Callable[[], Result], client: str) -> Result:
        """What `job` gives, on a worker thread and in the same queue: for whatever costs as much as a question."""
        async with self._queue.turn(client):
            return await anyio.to_thread.run_sync(job, limiter=self._limiter)

    async def _from_thread(self, assistant: Assistant, question: Question) -> AsyncGenerator[Event]:
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
                with closing(self._stored_events(assistant, question)) as events:
                    for event in events:
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

    def _stored_events(self, assistant: Assistant, question: Question) -> Iterator[Event]:
        for event in assistant.stream(self._with_history(question)):
            yield AnswerEvent(self._kept(event.answer, question)) if isinstance(event, AnswerEvent) else event

    def _with_history(self, question: Question) -> Question:
        if question.history or not question.conversation_id:
            return question
        history = self._records.questions(question.conversation_id, MAX_HISTORY, question.replaces)
        latest = (
            self._records.latest(question.conversation_id, question.replaces) if asks_whose(question.question) else None
        )
        return question.model_copy(update={"history": history, "cited": latest.answer.citations if latest else ()})

    def _kept(self, answer: Answer, question: Question) -> Answer:
        """The answer with its ids; without them where the home cannot be written, for it is still an answer."""
        self._on_answer(answer)
        try:
            return self._records.save(answer, question.conversation_id, question.replaces).answer
        except ParleyError as error:
            log.warning("an answer was given but not stored: %s", error)
            return answer


async def with_heartbeat(events: AsyncGenerator[Event], interval_s: float) -> AsyncIterator[Event | None]:
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
        if upcoming.done():
            await events.aclose()
        else:
            upcoming.cancel()
