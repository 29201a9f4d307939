"""Threads with a bound: what waits is counted until it is done, whoever still wants it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from habitus.serve.pool import Pool
from habitus.serve.problems import Problem


def test_answers_and_errors_come_back() -> None:
    pool = Pool("test", threads=2, most=10)

    async def job() -> None:
        assert await asyncio.gather(*(pool.run(lambda n=n: n * n) for n in range(5))) == [
            0, 1, 4, 9, 16,
        ]  # fmt: skip
        with pytest.raises(ZeroDivisionError):
            await pool.run(lambda: 1 // 0)
        await asyncio.sleep(0.01)
        assert pool.pending == 0

    asyncio.run(job())
    pool.close()


def test_a_full_pool_refuses_even_where_the_callers_have_left() -> None:
    pool = Pool("test", threads=1, most=2)
    go = threading.Event()

    async def job() -> None:
        tasks = [asyncio.create_task(pool.run(lambda: go.wait(10))) for _ in range(2)]
        await asyncio.sleep(0.01)
        tasks[0].cancel()
        await asyncio.sleep(0.01)
        with pytest.raises(Problem) as full:
            await pool.run(lambda: True)
        assert full.value.kind.status == 503
        go.set()
        assert await tasks[1]

    asyncio.run(job())
    pool.close()
