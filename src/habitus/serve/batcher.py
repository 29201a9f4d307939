"""One thread for one kind of work: requests that wait at the same time are answered together."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from habitus.engine import Engine
from habitus.serve.pool import FULL
from habitus.serve.problems import busy
from habitus.types import HabitusError

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
Other = TypeVar("Other")


@dataclass(slots=True, eq=False)
class _Waiting:
    """One request: an ask of an engine, or any other job."""

    future: asyncio.Future[Any]
    engine: Engine | None = None
    ask: Any = None
    job: Callable[[], Any] | None = None


@dataclass(slots=True, eq=False)
class _Batch:
    """What is answered together: all that was taken, and what somebody still waits for."""

    every: list[_Waiting] = field(default_factory=list)
    wanted: list[_Waiting] = field(default_factory=list)

    def add(self, waiting: Sequence[_Waiting]) -> None:
        self.every += waiting
        self.wanted += [one for one in waiting if not one.future.cancelled()]


class Batcher(Generic[Ask, Answer]):
    """Has `many` answer what is asked of one engine at the same time.

    `many(engine, take)` calls `take()` once it can begin: it gives the asks that wait by then, in the
    order in which they came, until their sizes reach `together`.
    """

    def __init__(
        self,
        name: str,
        together: int,
        most: int,
        many: Callable[[Engine, Callable[[], list[Ask]]], Sequence[Answer | HabitusError]],
        size: Callable[[Ask], int] = lambda _: 1,
    ) -> None:
        """`most` may wait or be worked on at one time."""
        self._many = many
        self._together = together
        self._most = most
        self._size = size
        self._come: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._waiting: deque[_Waiting] = deque()  # of what has come, what is not yet taken
        self._more = True
        self.pending = 0
        self._thread = threading.Thread(target=self._work, name=f"habitus-{name}", daemon=True)
        self._thread.start()

    async def ask(self, engine: Engine, ask: Ask) -> Answer:
        """The answer to one ask; Problem 503 where too many wait, HabitusError as the engine says."""
        answer: Answer = await self._put(engine=engine, ask=ask)
        return answer

    async def run(self, job: Callable[[], Other]) -> Other:
        """Any other work, in its turn."""
        answer: Other = await self._put(job=job)
        return answer

    def close(self) -> None:
        """Answer what waits, then stop."""
        self._come.put(None)
        self._thread.join()

    async def _put(self, **what: Any) -> Any:
        if self.pending >= self._most:
            raise busy(FULL)
        self.pending += 1
        waiting = _Waiting(asyncio.get_running_loop().create_future(), **what)
        self._come.put(waiting)
        return await waiting.future

    def _work(self) -> None:
        while self._waiting or self._more:
            self._look(wait=not self._waiting)
            if self._waiting:
                batch = _Batch()
                self._deliver(batch, self._answers(self._waiting[0], batch))

    def _look(self, wait: bool) -> None:
        """What has come, into what waits."""
        try:
            while self._more:
                found = self._come.get(block=wait)
                wait = False
                if found is None:
                    self._more = False
                else:
                    self._waiting.append(found)
        except queue.Empty:
            return

    def _answers(self, first: _Waiting, batch: _Batch) -> Sequence[Any]:
        """The answers to what is taken into the batch: a job, or asks of one engine."""
        engine, job = first.engine, first.job
        if engine is None:
            batch.add([self._waiting.popleft()])
            return [_tried(job) for _ in batch.wanted if job]
        answers = _tried(lambda: self._many(engine, lambda: self._take(engine, batch)))
        if not batch.every:  # it failed before it could begin
            self._take(engine, batch)
        return [answers] * len(batch.wanted) if isinstance(answers, BaseException) else answers

    def _take(self, engine: Engine, batch: _Batch) -> list[Ask]:
        """The asks of this engine that wait by now, as many as go together; the others stay."""
        self._look(wait=False)
        taken, left, size = [], deque[_Waiting](), 0
        for one in self._waiting:
            if one.engine is engine and size < self._together:
                size += self._size(one.ask)
                taken.append(one)
            else:
                left.append(one)
        self._waiting = left
        batch.add(taken)
        return [one.ask for one in batch.wanted]

    def _deliver(self, batch: _Batch, answers: Sequence[Any]) -> None:
        def settle() -> None:
            self.pending -= len(batch.every)
            for one, answer in zip(batch.wanted, answers, strict=True):
                if one.future.done():
                    continue
                if isinstance(answer, BaseException):
                    one.future.set_exception(answer)
                else:
                    one.future.set_result(answer)

        if batch.every and not (loop := batch.every[0].future.get_loop()).is_closed():
            loop.call_soon_threadsafe(settle)


def _tried(job: Callable[[], Any]) -> Any:
    """What a job gives, or the error that it ended with: its caller gets it, the thread lives on."""
    try:
        return job()
    except Exception as error:  # noqa: BLE001  handed to the caller
        return error
