"""Group commit: writes that wait at the same time share one transaction and its one sync."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from habitus.events.database import Database
from habitus.types import HabitusError

Answer = TypeVar("Answer")
Job = Callable[[Connection], Answer]
Write = Callable[[Connection, Sequence[Any]], Sequence[Answer]]


class NotStoredError(HabitusError):
    """A write broke by a fault that nobody foresaw, which is not of what was asked."""


def _held() -> threading.Lock:
    """A lock to wait at: far cheaper than an event, and each waits once."""
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Answer]):
    write: Write[Answer]
    asked: Any
    leads: bool = False
    done: bool = False
    asleep: threading.Lock = field(default_factory=_held)  # until it leads, or is done
    answer: Answer | None = None
    error: BaseException | None = None


class GroupCommit(Generic[Answer]):
    """Runs writes of many threads; each call returns when its own is on disk.

    The first thread to come leads: it takes the writer lock, then runs all that wait by then in
    one transaction, and hands over to the first of those that came meanwhile. So all that come
    during one transaction are together in the next. If a transaction fails, nothing of it is
    stored and each caller gets an error.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting[Answer]] = []
        self._list = threading.Lock()
        self._led = False

    def run(self, job: Job[Answer]) -> Answer:
        """Do one job durably and give its answer."""
        return self.together(_one_by_one, job)

    def together(self, write: Write[Answer], asked: Any) -> Answer:
        """Have something written durably, in one call with what others ask of the same `write`.

        `write(connection, all that was asked)` gives an answer for each, in order.
        """
        mine = _Waiting(write, asked)
        with self._list:
            self._waiting.append(mine)
            mine.leads, self._led = not self._led, True
        if not mine.leads:
            self._wait(mine)
        if not mine.done:
            try:
                self._lead()
            finally:
                self._hand_over()
        if isinstance(mine.error, HabitusError):
            raise HabitusError(mine.error.problem, mine.error.mend) from mine.error
        if mine.error is not None:
            raise NotStoredError(
                f"The write was not stored: {mine.error}.", "Nothing was changed; try again."
            ) from mine.error
        assert mine.answer is not None
        return mine.answer

    def _wait(self, mine: _Waiting[Answer]) -> None:
        try:
            mine.asleep.acquire()
        except BaseException:  # Ctrl-C: the others need not know
            with self._list:
                if mine in self._waiting:
                    self._waiting.remove(mine)
            if mine.leads:
                self._hand_over()
            raise

    def _hand_over(self) -> None:
        with self._list:
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].leads = True
                self._waiting[0].asleep.release()

    def _lead(self) -> None:
        batch: list[_Waiting[Answer]] = []
        try:
            with self._database.write() as connection:
                batch = self._take()
                for write in dict.fromkeys(waiting.write for waiting in batch):
                    alike = [waiting for waiting in batch if waiting.write == write]
                    answers = write(connection, [waiting.asked for waiting in alike])
                    for waiting, answer in zip(alike, answers, strict=True):
                        waiting.answer = answer
        except BaseException as error:
            batch = batch or self._take()
            for waiting in batch:
                waiting.error = error
            raise
        finally:
            for waiting in batch:
                waiting.done = True
                if not waiting.leads:
                    waiting.asleep.release()

    def _take(self) -> list[_Waiting[Answer]]:
        with self._list:
            batch, self._waiting = self._waiting, []
        return batch


def _one_by_one(connection: Connection, jobs: Sequence[Job[Answer]]) -> list[Answer]:
    return [job(connection) for job in jobs]
