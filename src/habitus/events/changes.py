"""The counter of changes of a workspace: ingestion numbers and revisions come from it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from habitus.events.schema import workspaces


def next_change(connection: Connection, workspace: int, catalogue: bool) -> int:
    """The number of a change that is no event; with `catalogue` it is the catalogue's revision."""
    change = connection.execute(
        select(workspaces.c.change).where(workspaces.c.code == workspace)
    ).scalar_one()
    set_change(connection, workspace, change + 1, catalogue)
    return int(change) + 1


def set_change(connection: Connection, workspace: int, change: int, catalogue: bool) -> None:
    """Record the last number given out; with `catalogue` items or event types changed by it."""
    values: dict[str, Any] = {"change": change}
    if catalogue:
        values["catalogue_revision"] = change
    connection.execute(update(workspaces).where(workspaces.c.code == workspace).values(values))
