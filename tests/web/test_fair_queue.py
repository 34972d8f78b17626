"""Whose question is next: round the clients, within bounds."""

import asyncio

import pytest
from serving import completed

from rag.web.fair_queue import BusyError, FairQueue


async def settle() -> None:
    """Lets every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_clients_take_turns_however_many_questions_each_has() -> None:
    async def run() -> list[str]:
        queue = FairQueue(concurrent=1, length=20)
        order: list[str] = []

        async def ask(client: str, name: str) -> None:
            async with queue.turn(client):
                order.append(name)
                await asyncio.sleep(0)

        asked = [("a", "a1"), ("a", "a2"), ("a", "a3"), ("a", "a4"), ("b", "b1"), ("b", "b2"), ("c", "c1")]
        await asyncio.gather(*(ask(client, name) for client, name in asked))
        assert (queue.running, queue.waiting) == (0, 0)
        return order

    assert completed(run()) == ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]


def test_no_more_than_the_given_number_run_at_once() -> None:
    async def run() -> int:
        queue = FairQueue(concurrent=3, length=50)
        most = 0

        async def ask(client: int) -> None:
            nonlocal most
            async with queue.turn(str(client % 5)):
                most = max(most, queue.running)
                await asyncio.sleep(0)

        await asyncio.gather(*(ask(client) for client in range(30)))
        return most

    assert completed(run()) == 3


async def held(queue: FairQueue, client: str, release: asyncio.Event) -> str:
    async with queue.turn(client):
        await release.wait()
        return client


async def outcomes(queue: FairQueue, clients: str) -> list[object]:
    """What becomes of one question of each client, asked in this order while the first is being worked on."""
    release = asyncio.Event()
    tasks = []
    for client in clients:
        tasks.append(asyncio.ensure_future(held(queue, client, release)))
        await settle()
    release.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


def kinds(results: list[object]) -> list[str]:
    return ["busy" if isinstance(result, BusyError) else str(result) for result in results]


def test_over_the_length_a_newcomer_is_refused_and_told_when_to_come_back() -> None:
    results = completed(outcomes(FairQueue(concurrent=1, length=2), "abcd"))
    assert kinds(results) == ["a", "b", "c", "busy"]
    assert results[-1].retry_after_s >= 1
    assert "2 questions are waiting" in str(results[-1])


def test_a_client_who_fills_the_queue_makes_room_for_one_who_has_nothing_in_it() -> None:
    assert kinds(completed(outcomes(FairQueue(concurrent=1, length=3), "aaaab"))) == ["a", "a", "a", "busy", "b"]


def test_a_client_cannot_push_out_others_with_as_few_questions() -> None:
    assert kinds(completed(outcomes(FairQueue(concurrent=1, length=2), "aabb"))) == ["a", "a", "b", "busy"]


def test_a_queue_without_places_works_and_refuses_the_second() -> None:
    assert kinds(completed(outcomes(FairQueue(concurrent=1, length=0), "ab"))) == ["a", "busy"]


def test_the_check_ahead_says_what_would_happen() -> None:
    async def run() -> None:
        queue = FairQueue(concurrent=1, length=1)
        release = asyncio.Event()
        queue.check("a")
        tasks = [asyncio.ensure_future(held(queue, client, release)) for client in "ab"]
        await settle()
        with pytest.raises(BusyError):
            queue.check("c")
        release.set()
        await asyncio.gather(*tasks)

    completed(run())


def test_one_who_leaves_while_waiting_gives_up_the_place() -> None:
    async def run() -> None:
        queue = FairQueue(concurrent=1, length=1)
        release = asyncio.Event()
        first, second = (asyncio.ensure_future(held(queue, client, release)) for client in "ab")
        await settle()
        second.cancel()
        await settle()
        assert queue.waiting == 0
        third = asyncio.ensure_future(held(queue, "c", release))
        await settle()
        release.set()
        assert await asyncio.gather(first, third) == ["a", "c"]
        assert (queue.running, queue.waiting) == (0, 0)

    completed(run())


def test_a_turn_that_comes_to_one_who_just_left_passes_on() -> None:
    async def run() -> None:
        queue = FairQueue(concurrent=1, length=5)
        release = asyncio.Event()
        first = asyncio.ensure_future(held(queue, "a", release))
        await settle()
        second, third = (asyncio.ensure_future(held(queue, client, release)) for client in "bc")
        await settle()
        release.set()
        await first  # the second one's turn has come, but its task has not gone on yet
        second.cancel()
        assert await third == "c"
        await settle()
        assert (queue.running, queue.waiting) == (0, 0)

    completed(run())
