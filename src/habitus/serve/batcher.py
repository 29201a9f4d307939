"""One thread for one kind of work: requests that wait at the same time are answered together."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


class Batcher(Generic[Ask, Answer]):
    """Takes what waits, at most `together`, and has `many` answer all that is asked of one engine."""

    def __init__(
        self,
        name: str,
        together: int,
        most: int,
        many: Callable[[Engine, list[Ask]], Sequence[Answer | HabitusError]],
    ) -> None:
        """`most` may wait or be worked on at one time."""
        self._many = many
        self._together = together
        self._most = most
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
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
        self._waiting.put(None)
        self._thread.join()

    async def _put(self, **what: Any) -> Any:
        if self.pending >= self._most:
            raise busy(FULL)
        self.pending += 1
        waiting = _Waiting(asyncio.get_running_loop().create_future(), **what)
        self._waiting.put(waiting)
        return await waiting.future

    def _work(self) -> None:
        more = True
        while more:
            batch, more = self._take()
            wanted = [one for one in batch if not one.future.cancelled()]
            done = [(one, _tried(one.job)) for one in wanted if one.job is not None]
            for engine, asked in _by_engine(wanted).items():
                done += zip(asked, self._answers(engine, [one.ask for one in asked]), strict=True)
            self._deliver(batch, done)

    def _answers(self, engine: Engine, asks: list[Ask]) -> Sequence[Any]:
        answers = _tried(lambda: self._many(engine, asks))
        return [answers] * len(asks) if isinstance(answers, BaseException) else answers

    def _take(self) -> tuple[list[_Waiting], bool]:
        """What waits, once something does; false where no more will come."""
        batch: list[_Waiting] = []
        found = self._waiting.get()
        while found is not None:
            batch.append(found)
            if len(batch) == self._together:
                return batch, True
            try:
                found = self._waiting.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _deliver(self, batch: Sequence[_Waiting], done: list[tuple[_Waiting, Any]]) -> None:
        def settle() -> None:
            self.pending -= len(batch)
            for one, answer in done:
                if one.future.done():
                    continue
                if isinstance(answer, BaseException):
                    one.future.set_exception(answer)
                else:
                    one.future.set_result(answer)

        if batch and not (loop := batch[0].future.get_loop()).is_closed():
            loop.call_soon_threadsafe(settle)


def _by_engine(batch: Sequence[_Waiting]) -> dict[Engine, list[_Waiting]]:
    found: dict[Engine, list[_Waiting]] = {}
    for one in batch:
        if one.engine is not None:
            found.setdefault(one.engine, []).append(one)
    return found


def _tried(job: Callable[[], Any]) -> Any:
    """What a job gives, or the error that it ended with: its caller gets it, the thread lives on."""
    try:
        return job()
    except Exception as error:  # noqa: BLE001  handed to the caller
        return error
