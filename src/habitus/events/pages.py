"""Ranked lists whose pages are being turned, kept for ten minutes where every process finds them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, select

from habitus.events import schema
from habitus.events.clock import Clock, system_clock
from habitus.events.database import Database
from habitus.events.group_commit import GroupCommit
from habitus.events.upsert import upsert
from habitus.types import MINUTE

KEPT = 10 * MINUTE  # µs


class Pages:
    """The lists of one workspace. What one holds is the caller's: a text."""

    def __init__(
        self,
        database: Database,
        workspace: int,
        group: GroupCommit[Any],
        clock: Clock = system_clock,
    ) -> None:
        self._database = database
        self._workspace = workspace
        self._group = group
        self._clock = clock

    def keep(self, page_id: str, user_id: str, content: str) -> None:
        """Keep a list for ten minutes from now under an id that nobody guesses.

        A list of that id is replaced; lists whose time is over go.
        """
        table, now = schema.pages, self._clock()
        row = {
            "workspace": self._workspace,
            "page_id": page_id,
            "user_id": user_id,
            "made_at": now,
            "content": content,
        }

        def write(connection: Connection) -> bool:
            old = (table.c.workspace == self._workspace, table.c.made_at < now - KEPT)
            connection.execute(delete(table).where(*old))
            upsert(connection, table, row, replace=("user_id", "made_at", "content"))
            return True

        self._group.run(write)

    def find(self, page_id: str) -> str | None:
        """The list kept under an id; None where there is none or its time is over."""
        table = schema.pages
        query = select(table.c.content).where(
            table.c.workspace == self._workspace,
            table.c.page_id == page_id,
            table.c.made_at >= self._clock() - KEPT,
        )
        with self._database.read() as connection:
            found: str | None = connection.scalar(query)
            return found
