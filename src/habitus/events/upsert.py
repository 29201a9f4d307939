"""Insert a row, or mend the one that is there: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def upsert(
    connection: Connection, table: Table, row: Mapping[str, Any], replace: Sequence[str] = ()
) -> None:
    """Insert a row; where its primary key exists, replace the columns named (none: leave it)."""
    insert = INSERT[connection.dialect.name](table).values(**row)
    if replace:
        changed = {name: insert.excluded[name] for name in replace}
        insert = insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)
    else:
        insert = insert.on_conflict_do_nothing()
    connection.execute(insert)
