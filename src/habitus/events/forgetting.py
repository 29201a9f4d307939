"""Forgetting a user: every row about them goes, and a keyed hash keeps them from coming back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, tuple_, update

from habitus.events import schema
from habitus.events.changes import next_change
from habitus.events.codes import blocks
from habitus.events.derived import erase_derived
from habitus.events.forgotten import enter

# The id of a row whose text is gone. No id that is given begins so, and the row keeps its code:
# a code that was given out twice would let one user or item pass for another.
GONE = "\x01"
BLOCK = 500  # values in one list of an SQL statement


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted of a user, and the moment (µs) up to which their events are refused.

    `rejected` counts rows of rejects files. `clean` is False where a long reader kept old pages
    in use: queries find nothing, but the files are clean only after `habitus retain` or another
    deletion.
    """

    user_id: str
    events: int
    slates: int
    at: int
    rejected: int = 0
    clean: bool = True


def forget(connection: Connection, workspace: int, user_id: str, now: int) -> Forgotten:
    """Delete every row about a user and put them on the list. Runs in the caller's transaction.

    The moment is `now`, or that of their last event where a clock was ahead.
    """
    users, log = schema.users, schema.events
    code = connection.scalar(
        select(users.c.code).where(users.c.workspace == workspace, users.c.user_id == user_id)
    )
    events = slates = 0
    at = now
    if code is not None:
        if not _ordinal(connection, workspace):
            last = select(func.max(log.c.time)).where(*_of_user(log, workspace, code))
            at = max(now, connection.scalar(last) or now)
        events = erase_events(connection, workspace, code)
        slates = erase_slates(connection, workspace, code)
        _erase_user(connection, workspace, code)
    pages = schema.pages
    connection.execute(
        delete(pages).where(pages.c.workspace == workspace, pages.c.user_id == user_id)
    )
    enter(connection, workspace, user_id, at)
    return Forgotten(user_id, events, slates, at)


def forget_until(connection: Connection, workspace: int, user_id: str, at: int) -> bool:
    """For a user who is there again since they were forgotten: delete what is not later than that.

    Their description goes too, for nothing says when it was put. False, and nothing is done, for
    a user who has no later event.
    """
    users, log = schema.users, schema.events
    code = connection.scalar(
        select(users.c.code).where(users.c.workspace == workspace, users.c.user_id == user_id)
    )
    if code is None or _ordinal(connection, workspace):
        return False
    last = connection.scalar(select(func.max(log.c.time)).where(*_of_user(log, workspace, code)))
    if last is None or last <= at:
        return False
    erase_events(connection, workspace, code, at)
    erase_slates(connection, workspace, code, at)
    connection.execute(
        update(users)
        .where(users.c.workspace == workspace, users.c.code == code)
        .values(attributes=None, timezone=None)
    )
    return True


def gone_users(connection: Connection, workspace: int, codes: Sequence[int]) -> list[int]:
    """Which of some codes are of users who were forgotten."""
    table = schema.users
    gone: list[int] = []
    for block in blocks(codes, BLOCK):
        query = select(table.c.code).where(
            table.c.workspace == workspace,
            table.c.code.in_(block),
            table.c.user_id.startswith(GONE),
        )
        gone += connection.scalars(query)
    return gone


def erase_events(
    connection: Connection, workspace: int, user: int, until: int | None = None
) -> int:
    """Delete a user's events, up to a moment (µs, inclusive) or all; how many.

    Items that nothing else names or describes go with them, and all that was derived of the user's
    events. The user's row stays.
    """
    log, ids, users = schema.events, schema.event_ids, schema.users
    theirs = _of_user(log, workspace, user)
    if until is not None:
        theirs.append(log.c.time <= until)
    counts = connection.execute(
        select(log.c.item, func.count()).where(*theirs, log.c.item > 0).group_by(log.c.item)
    ).all()
    key = (log.c.workspace, log.c.source, log.c.row, log.c.name)
    connection.execute(
        delete(ids).where(
            tuple_(ids.c.workspace, ids.c.source, ids.c.row, ids.c.name).in_(
                select(*key).where(*theirs)
            )
        )
    )
    deleted = int(connection.execute(delete(log).where(*theirs)).rowcount)
    erase_derived(connection, workspace, user)
    vanished = _uncount_items(connection, workspace, {row[0]: row[1] for row in counts})
    change = next_change(connection, workspace, catalogue=vanished)
    connection.execute(
        update(users)
        .where(users.c.workspace == workspace, users.c.code == user)
        .values(events=users.c.events - deleted, revision=change)
    )
    return deleted


def erase_slates(
    connection: Connection, workspace: int, user: int, until: int | None = None
) -> int:
    """Delete the slates shown to a user, up to a moment (µs, inclusive) or all; how many."""
    table = schema.slates
    theirs = [*_of_user(table, workspace, user), schema.FIRST_PLACE]
    if until is not None:
        theirs.append(table.c.shown_at <= until)
    shown = connection.execute(select(table.c.shown_at, table.c.request_id).where(*theirs)).all()
    for block in blocks([tuple(row) for row in shown], BLOCK):
        connection.execute(
            delete(table).where(
                table.c.workspace == workspace,
                tuple_(table.c.shown_at, table.c.request_id).in_(block),
            )
        )
    return len(shown)


def _erase_user(connection: Connection, workspace: int, user: int) -> None:
    table = schema.users
    connection.execute(
        update(table)
        .where(table.c.workspace == workspace, table.c.code == user)
        .values(user_id=f"{GONE}{user}", attributes=None, timezone=None)
    )


def _uncount_items(connection: Connection, workspace: int, counts: dict[int, int]) -> bool:
    """So many events less of each item; whether the catalogue lost one."""
    table = schema.items
    if not counts:
        return False
    this = (table.c.workspace == workspace, table.c.code == bindparam("c"))
    rows = [{"c": code, "n": count} for code, count in counts.items()]
    connection.execute(
        update(table).where(*this).values(events=table.c.events - bindparam("n")), rows
    )
    vanished: list[int] = []
    for block in blocks(list(counts), BLOCK):
        query = select(table.c.code).where(
            table.c.workspace == workspace,
            table.c.code.in_(block),
            table.c.events == 0,
            table.c.text.is_(None),
        )
        vanished += connection.scalars(query)
    if vanished:
        connection.execute(
            update(table).where(*this).values(item_id=bindparam("gone"), available=None),
            [{"c": code, "gone": f"{GONE}{code}"} for code in vanished],
        )
    return bool(vanished)


def _of_user(table: Any, workspace: int, user: int) -> list[ColumnElement[bool]]:
    return [table.c.workspace == workspace, table.c.user == user]


def _ordinal(connection: Connection, workspace: int) -> bool:
    table = schema.workspaces
    return bool(connection.scalar(select(table.c.ordinal).where(table.c.code == workspace)))
