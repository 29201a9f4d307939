"""Is a store whole? Every count against the rows that it counts, and what takes up the disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, select

from habitus.events import schema
from habitus.events.database import Database
from habitus.events.driver import driver
from habitus.events.sqlite_database import FILE, SqliteDatabase
from habitus.types import Progress, silent

UNITS = ("bytes", "KB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, in plain words: `problems` is empty for a store that is whole."""

    facts: tuple[str, ...]
    problems: tuple[str, ...]


def check(database: Database, folder: Path, progress: Progress = silent) -> Checked:
    """Check the tables against each other, and with SQLite the file itself; see how much lies
    where. Reads everything once; `folder` is where the files of the store lie."""
    facts: list[str] = []
    problems: list[str] = []
    with database.read() as connection:
        if isinstance(database, SqliteDatabase):
            progress("Checking the file", 0, None)
            problems += _integrity(connection)
            facts += _free(connection)
        progress("Comparing the tables", 0, None)
        facts += _rows(connection)
        problems += _ids(connection)
        problems += _counts(connection, schema.users, schema.events.c.user, "user")
        problems += _counts(connection, schema.items, schema.events.c.item, "item")
        problems += _orphans(connection)
    facts += _disk(folder)
    return Checked(tuple(facts), tuple(problems))


def readable(count: int) -> str:
    """1536 → "1.5 KB"."""
    size, unit = float(count), 0
    while size >= 1024 and unit < len(UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.1f} {UNITS[unit]}" if unit else f"{count} {UNITS[0]}"


def _integrity(connection: Connection) -> Iterator[str]:
    for (found,) in driver(connection).execute("PRAGMA integrity_check"):
        if found != "ok":
            yield f"The file is damaged: {found}."


def _free(connection: Connection) -> Iterator[str]:
    raw = driver(connection)
    [(pages,)] = raw.execute("PRAGMA freelist_count")
    [(size,)] = raw.execute("PRAGMA page_size")
    yield f"Free within the file: {readable(pages * size)}"


def _rows(connection: Connection) -> Iterator[str]:
    for table in (schema.events, schema.items, schema.users, schema.slates, schema.forgotten):
        count = connection.scalar(select(func.count()).select_from(table)) or 0
        yield f"Rows of {table.name}: {count:,}"


def _ids(connection: Connection) -> Iterator[str]:
    """Each event has one id, and each id one event."""
    ids, log = schema.event_ids, schema.events
    same = _same(ids, log, "workspace", "user", "time", "ingestion", "source", "row", "name")
    for table, words in (
        (log, "events are under no id: importing them again would double them"),
        (ids, "event ids belong to no event"),
    ):
        lost = select(func.count()).select_from(table).where(~exists().where(same))
        count = connection.scalar(lost) or 0
        if count:
            yield f"{count:,} {words}."


def _counts(
    connection: Connection, table: Table, column: ColumnElement[Any], noun: str
) -> Iterator[str]:
    """How many events a row says it has, against how many there are."""
    log = schema.events
    counted = (
        select(log.c.workspace, column.label("code"), func.count().label("events"))
        .group_by(log.c.workspace, column)
        .subquery()
    )
    joined = table.outerjoin(counted, _same(table, counted, "workspace", "code"))
    wrong = table.c.events != func.coalesce(counted.c.events, 0)
    count = connection.scalar(select(func.count()).select_from(joined).where(wrong)) or 0
    if count:
        yield f"{count:,} {noun}s have another number of events than their row says."


def _orphans(connection: Connection) -> Iterator[str]:
    log, shown = schema.events, schema.slates
    for table, column, other, words in (
        (log, log.c.user, schema.users, "events are of a user who is not there"),
        (log, log.c.item, schema.items, "events name an item that is not there"),
        (log, log.c.type, schema.event_types, "events have a type that is not there"),
        (shown, shown.c.user, schema.users, "places of slates are of a user who is not there"),
    ):
        named = (
            select(table.c.workspace, column.label("code"), func.count().label("rows"))
            .where(column > 0)
            .group_by(table.c.workspace, column)
            .subquery()
        )
        known = exists().where(_same(named, other, "workspace", "code"))
        count = connection.scalar(select(func.sum(named.c.rows)).where(~known)) or 0
        if count:
            yield f"{count:,} {words}."


def _same(one: Any, other: Any, *names: str) -> ColumnElement[bool]:
    return and_(*(one.c[name] == other.c[name] for name in names))


def _disk(folder: Path) -> Iterator[str]:
    """The size of each part of the folder, and of the log of writes."""
    database = folder / FILE
    parts = {"events and everything said of users and items": [database]}
    parts["log of writes not yet in the file"] = [database.with_name(FILE + "-wal")]
    if folder.is_dir():
        for part in sorted(path for path in folder.iterdir() if path.is_dir()):
            parts[part.name] = list(part.rglob("*"))
    for name, paths in parts.items():
        size = sum(path.stat().st_size for path in paths if path.is_file())
        yield f"Disk, {name}: {readable(size)}"
