"""The logical content of a workspace as one value, whatever the order in which it arrived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, bindparam, select

from habitus.events import descriptions, schema
from habitus.events.chunk import OPTIONAL
from habitus.events.codes import OWN_SOURCE, event_id, prefixes
from habitus.events.database import Database
from habitus.events.described import as_json
from habitus.events.driver import driver
from habitus.events.ranges import ranges, users_with_events
from habitus.events.statement import Statement
from habitus.types import EventType, Item, Progress, User, silent

BYTES = 32  # of a row's hash: sums of 256 bits are not forged by accident
MODULUS = 1 << (8 * BYTES)
DEFAULT = EventType("")  # what an event type that nobody configured is taken to be


def fingerprint(database: Database, workspace: int, progress: Progress = silent) -> str:
    """32 hex digits: BLAKE2b of the sums, modulo 2^256, of the BLAKE2b of every row.

    A sum does not depend on order, and it counts rows that are the same. Content is: events with
    all that they say (not when they were recorded, nor ids that the store made itself), items,
    users, event types that differ from the default, and whether the workspace is ordinal; there
    an event's place in its history is content too. It reads in short transactions, so writes
    that happen meanwhile may be in it or not.
    """
    with database.read() as connection:
        types = descriptions.event_types(driver(connection), workspace).values()
        parts = [
            _ordinal(connection, workspace),
            _sum(_item(each) for each in descriptions.items(connection, workspace)),
            _sum(_user(each) for each in descriptions.users(connection, workspace)),
            _sum(
                (each.name, each.role.value, each.weight)
                for each in types
                if (each.role, each.weight) != (DEFAULT.role, DEFAULT.weight)
            ),
        ]
    parts.append(_sum(_events(database, workspace, progress)))
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def _sum(rows: Iterable[tuple[Any, ...]]) -> int:
    total = 0
    for row in rows:
        digest = blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=BYTES).digest()
        total += int.from_bytes(digest, "little")
    return total % MODULUS


def _item(item: Item) -> tuple[Any, ...]:
    return (
        item.item_id,
        item.text,
        as_json(item.attributes),
        as_json(item.numbers),
        item.available,
    )


def _user(user: User) -> tuple[Any, ...]:
    return user.user_id, as_json(user.attributes), user.timezone


def _events(database: Database, workspace: int, progress: Progress) -> Iterator[tuple[Any, ...]]:
    """What each event says, as texts and numbers."""
    codes, names, counts = users_with_events(database, workspace)
    user_of = dict(zip(codes.tolist(), names.tolist(), strict=True))
    with database.read() as connection:
        type_of = _texts(connection, schema.event_types.c.name, workspace)
        item_of = _texts(connection, schema.items.c.item_id, workspace) | {0: ""}
        prefix_of = prefixes(connection, workspace)
        ordinal = _ordinal(connection, workspace)
    done = 0
    for first, last in ranges(codes, counts):
        with database.reading() as raw:
            rows = EVENTS.once(raw, w=workspace, first=first, last=last)
            for user, history in groupby(rows, key=itemgetter(0)):
                for place, row in enumerate(history):
                    _, kind, item, source, number, name, time, *said = row
                    key = (source, number, name)
                    yield (
                        user_of.get(user),
                        type_of[kind],
                        item_of[item],
                        "" if source == OWN_SOURCE else event_id(key, prefix_of),
                        place if ordinal else time,
                        *said,
                    )
        done += int(counts[(codes >= first) & (codes <= last)].sum())
        progress("reading events", done, int(counts.sum()))


def _ordinal(connection: Connection, workspace: int) -> bool:
    table = schema.workspaces
    found = connection.execute(select(table.c.ordinal).where(table.c.code == workspace))
    return bool(found.scalar_one())


def _texts(connection: Connection, text: Any, workspace: int) -> dict[int, str]:
    table = text.table
    query = select(table.c.code, text).where(table.c.workspace == workspace)
    return {row[0]: row[1] for row in connection.execute(query)}


_LOG = schema.events.c
EVENTS = Statement(
    select(
        _LOG.user,
        _LOG.type,
        _LOG.item,
        _LOG.source,
        _LOG.row,
        _LOG.name,
        _LOG.time,
        _LOG.sequence,
        *(_LOG[name] for name in OPTIONAL),
    )
    .where(
        _LOG.workspace == bindparam("w"), _LOG.user.between(bindparam("first"), bindparam("last"))
    )
    .order_by(_LOG.user, _LOG.time, _LOG.ingestion)
)
