"""How many events users and items have: raised for many of them at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Table, bindparam, update

from habitus.events.listed import counts
from habitus.events.statement import SQLITE, Statement


class Counting:
    """Raises `events` of the rows of a table, and sets its other columns `also`."""

    def __init__(self, table: Table, **also: ColumnElement[Any]) -> None:
        same = table.c.workspace == bindparam("w")
        added = bindparam("added", type_=BigInteger)
        self._each = Statement(
            update(table)
            .where(same, table.c.code == bindparam("c"))
            .values(events=table.c.events + added, **also)
        )
        given = counts("counts")  # one statement: each would wait for the server
        self._all = update(table).where(same, table.c.code == given.c.code)
        self._all = self._all.values(events=table.c.events + given.c.added, **also)

    def run(
        self,
        connection: Connection,
        workspace: int,
        codes: Sequence[int],
        added: Sequence[int],
        **also: int,
    ) -> None:
        """Add to the events of each code; `also` are the values of the other columns."""
        if connection.dialect.name == SQLITE.name:
            shared = {name: repeat(value) for name, value in also.items()}
            self._each.many(connection, w=repeat(workspace), c=codes, added=added, **shared)
            return
        listed = json.dumps(list(zip(codes, added, strict=True)))
        connection.execute(self._all, {"w": workspace, "counts": listed, **also})
