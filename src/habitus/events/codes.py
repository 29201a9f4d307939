"""Texts to integer codes and back: users, items, sources and event types of one workspace."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeVar

from sqlalchemy import Connection, Table, bindparam, func, literal_column, select, update

from habitus.events import schema
from habitus.events.driver import driver
from habitus.events.listed import texts as listed_texts
from habitus.events.statement import Column, Statement, insert_rows
from habitus.types import Role

TEXT_SOURCE = 0  # ids that are plain texts
OWN_SOURCE = 1  # ids that the store made: its row is the ingestion number
BLOCK = 5_000  # texts in one look-up

NUMBERED = re.compile(r"(.+):(0|[1-9]\d{0,17})", re.DOTALL)

EventKey = tuple[int, int, str]  # source, row, name
Element = TypeVar("Element")

KEY_COLUMN = {
    schema.users.name: "user_id",
    schema.items.name: "item_id",
    schema.event_types.name: "name",
    schema.sources.name: "prefix",
}
NEW_ROW: Mapping[str, Mapping[str, int | str]] = {
    schema.users.name: {"revision": 0, "events": 0},
    schema.items.name: {"events": 0},
    schema.event_types.name: {"role": Role.POSITIVE.value, "weight": 1},
    schema.sources.name: {"own": False},
}


def blocks(elements: Sequence[Element], size: int) -> Iterator[Sequence[Element]]:
    """A sequence in slices of at most `size`."""
    for start in range(0, len(elements), size):
        yield elements[start : start + size]


def by_text(table: Table) -> str:
    """The index to use from text to code: left alone, SQLite reads the whole table."""
    return f"INDEXED BY {table.name}_by_{KEY_COLUMN[table.name]}"


def find(
    connection: Connection, table: Table, workspace: int, texts: Collection[str]
) -> dict[str, int]:
    """The codes of those texts that have one."""
    raw, statement = driver(connection), _finding(table)
    found: dict[str, int] = {}
    for block in blocks(list(texts), BLOCK):
        found.update(statement.once(raw, w=workspace, texts=json.dumps(block)).fetchall())
    return found


@cache
def _finding(table: Table) -> Statement:
    key = table.c[KEY_COLUMN[table.name]]
    listed = select(listed_texts("texts").c.value)
    query = select(key, table.c.code).where(table.c.workspace == bindparam("w"), key.in_(listed))
    return Statement(query.with_hint(table, by_text(table), "sqlite"))


def find_or_make(
    connection: Connection, table: Table, workspace: int, texts: Collection[str]
) -> dict[str, int]:
    """The codes of all texts; new texts get the next codes, in order of the text."""
    codes = find(connection, table, workspace, texts)
    missing = sorted(set(texts) - codes.keys())
    if not missing:
        return codes
    last = connection.scalar(select(func.max(table.c.code)).where(table.c.workspace == workspace))
    made = {text: code for code, text in enumerate(missing, (last or 0) + 1)}
    key = KEY_COLUMN[table.name]
    columns: dict[str, Column] = {"code": list(made.values()), key: list(made)}
    insert_rows(connection, table, columns, {"workspace": workspace, **NEW_ROW[table.name]})
    return codes | made


def make_own_source(connection: Connection, workspace: int) -> None:
    """Give a new workspace the prefix of the ids it will make; no two workspaces share one."""
    connection.execute(
        schema.sources.insert().values(
            workspace=workspace, code=OWN_SOURCE, prefix=secrets.token_hex(6), own=True
        )
    )


def source_code(connection: Connection, workspace: int, prefix: str) -> int:
    """The code of a source; where it is new, texts "prefix:row" seen before become its rows."""
    known = find(connection, schema.sources, workspace, [prefix]).get(prefix)
    if known is not None:
        return known
    code = find_or_make(connection, schema.sources, workspace, [prefix])[prefix]
    _adopt(connection, workspace, prefix, code)
    return code


def event_keys(
    connection: Connection, workspace: int, event_ids: Sequence[str | None]
) -> list[EventKey | None]:
    """Where each event id belongs; None stays None (an id is to be made)."""
    matches = [NUMBERED.fullmatch(text) if text is not None else None for text in event_ids]
    prefixes = {match[1] for match in matches if match}
    codes = find(connection, schema.sources, workspace, prefixes) if prefixes else {}

    def key(text: str | None, match: re.Match[str] | None) -> EventKey | None:
        if text is None:
            return None
        if match and match[1] in codes:
            return codes[match[1]], int(match[2]), ""
        return TEXT_SOURCE, 0, text

    return [key(text, match) for text, match in zip(event_ids, matches, strict=True)]


def prefixes(connection: Connection, workspace: int) -> dict[int, str]:
    """The prefix of each source of a workspace."""
    table = schema.sources
    query = select(table.c.code, table.c.prefix).where(table.c.workspace == workspace)
    return {row.code: row.prefix for row in connection.execute(query)}


def event_id(key: EventKey, prefix_of: Mapping[int, str]) -> str:
    """The text of an event id."""
    source, row, name = key
    return name if source == TEXT_SOURCE else f"{prefix_of[source]}:{row}"


def _adopt(connection: Connection, workspace: int, prefix: str, source: int) -> None:
    ids, events = schema.event_ids, schema.events
    query = select(ids.c.name, ids.c.user, ids.c.time, ids.c.ingestion).where(
        ids.c.workspace == workspace,
        ids.c.source == TEXT_SOURCE,
        ids.c.row == literal_column("0"),
        ids.c.name > f"{prefix}:",
        ids.c.name < f"{prefix};",  # ";" follows ":"
    )
    for name, user, time, ingestion in connection.execute(query).all():
        match = NUMBERED.fullmatch(name)
        if match is None or match[1] != prefix:
            continue
        moved = {"source": source, "row": int(match[2]), "name": ""}
        for table in (ids, events):
            connection.execute(
                update(table)
                .where(
                    table.c.workspace == workspace,
                    table.c.user == user,
                    table.c.time == time,
                    table.c.ingestion == ingestion,
                    table.c.name == name,
                    table.c.source == TEXT_SOURCE,
                )
                .values(moved)
            )
