"""What was shown to whom: written behind the answers, in the transactions of the events."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.exc import SQLAlchemyError

from habitus.events import schema
from habitus.events.clock import Clock, system_clock
from habitus.events.codes import find, find_or_make
from habitus.events.database import Database
from habitus.events.forgetting import GONE
from habitus.events.forgotten import moments
from habitus.events.group_commit import GroupCommit
from habitus.events.statement import Column, insert_rows
from habitus.types import HabitusError, ScoredItem, Slate

CAPACITY = 10_000  # slates that wait at most
TOGETHER = 500  # slates of one write
PATIENCE = 0.1  # seconds that a slate waits for others

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Shown:
    slate: Slate
    at: int  # µs


class SlateLog:
    """The slates of one workspace. `add` never waits; one thread writes what was added.

    written    slates that are on disk
    lost       slates dropped because too many waited, or because a write failed; never an error
    forgotten  slates left out because their user was forgotten in the meantime
    """

    def __init__(
        self,
        database: Database,
        workspace: int,
        group: GroupCommit[Any],
        clock: Clock = system_clock,
        capacity: int = CAPACITY,
    ) -> None:
        self.written = self.lost = self.forgotten = 0
        self._database = database
        self._workspace = workspace
        self._group = group
        self._clock = clock
        self._queue: queue.Queue[_Shown | None] = queue.Queue(capacity)
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def waiting(self) -> int:
        """Slates that are not on disk yet, those being written excepted."""
        return self._queue.qsize()

    def add(self, slate: Slate) -> bool:
        """Queue a slate, shown now; False where it was dropped. An empty one has nothing to keep."""
        with self._guard:
            if self._closed:
                self.lost += 1
                return False
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="slates", daemon=True)
                self._thread.start()
            try:
                self._queue.put_nowait(_Shown(slate, self._clock()))
            except queue.Full:
                self.lost += 1
                return False
        return True

    def drain(self) -> None:
        """Wait until what was added is on disk, or lost."""
        self._queue.join()

    def close(self) -> None:
        """Write what waits and end the thread; slates added from now on are lost."""
        with self._guard:
            self._closed, thread = True, self._thread
        if thread is not None and thread.is_alive():
            self._queue.put(None)
            thread.join()

    def shown(self, request_id: str) -> Slate | None:
        """The slate of a request; None where there is none (yet, or any more).

        `now` is when it was shown. An item that has been removed since has the id "".
        """
        with self._database.read() as connection:
            rows = connection.execute(_by_request(self._workspace, request_id)).all()
        if not rows:
            return None
        items = tuple(
            ScoredItem(named_item(row.item_id), row.score, propensity=row.propensity)
            for row in rows
        )
        first = rows[0]
        return Slate(first.user_id, items, first.model, first.shown_at, request_id=request_id)

    def _work(self) -> None:
        ended = False
        while not ended:
            batch, ended = self._next()
            try:
                if batch:
                    self._flush(batch)
            finally:
                for _ in range(len(batch) + ended):
                    self._queue.task_done()

    def _next(self) -> tuple[list[_Shown], bool]:
        """The next slates to write, and whether they are the last."""
        first = self._queue.get()
        if first is None:
            return [], True
        time.sleep(PATIENCE)  # nobody is woken for a single one
        batch = [first]
        while len(batch) < TOGETHER:
            try:
                one = self._queue.get_nowait()
            except queue.Empty:
                break
            if one is None:
                return batch, True
            batch.append(one)
        return batch, False

    def _flush(self, batch: Sequence[_Shown]) -> None:
        try:
            written = self._group.run(lambda connection: self._write(connection, batch))
        except (HabitusError, SQLAlchemyError, sqlite3.Error, OSError):
            self.lost += len(batch)
            logger.exception("%d slates could not be written and are lost", len(batch))
        else:
            self.written += written
            self.forgotten += len(batch) - written

    def _write(self, connection: Connection, batch: Sequence[_Shown]) -> int:
        """Enter slates; how many were not of a forgotten user."""
        until = moments(connection, self._workspace, {one.slate.user_id for one in batch})
        kept = [one for one in batch if one.at > until.get(one.slate.user_id, one.at - 1)]
        items = {item.item_id for one in kept for item in one.slate.items}
        if not items:
            return len(kept)
        item_code = find(connection, schema.items, self._workspace, items)
        people = {one.slate.user_id for one in kept}
        user_code = find_or_make(connection, schema.users, self._workspace, people)
        insert_rows(
            connection,
            schema.slates,
            _columns(kept, user_code, item_code),
            {"workspace": self._workspace},
            ignore=True,
        )
        return len(kept)


def _columns(
    kept: Sequence[_Shown], user_code: dict[str, int], item_code: dict[str, int]
) -> dict[str, Column]:
    """One row a place; an item that was removed in the meantime is 0."""
    rows = [
        (
            one.at,
            one.slate.request_id,
            position,
            user_code[one.slate.user_id],
            item_code.get(item.item_id, 0),
            item.score,
            item.propensity,
            one.slate.model,
        )
        for one in kept
        for position, item in enumerate(one.slate.items)
    ]
    names = ("shown_at", "request_id", "position", "user", "item", "score", "propensity", "model")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def named_item(stored: str | None) -> str:
    """The id of an item as the log has it; "" where the item is gone."""
    return "" if stored is None or stored.startswith(GONE) else stored


def slate_rows(workspace: int) -> Select[Any]:
    """Every place of every slate with its texts, to be narrowed and ordered."""
    table, users, items = schema.slates, schema.users, schema.items
    joined = table.join(
        users, (users.c.workspace == table.c.workspace) & (users.c.code == table.c.user)
    ).outerjoin(items, (items.c.workspace == table.c.workspace) & (items.c.code == table.c.item))
    return (
        select(
            table.c.request_id,
            table.c.shown_at,
            table.c.position,
            users.c.user_id,
            items.c.item_id,
            table.c.score,
            table.c.propensity,
            table.c.model,
        )
        .select_from(joined)
        .where(table.c.workspace == workspace)
    )


def _by_request(workspace: int, request_id: str) -> Select[Any]:
    table = schema.slates
    shown_at = (
        select(table.c.shown_at)
        .where(table.c.workspace == workspace, table.c.request_id == request_id)
        .where(schema.FIRST_PLACE)
        .order_by(table.c.shown_at)
        .limit(1)
        .scalar_subquery()
    )
    return (
        slate_rows(workspace)
        .where(table.c.shown_at == shown_at, table.c.request_id == request_id)
        .order_by(table.c.position)
    )
