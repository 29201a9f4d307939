"""Requests that wait at the same time are answered together, each with its own answer or error."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from habitus.serve.batcher import Batcher
from habitus.serve.problems import Problem
from habitus.types import HabitusError


class Echo:
    """An engine that notes how it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.go = threading.Event()

    def recommend_many(self, asks: Sequence[Any]) -> list[Any]:
        self.go.wait(10)
        self.asked.append(len(asks))
        if "all" in asks:
            raise RuntimeError("the whole batch")
        return [HabitusError("not this one") if ask == "bad" else f"to {ask}" for ask in asks]


def batching(together: int, most: int) -> Batcher[Any, Any]:
    return Batcher("test", together, most, lambda engine, take: engine.recommend_many(take()))


def run(batcher: Batcher[Any, Any], job: Callable[[], Awaitable[Any]]) -> Any:
    async def all_of_it() -> Any:
        return await job()

    try:
        return asyncio.run(all_of_it())
    finally:
        batcher.close()


def test_what_waits_goes_together_and_one_bad_ask_harms_nobody() -> None:
    engine: Any = Echo()
    batcher = batching(8, 100)

    async def job() -> Any:
        tasks = [asyncio.create_task(batcher.ask(engine, n)) for n in ("first", *range(18), "bad")]
        await asyncio.sleep(0)
        engine.go.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    answers = run(batcher, job)
    assert answers[:19] == ["to first", *(f"to {n}" for n in range(18))]
    assert isinstance(answers[19], HabitusError)
    assert sum(engine.asked) == 20
    assert max(engine.asked) == 8
    assert len(engine.asked) <= 4
    assert batcher.pending == 0


def test_engines_are_not_mixed_and_other_jobs_take_their_turn() -> None:
    one, two = Echo(), Echo()
    one.go.set()
    two.go.set()
    batcher = batching(8, 100)

    async def job() -> Any:
        first: Any = one
        second: Any = two
        return await asyncio.gather(
            batcher.ask(first, "a"), batcher.ask(second, "b"), batcher.run(lambda: "job")
        )

    assert run(batcher, job) == ["to a", "to b", "job"]
    assert (sum(one.asked), sum(two.asked)) == (1, 1)


def test_a_failing_batch_fails_its_own_asks_alone() -> None:
    engine: Any = Echo()
    engine.go.set()
    batcher = batching(8, 100)

    async def job() -> Any:
        with pytest.raises(RuntimeError, match="the whole batch"):
            await batcher.ask(engine, "all")
        return await batcher.ask(engine, "next")

    assert run(batcher, job) == "to next"


def test_a_full_queue_refuses_and_what_nobody_waits_for_is_not_worked_out() -> None:
    engine: Any = Echo()
    batcher = batching(1, 3)

    async def job() -> None:
        tasks = [asyncio.create_task(batcher.ask(engine, n)) for n in range(3)]
        await asyncio.sleep(0.05)
        with pytest.raises(Problem) as full:
            await batcher.ask(engine, 4)
        assert full.value.kind.status == 503
        assert full.value.headers["Retry-After"]
        tasks[2].cancel()
        engine.go.set()
        assert await asyncio.gather(*tasks[:2]) == ["to 0", "to 1"]
        assert await batcher.ask(engine, 5) == "to 5"

    run(batcher, job)
    assert sum(engine.asked) == 3


def test_what_comes_before_the_work_can_begin_goes_with_it_up_to_a_size() -> None:
    """The first ask waits until the engine may begin; those that came meanwhile are not left out."""
    may_begin = threading.Event()
    taken: list[list[str]] = []

    def many(_engine: Any, take: Callable[[], list[str]]) -> list[Any]:
        may_begin.wait(10)
        taken.append(take())
        return taken[-1]

    batcher: Batcher[Any, Any] = Batcher("test", 6, 100, many, size=len)
    engine: Any = Echo()
    other: Any = Echo()

    async def job() -> Any:
        first = asyncio.create_task(batcher.ask(engine, "one"))
        await asyncio.sleep(0.05)
        late = ((engine, "two"), (other, "else"), (engine, "three"), (engine, "four"))
        others = [asyncio.create_task(batcher.ask(*each)) for each in late]
        await asyncio.sleep(0)
        may_begin.set()
        return await asyncio.gather(first, *others)

    assert run(batcher, job) == ["one", "two", "else", "three", "four"]
    assert taken == [["one", "two"], ["else"], ["three", "four"]]


def test_work_that_fails_before_it_takes_anything_fails_all_that_wait() -> None:
    def locked(_engine: Any, _take: Callable[[], list[str]]) -> list[Any]:
        raise HabitusError("the disk is full")

    batcher: Batcher[Any, Any] = Batcher("test", 8, 100, locked)
    engine: Any = Echo()

    async def job() -> None:
        for _ in range(2):
            with pytest.raises(HabitusError, match="full"):
                await batcher.ask(engine, "a")

    run(batcher, job)
    assert batcher.pending == 0
