"""Text that is written in many small pieces, shown in fewer: a browser need not draw each word by itself."""

import asyncio
from collections.abc import AsyncIterator

from rag.types import Event, TokenEvent

_INTERVAL_S = 0.05


async def gathered(events: AsyncIterator[Event], interval_s: float = _INTERVAL_S) -> AsyncIterator[Event]:
    """The events, with the tokens that come within `interval_s` of the first put together into one."""
    loop = asyncio.get_running_loop()
    text, due = "", 0.0
    upcoming = asyncio.ensure_future(anext(events, None))
    try:
        while True:
            done, _ = await asyncio.wait({upcoming}, timeout=max(0.0, due - loop.time()) if text else None)
            event = upcoming.result() if done else None
            if isinstance(event, TokenEvent):
                due = due if text else loop.time() + interval_s
                text += event.text
            if text and (not isinstance(event, TokenEvent) or loop.time() >= due):
                yield TokenEvent(text)
                text = ""
            if not done:
                continue
            if event is None:
                return
            if not isinstance(event, TokenEvent):
                yield event
            upcoming = asyncio.ensure_future(anext(events, None))
    finally:
        upcoming.cancel()
