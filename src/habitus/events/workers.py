"""The processes that answer for a workspace, and the model that each of them serves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select

from habitus.events import schema
from habitus.events.clock import Clock, system_clock
from habitus.events.database import Database
from habitus.events.upsert import upsert
from habitus.types import SECOND

SILENCE = 10 * SECOND  # without a beat for so long, a worker counts as gone


@dataclass(frozen=True, slots=True)
class Worker:
    """One process: `model` is the content hash of what it serves (None = nothing yet), `seen_at`
    its last beat in µs since 1970, UTC."""

    worker_id: str
    model: str | None
    seen_at: int


class Workers:
    """The registry of one workspace's workers. Each beats every few seconds."""

    def __init__(self, database: Database, workspace: int, clock: Clock = system_clock) -> None:
        self._database = database
        self._workspace = workspace
        self._clock = clock

    def beat(self, worker_id: str, model: str | None) -> None:
        """Say that a worker lives and what it serves."""
        row = {
            "workspace": self._workspace,
            "worker_id": worker_id,
            "model": model,
            "seen_at": self._clock(),
        }
        with self._database.write() as connection:
            upsert(connection, schema.workers, row, replace=("model", "seen_at"))

    def alive(self, silence: int = SILENCE) -> list[Worker]:
        """The workers heard of within the last `silence` µs, by id."""
        table = schema.workers
        query = (
            select(table.c.worker_id, table.c.model, table.c.seen_at)
            .where(table.c.workspace == self._workspace)
            .where(table.c.seen_at >= self._clock() - silence)
            .order_by(table.c.worker_id)
        )
        with self._database.read() as connection:
            return [Worker(*row) for row in connection.execute(query)]

    def drop(self, worker_id: str) -> None:
        """Take a worker that ends off the list, and those long silent with it."""
        table = schema.workers
        long_silent = table.c.seen_at < self._clock() - 100 * SILENCE
        with self._database.write() as connection:
            connection.execute(
                delete(table)
                .where(table.c.workspace == self._workspace)
                .where((table.c.worker_id == worker_id) | long_silent)
            )
