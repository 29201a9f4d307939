"""The counter of changes of a workspace: ingestion numbers and revisions come from it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, bindparam, select, update

from habitus.events.driver import driver
from habitus.events.schema import workspaces
from habitus.events.statement import Statement


def next_change(connection: Connection, workspace: int, catalogue: bool) -> int:
    """The number of a change that is no event; with `catalogue` it is the catalogue's revision."""
    change = _last(connection, workspace) + 1
    set_change(connection, workspace, change, catalogue)
    return change


def change_availability(connection: Connection, workspace: int) -> None:
    """Record that of the items only what can be had has changed."""
    change = _last(connection, workspace) + 1
    AVAILABILITY_CHANGE.once(driver(connection), w=workspace, change_=change)


def set_change(connection: Connection, workspace: int, change: int, catalogue: bool) -> None:
    """Record the last number given out; with `catalogue` items or event types changed by it."""
    statement = CATALOGUE_CHANGE if catalogue else CHANGE
    statement.once(driver(connection), w=workspace, change_=change)


def _last(connection: Connection, workspace: int) -> int:
    query = select(workspaces.c.change).where(workspaces.c.code == workspace)
    return int(connection.execute(query).scalar_one())


def _setting(*columns: str) -> Statement:
    number = bindparam("change_", type_=BigInteger)
    values = dict.fromkeys(columns, number)
    return Statement(update(workspaces).where(workspaces.c.code == bindparam("w")).values(values))


CHANGE = _setting("change")
CATALOGUE_CHANGE = _setting("change", "catalogue_revision")
AVAILABILITY_CHANGE = _setting("change", "availability_revision")
