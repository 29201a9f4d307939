"""From checked events to a chunk: texts become codes, new ones are entered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection

from habitus.events import schema
from habitus.events.changes import next_change
from habitus.events.chunk import OPTIONAL, Chunk
from habitus.events.codes import OWN_SOURCE, event_keys, find, find_or_make
from habitus.events.rows import context_json
from habitus.types import Event

TO_BE_MADE = (OWN_SOURCE, -1, "")


def _field(name: str) -> Callable[[Event], Any]:
    return lambda event: getattr(event, name)


READ: dict[str, Callable[[Event], Any]] = {name: _field(name) for name in OPTIONAL}
READ["context"] = lambda event: context_json(event.context)


def code_events(
    connection: Connection, workspace: int, events: Sequence[Event], timed: Sequence[bool]
) -> Chunk:
    """The chunk of some checked events. Runs inside the caller's write transaction."""

    def codes(table: Any, texts: list[str]) -> dict[str, int]:
        return find_or_make(connection, table, workspace, sorted(set(texts)))

    users = codes(schema.users, [event.user_id for event in events])
    types = event_type_codes(connection, workspace, {event.event_type for event in events})
    items = codes(schema.items, [event.item_id for event in events if event.item_id is not None])
    keys = event_keys(connection, workspace, [event.event_id for event in events])
    source, row, name = zip(*(key or TO_BE_MADE for key in keys), strict=True)
    columns = {each: [READ[each](event) for event in events] for each in OPTIONAL}
    return Chunk(
        user=np.array([users[event.user_id] for event in events], np.int64),
        type=np.array([types[event.event_type] for event in events], np.int64),
        item=np.array([items[event.item_id] if event.item_id else 0 for event in events], np.int64),
        time=np.array([event.timestamp for event in events], np.int64),
        sequence=np.array([event.sequence for event in events], np.int64),
        source=np.array(source, np.int64),
        row=np.array(row, np.int64),
        name=list(name) if any(name) else None,
        optional={
            each: values
            for each, values in columns.items()
            if any(value is not None for value in values)
        },
        timed=np.array(timed, np.bool_),
    )


def event_type_codes(
    connection: Connection, workspace: int, names: Collection[str]
) -> dict[str, int]:
    """The codes of event types; one not heard of before is registered as positive, weight 1."""
    known = find(connection, schema.event_types, workspace, names)
    if len(known) == len(names):
        return known
    next_change(connection, workspace, catalogue=True)
    return find_or_make(connection, schema.event_types, workspace, names)
