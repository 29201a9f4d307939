"""A whole store from one place to another, SQLite or PostgreSQL, row by row and checked."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, inspect, select

from habitus.events import preparing, schema
from habitus.events.database import Database, is_url, open_database
from habitus.events.fingerprint import fingerprint
from habitus.events.statement import insert_rows
from habitus.types import HabitusError, Progress, silent

ROWS = 20_000  # of one read and one write
FILES = "models"  # of a store's folder; the rest of it belongs to imports


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: rows by table, the fingerprint of each workspace, and the models' folders."""

    rows: dict[str, int]
    fingerprints: dict[str, str]
    models: int


def migrate(
    source: str | Path,
    target: str | Path,
    models: str | Path | None = None,
    progress: Progress = silent,
) -> Moved:
    """Copy the store `source` to `target`, where there is none yet: all workspaces, keys and models.

    Both are a folder or a postgresql:// URL; `models` is the folder of the files of the one in
    PostgreSQL. The source is read as it was at one moment, and stays as it is. Until everything is
    there and its fingerprint is the source's, the target cannot be opened; broken off, the same
    call begins anew. HabitusError where there is a store already, or the source changed meanwhile.
    """
    of, of_folder = open_database(source, False, models if is_url(source) else None)
    with closing(of):
        to, to_folder = open_database(target, True, models if is_url(target) else None, _begin)
        with closing(to):
            totals = _copy_rows(of, to, progress)
            copied = _copy_models(of_folder, to_folder)
            prints = _compared(of, to, totals, progress)
            with to.write() as connection:
                preparing.finish(connection)
            to.checkpoint()
    return Moved(totals, prints, copied)


def _tables() -> list[Table]:
    """What is copied. The version is written last; workers register again where they start."""
    left_out = (schema.store, schema.workers)
    return [table for table in schema.metadata.sorted_tables if table not in left_out]


def _begin(connection: Connection, place: str, _create: bool) -> None:
    """Empty tables that are no store yet; HabitusError where there is one."""
    if schema.store.name not in inspect(connection).get_table_names():
        preparing.refuse_foreign(connection, place)
        preparing.make(connection)
        return
    if _count(connection, schema.store):
        raise HabitusError(
            f"There is a store in {place} already.",
            "Name a folder, database or schema that holds none.",
        )
    for table in schema.metadata.sorted_tables:  # of a migration that was broken off
        connection.execute(delete(table))


def _copy_rows(of: Database, to: Database, progress: Progress) -> dict[str, int]:
    """Copy all tables as they are at one moment; the rows of each."""
    done = 0
    with of.read() as reading:
        totals = {table.name: _count(reading, table) for table in _tables()}
        for table in _tables():
            query = select(table).order_by(*table.primary_key)
            with reading.execute(query, execution_options={"yield_per": ROWS}) as found:
                for rows in found.partitions():
                    _write(to, table, rows)
                    done += len(rows)
                    progress("copying rows", done, sum(totals.values()), table.name)
    return totals


def _write(to: Database, table: Table, rows: Sequence[Row[Any]]) -> None:
    columns = map(list, zip(*rows, strict=True))
    with to.write() as connection:
        insert_rows(connection, table, dict(zip(table.c.keys(), columns, strict=True)), {})


def _count(connection: Connection, table: Table) -> int:
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def _copy_models(source: Path, target: Path) -> int:
    """Copy the published models; those of a broken-off copy are replaced. The number of models."""
    if not (source / FILES).is_dir() or (source / FILES) == (target / FILES):
        return 0
    hidden = shutil.ignore_patterns(".*")  # unfinished trainings
    shutil.copytree(source / FILES, target / FILES, ignore=hidden, dirs_exist_ok=True)
    return len([*(target / FILES).glob("*/*/")])


def _compared(
    of: Database, to: Database, totals: dict[str, int], progress: Progress
) -> dict[str, str]:
    """The fingerprint of each workspace, which both sides share; HabitusError where they differ."""
    with to.read() as connection:
        counted = {table.name: _count(connection, table) for table in _tables()}
        query = select(schema.workspaces.c.code, schema.workspaces.c.name)
        workspaces = [*connection.execute(query.order_by(schema.workspaces.c.name))]
    found: dict[str, str] = {}
    for code, name in workspaces:
        found[name] = fingerprint(to, code, progress)
        if found[name] != fingerprint(of, code, progress):
            raise HabitusError(
                f"The workspace {name!r} is not the same on both sides: the store changed "
                "while it was copied.",
                "End all that writes to it, and run the same migration again.",
            )
    if counted != totals:
        raise HabitusError(
            "The copy has another number of rows than the store.", "Run the same migration again."
        )
    return found
