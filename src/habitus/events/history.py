"""One user's events as Event objects, and the removal of one event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, bindparam, delete, select, update

from habitus.events import schema
from habitus.events.changes import next_change
from habitus.events.codes import TEXT_SOURCE, event_keys
from habitus.events.derived import erase_derived
from habitus.events.driver import Driver
from habitus.events.event_list import EventList
from habitus.events.statement import Statement


def user_history(
    raw: Driver,
    workspace: int,
    user_id: str,
    limit: int | None,
    prefix_of: Mapping[int, str],
) -> EventList:
    """The last `limit` events of a user, oldest first. Ordinal events have no timestamp."""
    if limit is not None:
        rows = LAST.once(raw, w=workspace, u=user_id, n=limit).fetchall()
        return events_of(user_id, reversed(rows), prefix_of)
    rows = WHOLE.once(raw, w=workspace, u=user_id).fetchall()
    rows.sort(key=PLACE)  # the log has equal times in order of arrival; that stays
    return events_of(user_id, rows, prefix_of)


def events_of(
    user_id: str, rows: Iterable[Sequence[Any]], prefix_of: Mapping[int, str]
) -> EventList:
    """Rows of `history_rows` as events."""
    # One line a field and no call an event: thousands are read for a profile.
    made = [
        (
            user_id,
            kind,
            None if ordinal else time,
            item_id,
            value,
            text,
            session_id,
            request_id,
            position,
            propensity,
            timezone,
            json.loads(context) if context else None,
            sequence,
            name if source == TEXT_SOURCE else f"{prefix_of[source]}:{number}",
            recorded,
        )
        for ordinal, kind, time, item_id, value, text, session_id, request_id, position, propensity,
        timezone, context, sequence, source, number, name, recorded in rows
    ]  # fmt: skip
    return EventList(made)


def delete_event(connection: Connection, workspace: int, text: str) -> bool:
    """Remove one event; raises its user's revision, and the catalogue's where its item goes."""
    [key] = event_keys(connection, workspace, [text])
    assert key is not None
    ids, log = schema.event_ids, schema.events
    source, row, name = key
    this_id = (
        ids.c.workspace == workspace,
        ids.c.source == source,
        ids.c.row == row,
        ids.c.name == name,
    )
    found = connection.execute(select(ids.c.user, ids.c.time, ids.c.ingestion).where(*this_id))
    place = found.one_or_none()
    if place is None:
        return False
    this_event = (
        log.c.workspace == workspace,
        log.c.user == place.user,
        log.c.time == place.time,
        log.c.ingestion == place.ingestion,
    )
    item = connection.execute(select(log.c.item).where(*this_event)).scalar_one()
    connection.execute(delete(log).where(*this_event))
    connection.execute(delete(ids).where(*this_id))
    erase_derived(connection, workspace, place.user, text)
    vanishes = _uncount_item(connection, workspace, item)
    change = next_change(connection, workspace, catalogue=vanishes)
    users = schema.users
    connection.execute(
        update(users)
        .where(users.c.workspace == workspace, users.c.code == place.user)
        .values(events=users.c.events - 1, revision=change)
    )
    return True


def _uncount_item(connection: Connection, workspace: int, item: int) -> bool:
    """One event less; whether nothing names or describes the item any more."""
    items = schema.items
    this = (items.c.workspace == workspace, items.c.code == item)
    connection.execute(update(items).where(*this).values(events=items.c.events - 1))
    left = connection.execute(select(items.c.events, items.c.text).where(*this)).one_or_none()
    return left is not None and left.events == 0 and left.text is None


def history_rows() -> Select[Any]:
    """The events of user "u" in workspace "w", in no order."""
    log, users, items = schema.events, schema.users, schema.items
    types, workspaces = schema.event_types, schema.workspaces
    user = (
        select(users.c.code)
        .where(users.c.workspace == bindparam("w"), users.c.user_id == bindparam("u"))
        .scalar_subquery()
    )
    joined = (
        log.join(types, (types.c.workspace == log.c.workspace) & (types.c.code == log.c.type))
        .join(workspaces, workspaces.c.code == log.c.workspace)
        .outerjoin(items, (items.c.workspace == log.c.workspace) & (items.c.code == log.c.item))
    )
    return (
        select(
            workspaces.c.ordinal,
            types.c.name,
            log.c.time,
            items.c.item_id,
            log.c.value,
            log.c.text,
            log.c.session_id,
            log.c.request_id,
            log.c.position,
            log.c.propensity,
            log.c.timezone,
            log.c.context,
            log.c.sequence,
            log.c.source,
            log.c.row,
            log.c.name,
            log.c.recorded_at,
        )
        .select_from(joined)
        .where(log.c.workspace == bindparam("w"), log.c.user == user)
    )


def newest_first(rows: Select[Any]) -> Select[Any]:
    """`history_rows` in the order in which they are paged."""
    log = schema.events.c
    return rows.order_by(log.time.desc(), log.sequence.desc(), log.ingestion.desc())


ROW = history_rows()
PLACE = itemgetter(*(ROW.selected_columns.keys().index(name) for name in ("time", "sequence")))
# The order of the log itself is free; by `sequence` in between, all rows are sorted on the way.
WHOLE = Statement(ROW.order_by(schema.events.c.time, schema.events.c.ingestion))
LAST = Statement(newest_first(ROW).limit(bindparam("n", type_=BigInteger)))
