"""The tables of items, users and event types of a workspace: written, listed, as a catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, Table, and_, bindparam, false, or_, select, update

from habitus.events import schema
from habitus.events.catalogue import Catalogue, attribute_column
from habitus.events.changes import next_change, set_change
from habitus.events.codes import find_or_make
from habitus.events.described import as_json, attributes_from, attributes_of, from_json
from habitus.events.driver import Driver, driver
from habitus.events.statement import Statement
from habitus.types import EventType, Item, Role, User


def put_items(connection: Connection, workspace: int, items: Sequence[Item]) -> int:
    """Add or replace checked items; the number that were new or changed."""
    codes = find_or_make(connection, schema.items, workspace, [item.item_id for item in items])
    changed = PUT_ITEM.many(
        connection,
        w=repeat(workspace),
        c=[codes[item.item_id] for item in items],
        text_=[item.text for item in items],
        attributes_=[as_json(item.attributes) for item in items],
        numbers_=[as_json(item.numbers) for item in items],
        available_=[item.available for item in items],
    )
    if changed:
        next_change(connection, workspace, catalogue=True)
    return changed


def put_users(connection: Connection, workspace: int, users: Sequence[User]) -> int:
    """Add or replace checked users; the number that were new or changed; raises their revisions."""
    codes = find_or_make(connection, schema.users, workspace, [user.user_id for user in users])
    change = _change(connection, workspace) + 1
    changed = PUT_USER.many(
        connection,
        w=repeat(workspace),
        c=[codes[user.user_id] for user in users],
        revision_=repeat(change),
        attributes_=[as_json(user.attributes) for user in users],
        timezone_=[user.timezone for user in users],
    )
    if changed:
        set_change(connection, workspace, change, catalogue=False)
    return changed


def set_event_types(connection: Connection, workspace: int, types: Iterable[EventType]) -> None:
    """Give event types their role and weight; raises the catalogue revision where one differs."""
    by_name = {each.name: each for each in types}
    before = event_types(driver(connection), workspace)
    changed = {name: each for name, each in by_name.items() if before.get(name) != each}
    codes = find_or_make(connection, schema.event_types, workspace, changed)
    table = schema.event_types
    for name, each in changed.items():
        connection.execute(
            update(table)
            .where(table.c.workspace == workspace, table.c.code == codes[name])
            .values(role=each.role.value, weight=each.weight)
        )
    if changed:
        next_change(connection, workspace, catalogue=True)


def event_types(raw: Driver, workspace: int) -> dict[str, EventType]:
    """The event types by name, in the order in which they were first heard of."""
    found = TYPES.once(raw, w=workspace)
    return {name: EventType(name, Role(role), weight) for name, role, weight in found}


def items(connection: Connection, workspace: int) -> list[Item]:
    """Every item put or named by an event, in order of item_id."""
    ids, texts, attributes, numbers, available = _columns(connection, workspace)
    return [
        Item(
            item_id=item_id,
            text=text or "",
            attributes=attributes_from(named),
            numbers=counted,
            available=can_be_had != 0,
        )
        for item_id, text, named, counted, can_be_had in zip(
            ids, texts, from_json(attributes), from_json(numbers), available, strict=True
        )
    ]


def catalogue(connection: Connection, workspace: int) -> Catalogue:
    """The same as columns."""
    ids, texts, attributes, numbers, available = _columns(connection, workspace)
    return as_catalogue(ids, texts, from_json(attributes), from_json(numbers), available)


def as_catalogue(
    ids: Sequence[str],
    texts: Sequence[str | None],
    attributes: Sequence[Mapping[str, Any]],
    numbers: Sequence[Mapping[str, float]],
    available: Sequence[bool | None],
) -> Catalogue:
    """Items, already in order, as columns; row 0 is padding."""
    return Catalogue(
        item_ids=("", *ids),
        text=("", *(text or "" for text in texts)),
        attributes={
            name: attribute_column([(), *(_values(each.get(name, ())) for each in attributes)])
            for name in sorted(set(chain.from_iterable(attributes)))
        },
        numbers={
            name: np.array([np.nan, *(each.get(name, np.nan) for each in numbers)], np.float64)
            for name in sorted(set(chain.from_iterable(numbers)))
        },
        available=np.array([False, *(each != 0 for each in available)], np.bool_),
    )


def _columns(connection: Connection, workspace: int) -> Sequence[Sequence[Any]]:
    """Ids, texts, attributes, numbers and availability of the items, as the driver has them."""
    rows = ITEMS.once(driver(connection), w=workspace).fetchall()
    return list(zip(*rows, strict=True)) or [()] * 5


def unavailable(connection: Connection, workspace: int) -> list[str]:
    """The ids of the items that may not be recommended."""
    table = schema.items
    query = select(table.c.item_id).where(
        table.c.workspace == workspace, table.c.available == false()
    )
    return list(connection.scalars(query))


def users(connection: Connection, workspace: int) -> list[User]:
    """Every user put or with an event, in order of user_id."""
    table = schema.users
    query = (
        select(table.c.user_id, table.c.attributes, table.c.timezone)
        .where(
            table.c.workspace == workspace,
            or_(table.c.attributes.is_not(None), table.c.events > 0),
        )
        .order_by(table.c.user_id)
    )
    return [
        User(user_id, attributes_of(attributes), timezone)
        for user_id, attributes, timezone in connection.execute(query)
    ]


def _values(value: str | Sequence[str]) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value


def _change(connection: Connection, workspace: int) -> int:
    table = schema.workspaces
    found = connection.execute(select(table.c.change).where(table.c.code == workspace))
    return int(found.scalar_one())


def _putting(table: Table, columns: Sequence[str], **also: Any) -> Statement:
    """Set the columns of a row where one of them differs."""
    given = {name: bindparam(f"{name}_", type_=table.c[name].type) for name in columns}
    same_row = and_(table.c.workspace == bindparam("w"), table.c.code == bindparam("c"))
    differs = or_(*(table.c[name].is_distinct_from(given[name]) for name in columns))
    return Statement(update(table).where(same_row, differs).values(**given, **also))


def _items() -> Select[Any]:
    table = schema.items
    listed = or_(table.c.text.is_not(None), table.c.events > 0)
    return (
        select(
            table.c.item_id, table.c.text, table.c.attributes, table.c.numbers, table.c.available
        )
        .where(table.c.workspace == bindparam("w"), listed)
        .order_by(table.c.item_id)
    )


ITEMS = Statement(_items())
PUT_ITEM = _putting(schema.items, ("text", "attributes", "numbers", "available"))
PUT_USER = _putting(
    schema.users,
    ("attributes", "timezone"),
    revision=bindparam("revision_", type_=schema.users.c.revision.type),
)
TYPES = Statement(
    select(schema.event_types.c.name, schema.event_types.c.role, schema.event_types.c.weight)
    .where(schema.event_types.c.workspace == bindparam("w"))
    .order_by(schema.event_types.c.code)
)
