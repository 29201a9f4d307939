"""Threads for work that waits on the disk, with a bound on how much may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from habitus.serve.problems import busy

Answer = TypeVar("Answer")
FULL = "Too many requests wait already."


class Pool:
    """Runs jobs on its threads; what a caller no longer waits for still counts until it is done."""

    def __init__(self, name: str, threads: int, most: int) -> None:
        """`most` jobs may wait or run at one time."""
        self._threads = ThreadPoolExecutor(threads, f"habitus-{name}")
        self._most = most
        self.pending = 0

    async def run(self, job: Callable[[], Answer]) -> Answer:
        """The job's answer; Problem 503 where too many wait. Call it from the event loop."""
        if self.pending >= self._most:
            raise busy(FULL)
        self.pending += 1
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Answer] = loop.create_future()
        running = self._threads.submit(job)
        running.add_done_callback(lambda _: _tell(loop, partial(self._ended, running, waiting)))
        try:
            return await waiting
        except asyncio.CancelledError:
            running.cancel()  # what has not begun never does
            raise

    def close(self, wait: bool = True) -> None:
        """Drop what has not begun, and wait for what runs, or let it end by itself."""
        self._threads.shutdown(wait=wait, cancel_futures=True)

    def _ended(self, done: Future[Answer], waiting: asyncio.Future[Answer]) -> None:
        self.pending -= 1
        if waiting.done():
            return
        if done.cancelled():
            waiting.cancel()
        elif (error := done.exception()) is not None:
            waiting.set_exception(error)
        else:
            waiting.set_result(done.result())


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    """Call on the loop's thread, where the loop still runs."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(what)
