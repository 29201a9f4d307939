"""Writing a chunk of events: ids first, then the log, then counts and revisions, all or nothing."""

from __future__ import annotations

import json
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    update,
)

from habitus.events import schema
from habitus.events.changes import set_change
from habitus.events.chunk import OPTIONAL, Chunk
from habitus.events.codes import OWN_SOURCE, blocks, event_id, prefixes
from habitus.events.placing import place
from habitus.events.receipt import Receipt
from habitus.events.sorting import stable_order
from habitus.events.statement import Column, Statement, insert_rows

LOOKUP = 2_000  # event ids in one look-up
FIELD = {"user": "user_id", "type": "event_type", "item": "item_id", "time": "timestamp"}
COMPARED = ("user", "type", "item", "time", "sequence", *OPTIONAL)


def append_chunk(connection: Connection, workspace: int, chunk: Chunk, now: int) -> Receipt:
    """Store the events of a chunk whose ids are new; count or report the others.

    `now` (µs) is when they were recorded. Runs inside the caller's write transaction.
    """
    state = connection.execute(
        select(schema.workspaces.c.change, schema.workspaces.c.ordinal).where(
            schema.workspaces.c.code == workspace
        )
    ).one()
    if state.ordinal:
        place(connection, workspace, chunk)
    first = _first_number(state.change, chunk)
    numbers = np.arange(first, first + len(chunk), dtype=np.int64)
    made = chunk.row < 0
    chunk.row[made] = numbers[made]
    claimed = _claim_ids(connection, workspace, chunk, numbers)
    if claimed == len(chunk):
        _insert_events(connection, workspace, chunk, numbers, now)
        _raise_counts(connection, workspace, chunk, int(numbers[-1]))
        return Receipt(accepted=len(chunk))
    return _settle(connection, workspace, chunk, numbers, now, bool(state.ordinal))


def _settle(
    connection: Connection,
    workspace: int,
    chunk: Chunk,
    numbers: NDArray[np.int64],
    now: int,
    ordinal: bool,
) -> Receipt:
    """Some ids were there before: store the new events, compare the others."""
    stored = _stored(connection, workspace, chunk)
    fresh = np.array([row.ingestion for row in stored], np.int64) == numbers
    if fresh.any():
        new = chunk.pick(fresh)
        _insert_events(connection, workspace, new, numbers[fresh], now)
        _raise_counts(connection, workspace, new, int(numbers[-1]))
    receipt = Receipt(accepted=int(fresh.sum()))
    prefix_of = prefixes(connection, workspace)
    for index in np.flatnonzero(~fresh).tolist():
        given, before = chunk.content(index), stored[index]
        if before.ingestion >= numbers[0]:  # the same id twice in this very chunk
            known = chunk.content(int(before.ingestion - numbers[0]))
        else:
            known = before._asdict()
        if ordinal or (chunk.timed is not None and not chunk.timed[index]):
            known["time"] = given["time"]
        differing = tuple(FIELD.get(name, name) for name in COMPARED if given[name] != known[name])
        if differing:
            receipt.conflict(event_id(chunk.key(index), prefix_of), differing)
        else:
            receipt.duplicates += 1
    return receipt


def _first_number(change: int, chunk: Chunk) -> int:
    """The next ingestion number; above every own id that is given, so that none is made twice."""
    own = chunk.row[chunk.source == OWN_SOURCE]
    return int(max(change, own.max(initial=0))) + 1


def _claim_ids(
    connection: Connection, workspace: int, chunk: Chunk, numbers: NDArray[np.int64]
) -> int:
    """Enter the ids that are new, in the order of the key; returns how many were."""
    columns: dict[str, Column] = {}
    constants: dict[str, int | str] = {"workspace": workspace}
    if chunk.name is None:
        constants["name"] = ""
        order = stable_order(chunk.source, chunk.row)
    else:
        order = np.array(sorted(range(len(chunk)), key=lambda i: (*chunk.key(i), i)), np.int64)
        columns["name"] = [chunk.name[index] for index in order.tolist()]
    columns |= {
        "source": chunk.source[order],
        "row": chunk.row[order],
        "user": chunk.user[order],
        "time": chunk.time[order],
        "ingestion": numbers[order],
    }
    return insert_rows(connection, schema.event_ids, columns, constants, ignore=True)


def _insert_events(
    connection: Connection, workspace: int, chunk: Chunk, numbers: NDArray[np.int64], now: int
) -> None:
    columns: dict[str, Column] = {
        "user": chunk.user,
        "time": chunk.time,
        "ingestion": numbers,
        "sequence": chunk.sequence,
        "type": chunk.type,
        "source": chunk.source,
        "row": chunk.row,
        "item": chunk.item,
        **chunk.optional,
    }
    constants: dict[str, int | str] = {"workspace": workspace, "recorded_at": now}
    if chunk.name is None:
        constants["name"] = ""
    else:
        columns["name"] = chunk.name
    insert_rows(connection, schema.events, columns, constants)


def _stored(connection: Connection, workspace: int, chunk: Chunk) -> list[Row[Any]]:
    """For each event of the chunk what lies under its id: ingestion number and content."""
    names = chunk.names()
    keys = list(zip(chunk.source.tolist(), chunk.row.tolist(), names, strict=True))
    found: list[Row[Any]] = []
    for block in blocks(keys, LOOKUP):
        parameters = {"keys": json.dumps(block), "w": workspace}
        found += connection.execute(LOOK_UP, parameters).all()
    return found


def _raise_counts(connection: Connection, workspace: int, chunk: Chunk, change: int) -> None:
    """Count the new events of users and items, raise the users' revisions and, where an item
    appears for the first time, the catalogue's."""
    users, user_events = np.unique(chunk.user, return_counts=True)
    COUNT_USER.many(
        connection,
        w=repeat(workspace),
        c=users.tolist(),
        added=user_events.tolist(),
        change=repeat(change),
    )
    items, item_events = np.unique(chunk.item[chunk.item > 0], return_counts=True)
    codes = items.tolist()
    appear = {"codes": json.dumps(codes), "w": workspace}
    appears = bool(codes) and bool(connection.scalar(UNLISTED, appear))
    COUNT_ITEM.many(connection, w=repeat(workspace), c=codes, added=item_events.tolist())
    set_change(connection, workspace, change, catalogue=appears)


def _look_up() -> Select[Any]:
    ids, log = schema.event_ids, schema.events
    listed = func.json_each(bindparam("keys")).table_valued("key", "value", name="listed")

    def part(index: int) -> ColumnElement[Any]:
        return func.json_extract(listed.c.value, literal_column(f"'$[{index}]'"))

    same_id = and_(
        ids.c.workspace == bindparam("w"),
        ids.c.source == part(0),
        ids.c.row == part(1),
        ids.c.name == part(2),
    )
    same_event = and_(
        log.c.workspace == ids.c.workspace,
        log.c.user == ids.c.user,
        log.c.time == ids.c.time,
        log.c.ingestion == ids.c.ingestion,
    )
    return (
        select(ids.c.ingestion, *(log.c[name] for name in COMPARED))
        .select_from(listed.join(ids, same_id).outerjoin(log, same_event))
        .order_by(listed.c.key)
    )


def _counting(table: Table, **also: ColumnElement[Any]) -> Statement:
    return Statement(
        update(table)
        .where(table.c.workspace == bindparam("w"), table.c.code == bindparam("c"))
        .values(events=table.c.events + bindparam("added", type_=BigInteger), **also)
    )


def _unlisted() -> Select[Any]:
    table = schema.items
    codes = select(func.json_each(bindparam("codes")).table_valued("value").c.value)
    return (
        select(literal_column("1"))
        .where(table.c.workspace == bindparam("w"), table.c.code.in_(codes))
        .where(table.c.events == 0, table.c.text.is_(None))
        .limit(1)
    )


LOOK_UP = _look_up()
UNLISTED = _unlisted()
COUNT_USER = _counting(schema.users, revision=bindparam("change", type_=BigInteger))
COUNT_ITEM = _counting(schema.items)
