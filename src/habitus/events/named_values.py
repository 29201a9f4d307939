"""What a workspace is told or has learned: JSON texts, each under its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, select

from habitus.events import schema
from habitus.events.clock import Clock
from habitus.events.database import Database
from habitus.events.driver import driver
from habitus.events.statement import Statement
from habitus.events.upsert import upsert


class NamedValues:
    """The named values of one workspace, the same for every process. Threads may share it."""

    def __init__(self, database: Database, workspace: int, clock: Clock) -> None:
        self._database, self._workspace, self._clock = database, workspace, clock

    def get(self, name: str) -> str | None:
        """The text under a name; None where there is none."""
        with self._database.reading() as raw:
            found = CONTENT.once(raw, w=self._workspace, n=name).fetchone()
        return None if found is None else str(found[0])

    def written_at(self, name: str) -> int | None:
        """When the text under a name was kept (µs): other texts, other moments. None where there is
        none."""
        with self._database.reading() as raw:
            found = MOMENT.once(raw, w=self._workspace, n=name).fetchone()
        return None if found is None else int(found[0])

    def put(self, name: str, content: str) -> int:
        """Keep a text under a name in place of what was there; on disk on return. Gives `written_at`."""
        with self._database.write() as connection:
            before = MOMENT.once(driver(connection), w=self._workspace, n=name).fetchone()
            row = self._row(name, content)
            if before is not None:
                row["written_at"] = max(row["written_at"], int(before[0]) + 1)
            upsert(connection, schema.named_values, row, REPLACED)
        return int(row["written_at"])

    def settle(self, name: str, make: Callable[[], str]) -> str:
        """The text under a name. Where there is none, one is made: every process gets the same."""
        found = self.get(name)
        if found is None:
            with self._database.write() as connection:
                upsert(connection, schema.named_values, self._row(name, make()))
            found = self.get(name)
        assert found is not None
        return found

    def _row(self, name: str, content: str) -> dict[str, Any]:
        return {
            "workspace": self._workspace,
            "name": name,
            "content": content,
            "written_at": self._clock(),
        }


REPLACED = ("content", "written_at")
_VALUES = schema.named_values.c
_NAMED = (_VALUES.workspace == bindparam("w"), _VALUES.name == bindparam("n"))
CONTENT = Statement(select(_VALUES.content).where(*_NAMED))
MOMENT = Statement(select(_VALUES.written_at).where(*_NAMED))
