"""Writing a chunk of events: ids first, then the log, then counts and revisions, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    literal_column,
    select,
)

from habitus.events import schema
from habitus.events.changes import set_change
from habitus.events.chunk import OPTIONAL, Chunk
from habitus.events.codes import OWN_SOURCE, blocks, event_id, prefixes
from habitus.events.counting import Counting
from habitus.events.driver import driver
from habitus.events.listed import event_keys, numbers
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
    return append_parts(connection, workspace, chunk, now, [len(chunk)])[0]


def append_parts(
    connection: Connection, workspace: int, chunk: Chunk, now: int, sizes: Sequence[int]
) -> list[Receipt]:
    """`append_chunk` for a chunk of several parts, of these sizes: a receipt for each."""
    change, ordinal = STATE.once(driver(connection), w=workspace).fetchone()
    if ordinal:
        place(connection, workspace, chunk)
    first = _first_number(change, chunk)
    numbers = np.arange(first, first + len(chunk), dtype=np.int64)
    made = chunk.row < 0
    chunk.row[made] = numbers[made]
    claimed = _claim_ids(connection, workspace, chunk, numbers)
    if claimed == len(chunk):
        _insert_events(connection, workspace, chunk, numbers, now)
        _raise_counts(connection, workspace, chunk, int(numbers[-1]))
        return [Receipt(accepted=size) for size in sizes]
    return _settle(connection, workspace, chunk, numbers, now, bool(ordinal), sizes)


def _settle(
    connection: Connection,
    workspace: int,
    chunk: Chunk,
    numbers: NDArray[np.int64],
    now: int,
    ordinal: bool,
    sizes: Sequence[int],
) -> list[Receipt]:
    """Some ids were there before: store the new events, compare the others."""
    stored = _stored(connection, workspace, chunk)
    fresh = np.array([row.ingestion for row in stored], np.int64) == numbers
    if fresh.any():
        new = chunk.pick(fresh)
        _insert_events(connection, workspace, new, numbers[fresh], now)
        _raise_counts(connection, workspace, new, int(numbers[-1]))
    owner = np.repeat(np.arange(len(sizes)), sizes)
    accepted = np.bincount(owner[fresh], minlength=len(sizes)).tolist()
    receipts = [Receipt(accepted=count) for count in accepted]
    prefix_of = prefixes(connection, workspace)
    for index in np.flatnonzero(~fresh).tolist():
        receipt = receipts[owner[index]]
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
    return receipts


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
    raw = driver(connection)
    users, user_events = np.unique(chunk.user, return_counts=True)
    COUNT_USERS.run(connection, workspace, users.tolist(), user_events.tolist(), change=change)
    items, item_events = np.unique(chunk.item[chunk.item > 0], return_counts=True)
    codes = items.tolist()
    listed = json.dumps(codes)
    appears = bool(codes) and UNLISTED.once(raw, codes=listed, w=workspace).fetchone() is not None
    if codes:
        COUNT_ITEMS.run(connection, workspace, codes, item_events.tolist())
    set_change(connection, workspace, change, catalogue=appears)


def _look_up() -> Select[Any]:
    ids, log = schema.event_ids, schema.events
    listed = event_keys("keys")
    same_id = and_(
        ids.c.workspace == bindparam("w"),
        ids.c.source == listed.c.source,
        ids.c.row == listed.c.row,
        ids.c.name == listed.c.name,
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


def _unlisted() -> Select[Any]:
    table = schema.items
    codes = select(numbers("codes").c.value)
    return (
        select(literal_column("1"))
        .where(table.c.workspace == bindparam("w"), table.c.code.in_(codes))
        .where(table.c.events == 0, table.c.text.is_(None))
        .limit(1)
    )


LOOK_UP = _look_up()
UNLISTED = Statement(_unlisted())
STATE = Statement(
    select(schema.workspaces.c.change, schema.workspaces.c.ordinal).where(
        schema.workspaces.c.code == bindparam("w")
    )
)
COUNT_USERS = Counting(schema.users, revision=bindparam("change", type_=BigInteger))
COUNT_ITEMS = Counting(schema.items)
