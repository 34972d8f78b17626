"""Pieces of text put together before they are shown."""

import asyncio
from collections.abc import AsyncIterator

from serving import completed

from rag.types import Event, StatusEvent, TokenEvent
from rag.web.page.pieces import gathered


async def hurried() -> AsyncIterator[Event]:
    yield StatusEvent("answer")
    for word in ("One", " two", " three"):
        yield TokenEvent(word)
    yield StatusEvent("ground")


def collected(events: AsyncIterator[Event]) -> list[Event]:
    async def collect() -> list[Event]:
        return [event async for event in events]

    return completed(collect())


def test_pieces_that_come_together_are_shown_together() -> None:
    assert collected(gathered(hurried(), interval_s=60)) == [
        StatusEvent("answer"),
        TokenEvent("One two three"),
        StatusEvent("ground"),
    ]


def test_a_piece_is_shown_even_when_nothing_follows_for_long() -> None:
    async def first_piece() -> Event:
        async def slow() -> AsyncIterator[Event]:
            yield TokenEvent("One")
            await asyncio.sleep(3600)

        return await anext(gathered(slow(), interval_s=0.01))

    assert completed(first_piece()) == TokenEvent("One")


def test_what_comes_while_a_piece_is_being_shown_is_not_lost() -> None:
    async def steady() -> AsyncIterator[Event]:
        yield TokenEvent("One")
        await asyncio.sleep(0.05)
        yield StatusEvent("ground")

    async def collect_slowly() -> list[Event]:
        shown = []
        async for event in gathered(steady(), interval_s=0.01):
            await asyncio.sleep(0.1)
            shown.append(event)
        return shown

    assert completed(collect_slowly()) == [TokenEvent("One"), StatusEvent("ground")]


def test_pieces_that_keep_coming_are_not_held_back() -> None:
    async def steady() -> AsyncIterator[Event]:
        for _ in range(6):
            yield TokenEvent("x")
            await asyncio.sleep(0.02)

    shown = collected(gathered(steady(), interval_s=0.03))
    assert len(shown) > 1
    assert "".join(event.text for event in shown) == "xxxxxx"


def test_an_error_arrives() -> None:
    async def failing() -> AsyncIterator[Event]:
        yield TokenEvent("One")
        raise ValueError("no more")

    async def collect() -> str:
        try:
            async for _ in gathered(failing()):
                pass
        except ValueError as error:
            return str(error)
        return ""

    assert completed(collect()) == "no more"
