"""What the store knows of one user: their description and their events, page by page."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select, tuple_

from habitus.events import schema
from habitus.events.codes import prefixes
from habitus.events.described import attributes_of
from habitus.events.history import events_of, history_rows, newest_first
from habitus.types import AttributeValue, Event, HabitusError

MOST = 10_000  # events of one page

Place = tuple[int, int, int]  # time, sequence and number of ingestion


@dataclass(frozen=True, slots=True)
class UserState:
    """A user in numbers. `known` is False for an id that the workspace has nothing of.

    `items` counts the different items of their events; `first` and `last` are the times of their
    events in µs since 1970, UTC (None where there are none, or no times).
    """

    user_id: str
    known: bool = False
    revision: int = 0
    events: int = 0
    items: int = 0
    first: int | None = None
    last: int | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some of a user's events, newest first; `cursor` asks for those before (None = no more)."""

    events: tuple[Event, ...]
    cursor: str | None


def user_state(connection: Connection, workspace: int, user_id: str) -> UserState:
    """What is known of a user."""
    users, log = schema.users, schema.events
    found = connection.execute(
        select(users).where(users.c.workspace == workspace, users.c.user_id == user_id)
    ).one_or_none()
    if found is None or not (found.events or found.attributes is not None):
        return UserState(user_id)
    ordinal = connection.scalar(
        select(schema.workspaces.c.ordinal).where(schema.workspaces.c.code == workspace)
    )
    theirs = (log.c.workspace == workspace, log.c.user == found.code)
    first, last = connection.execute(
        select(func.min(log.c.time), func.max(log.c.time)).where(*theirs)
    ).one()
    items = connection.scalar(
        select(func.count(func.distinct(log.c.item))).where(*theirs, log.c.item > 0)
    )
    return UserState(
        user_id=user_id,
        known=True,
        revision=found.revision,
        events=found.events,
        items=int(items or 0),
        first=None if ordinal else first,
        last=None if ordinal else last,
        attributes=attributes_of(found.attributes),
        timezone=found.timezone,
    )


def history_page(
    connection: Connection, workspace: int, user_id: str, limit: int, cursor: str | None = None
) -> HistoryPage:
    """Up to `limit` events, newest first; with `cursor` those older than the page it came with.

    Events that arrive meanwhile move nothing: a page never repeats or skips what was there.
    HabitusError where the cursor is none, or the limit not in 1 … 10,000.
    """
    if not 1 <= limit <= MOST:
        raise HabitusError(
            f"A page of {limit} events cannot be given.", f"Ask for 1 to {MOST:,} at a time."
        )
    log = schema.events
    query = newest_first(history_rows().add_columns(log.c.ingestion)).limit(limit + 1)
    if cursor is not None:
        place = _place(cursor)
        columns = (log.c.time, log.c.sequence, log.c.ingestion)
        query = query.where(log.c.time <= place[0], tuple_(*columns) < tuple_(*place))
    rows = connection.execute(query, {"w": workspace, "u": user_id}).all()
    prefix_of = prefixes(connection, workspace) if rows else {}
    page = rows[:limit]
    last = page[-1] if len(rows) > limit else None
    return HistoryPage(
        events=tuple(events_of(user_id, (row[:-1] for row in page), prefix_of)),
        cursor=None if last is None else _cursor((last.time, last.sequence, last.ingestion)),
    )


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _place(cursor: str) -> Place:
    try:
        found: Any = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        time, sequence, ingestion = found
    except (ValueError, TypeError):
        raise _no_cursor() from None
    numbers = (time, sequence, ingestion)
    if not all(type(each) is int and -(2**63) < each < 2**63 for each in numbers):
        raise _no_cursor()
    return numbers


def _no_cursor() -> HabitusError:
    return HabitusError(
        "The cursor of the history is none that was given out.", "Begin without a cursor."
    )
