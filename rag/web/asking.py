"""What every route that asks has in common: whose turn it is, and that nothing is worked on for readers who left."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import gradio as gr
from fastapi import HTTPException, Request

HEARTBEAT_S = 15.0
EVENT_HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}

Result = TypeVar("Result")


def client_of(request: Request | gr.Request) -> str:
    """The name under which the sender's limits are counted and turns are taken."""
    return request.state.client


async def while_connected(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of `work`, which is cancelled when the sender of `request` goes away. The body must have been read."""
    task = asyncio.ensure_future(work)
    departure = asyncio.ensure_future(_departure(request))
    try:
        await asyncio.wait({task, departure}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise HTTPException(499, "The sender is gone.")  # seen by nobody but the log
    finally:
        task.cancel()
        departure.cancel()


async def _departure(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
