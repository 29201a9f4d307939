"""The tables of a store at its opening: made, brought to today's version, or refused."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select

from habitus.events import migrations, schema
from habitus.types import HabitusError

Prepare = Callable[[Connection, str, bool], None]  # with the place in words, and `create`


def prepare(connection: Connection, place: str, create: bool) -> None:
    """Make the tables where there are none, and mend those of an older version.

    Runs inside a write transaction. HabitusError where the tables are of something else, of a
    newer version or half a store, and where there are none and `create` is false.
    """
    names = set(inspect(connection).get_table_names())
    if schema.store.name in names:
        _refuse_unfinished(connection, place)
        migrations.migrate(connection, place)
        return
    refuse_foreign(connection, place)
    if not create:
        raise HabitusError(
            f"There is no store in {place}.", "Check the name, or create a store by importing."
        )
    make(connection)
    finish(connection)


def refuse_foreign(connection: Connection, place: str) -> None:
    """HabitusError where tables of something else have the names of ours."""
    taken = sorted(set(inspect(connection).get_table_names()) & set(schema.metadata.tables))
    if taken:
        raise HabitusError(
            f"{place} has a table {taken[0]!r}, but is no Habitus store.",
            "Name another folder, database or schema (…?options=-csearch_path%3Dhabitus).",
        )


def make(connection: Connection) -> None:
    """Make the tables. Until `finish` they are no store, so that nobody opens half of one."""
    schema.metadata.create_all(connection, checkfirst=False)


def finish(connection: Connection) -> None:
    """Say that the tables are a store."""
    connection.execute(schema.store.insert().values(version=schema.VERSION))


def _refuse_unfinished(connection: Connection, place: str) -> None:
    if connection.scalar(select(schema.store.c.version)) is None:
        raise HabitusError(
            f"{place} holds part of a store: a migration into it was broken off.",
            "Run the same `habitus migrate` again; it begins anew.",
        )
