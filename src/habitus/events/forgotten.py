"""The list of who was forgotten: enough to refuse what comes again, too little to say who it was."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, func, select

from habitus.events import schema
from habitus.events.driver import driver
from habitus.events.rows import Rows
from habitus.events.statement import Statement
from habitus.events.upsert import upsert

ALWAYS = 2**63 - 1  # µs: later than every event
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: a workspace's name, its random key and HMAC-SHA256(key, user id), both
    in hex, and the moment of the deletion in µs since 1970, UTC."""

    workspace: str
    key: str
    hash: str
    at: int


def keyed_hash(key: str, user_id: str) -> str:
    """HMAC-SHA256 of a user id under a key in hex: without the key nobody can try ids out."""
    return hmac.digest(bytes.fromhex(key), user_id.encode(), "sha256").hex()


def enter(connection: Connection, workspace: int, user_id: str, at: int) -> None:
    """Put a user on the list, or move the moment of one who is on it forward."""
    key = next(iter(_keys(connection, workspace)), None) or secrets.token_hex(KEY_BYTES)
    enter_hash(connection, workspace, key, keyed_hash(key, user_id), at)


def enter_hash(connection: Connection, workspace: int, key: str, hashed: str, at: int) -> None:
    """`enter` for a line of another list."""
    before = AT.once(driver(connection), w=workspace, k=key, h=hashed).fetchone()
    row = {"workspace": workspace, "key": key, "hash": hashed, "at": at}
    if before is None or before[0] < at:
        upsert(connection, schema.forgotten, row, replace=("at",))


def moments(connection: Connection, workspace: int, user_ids: Iterable[str]) -> dict[str, int]:
    """Which of some users were forgotten, and when (µs). What they did up to then is refused.

    Costs next to nothing where nobody was. In an ordinal workspace nothing tells what is new, so
    that the moment is `ALWAYS`.
    """
    keys = list(_keys(connection, workspace))
    if not keys:
        return {}
    raw = driver(connection)
    found: dict[str, int] = {}
    for user_id in user_ids:
        for key in keys:
            row = AT.once(raw, w=workspace, k=key, h=keyed_hash(key, user_id)).fetchone()
            if row is not None:
                found[user_id] = max(row[0], found.get(user_id, row[0]))
    if found and _ordinal(connection, workspace):
        return dict.fromkeys(found, ALWAYS)
    return found


def stamp(connection: Connection, workspace: int) -> tuple[int, int]:
    """Changes whenever somebody is forgotten."""
    table = schema.forgotten
    query = select(func.count(), func.coalesce(func.sum(table.c.at % 2**31), 0))
    row = connection.execute(query.where(table.c.workspace == workspace)).one()
    return int(row[0]), int(row[1])


def admitted(connection: Connection, workspace: int, rows: Rows) -> tuple[Rows, int]:
    """The events that may be stored, and how many were refused as a forgotten user's.

    An event given without a time happens now, and is of somebody new.
    """
    until = moments(connection, workspace, {event.user_id for event in rows.events})
    if not until:
        return rows, 0
    kept = replace(rows, events=[], timed=[])
    for event, timed in zip(rows.events, rows.timed, strict=True):
        limit = until.get(event.user_id)
        new = not timed and limit != ALWAYS
        if limit is None or new or (event.timestamp or 0) > limit:
            kept.events.append(event)
            kept.timed.append(timed)
    return kept, len(rows.events) - len(kept.events)


def entries(connection: Connection, workspace: str | None = None) -> list[Entry]:
    """The list of one workspace or of all."""
    table, named = schema.forgotten, schema.workspaces
    query = (
        select(named.c.name, table.c.key, table.c.hash, table.c.at)
        .join_from(table, named, table.c.workspace == named.c.code)
        .order_by(named.c.name, table.c.key, table.c.hash)
    )
    if workspace is not None:
        query = query.where(named.c.name == workspace)
    return [Entry(*row) for row in connection.execute(query)]


def named_by(
    listed: Collection[Entry], workspace: str, user_ids: Iterable[str]
) -> Mapping[str, Entry]:
    """Which users of a workspace a list means: user id → its latest entry."""
    of_workspace = {(each.key, each.hash): each for each in listed if each.workspace == workspace}
    keys = {key for key, _ in of_workspace}
    found: dict[str, Entry] = {}
    for user_id in user_ids:
        for key in keys:
            entry = of_workspace.get((key, keyed_hash(key, user_id)))
            if entry and (user_id not in found or found[user_id].at < entry.at):
                found[user_id] = entry
    return found


def _keys(connection: Connection, workspace: int) -> Iterator[str]:
    """The keys of a workspace's list: one, or several where lists were joined."""
    raw, last = driver(connection), ""
    while (found := NEXT_KEY.once(raw, w=workspace, last=last).fetchone()[0]) is not None:
        yield found
        last = found


def _ordinal(connection: Connection, workspace: int) -> bool:
    table = schema.workspaces
    return bool(connection.scalar(select(table.c.ordinal).where(table.c.code == workspace)))


_LIST = schema.forgotten.c
NEXT_KEY = Statement(
    select(func.min(_LIST.key)).where(
        _LIST.workspace == bindparam("w"), _LIST.key > bindparam("last")
    )
)
AT = Statement(
    select(_LIST.at).where(
        _LIST.workspace == bindparam("w"),
        _LIST.key == bindparam("k"),
        _LIST.hash == bindparam("h"),
    )
)
