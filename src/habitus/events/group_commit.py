"""Group commit: writes that wait at the same time share one transaction and its one sync."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection

from habitus.events.database import Database
from habitus.types import HabitusError

Answer = TypeVar("Answer")
Job = Callable[[Connection], Answer]


@dataclass(slots=True)
class _Waiting(Generic[Answer]):
    job: Job[Answer]
    done: bool = False
    answer: Answer | None = None
    error: BaseException | None = None


class GroupCommit(Generic[Answer]):
    """Runs jobs of many threads; each call returns when its own job is on disk.

    The first thread to come leads: it takes the writer lock, then runs all jobs that wait by
    then in one transaction. If that transaction fails, none of its jobs is stored and each
    caller gets an error.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting[Answer]] = []
        self._list = threading.Lock()
        self._leader = threading.Lock()

    def run(self, job: Job[Answer]) -> Answer:
        """Do one job durably and give its answer."""
        mine = _Waiting(job)
        with self._list:
            self._waiting.append(mine)
        with self._leader:
            if not mine.done:
                self._lead()
        if mine.error is not None:
            raise HabitusError(
                f"The write was not stored: {mine.error}.", "Nothing was changed; try again."
            ) from mine.error
        assert mine.answer is not None
        return mine.answer

    def _lead(self) -> None:
        batch: list[_Waiting[Answer]] = []
        try:
            with self._database.write() as connection:
                batch = self._take()
                for waiting in batch:
                    waiting.answer = waiting.job(connection)
        except BaseException as error:
            batch = batch or self._take()
            for waiting in batch:
                waiting.error = error
            raise
        finally:
            for waiting in batch:
                waiting.done = True

    def _take(self) -> list[_Waiting[Answer]]:
        with self._list:
            batch, self._waiting = self._waiting, []
        return batch
