"""Which items may be recommended, set for many at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, or_, select, update

from habitus.events import schema
from habitus.events.changes import change_availability
from habitus.events.codes import blocks
from habitus.types import HabitusError

BLOCK = 500  # items of one statement


def listed(connection: Connection, workspace: int, item_ids: Sequence[str]) -> set[str]:
    """Which of some items were put, or named by an event that is still there."""
    table = schema.items
    there = or_(table.c.events > 0, table.c.text.is_not(None))
    found: set[str] = set()
    for block in blocks(sorted(set(item_ids)), BLOCK):
        these = (table.c.workspace == workspace, table.c.item_id.in_(block), there)
        found.update(connection.scalars(select(table.c.item_id).where(*these)))
    return found


def set_available(
    connection: Connection, workspace: int, item_ids: Sequence[str], available: bool
) -> int:
    """Let items be recommended, or not; how many were changed. All or nothing.

    HabitusError where the catalogue lacks one.
    """
    table = schema.items
    changed = 0
    for block in blocks(sorted(set(item_ids)), BLOCK):
        these = (table.c.workspace == workspace, table.c.item_id.in_(block))
        known = listed(connection, workspace, block)
        missing = [item_id for item_id in block if item_id not in known]
        if missing:
            raise HabitusError(
                f"The catalogue has no item {missing[0]!r}.",
                "Put it first; nothing of this call was changed.",
            )
        # An item that was never put has no word on it, and may be recommended.
        differs: ColumnElement[bool] = table.c.available.is_not(None) & (
            table.c.available != available
        )
        if not available:
            differs = or_(differs, table.c.available.is_(None))
        done = connection.execute(update(table).where(*these, differs).values(available=available))
        changed += done.rowcount
    if changed:
        change_availability(connection, workspace)
    return changed
