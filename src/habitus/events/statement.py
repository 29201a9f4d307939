"""SQLAlchemy Core statements compiled once and run on the driver, where a million rows pass."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import chain, islice, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Dialect, Table, bindparam, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg as postgres
from sqlalchemy.sql import ClauseElement

from habitus.events import copying
from habitus.events.driver import Driver, driver
from habitus.events.upsert import INSERT

TOGETHER = 100  # rows of one statement: 19 columns of them stay below SQLite's 32,766 parameters
SLICE = 50_000  # elements of an array that are Python objects at one time
FEW = 50  # rows up to which PostgreSQL takes them one by one: setting up a COPY costs as much
Column = Sequence[Any] | NDArray[np.int64]
SQLITE: Dialect = sqlite.dialect(paramstyle="qmark")
POSTGRES: Dialect = postgres.dialect(paramstyle="format")  # type: ignore[no-untyped-call]


class Statement:
    """A compiled statement; its parameters are given by the names of its bindparams."""

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause
        self.sql, self._names, self._constants = _compiled(clause, SQLITE)

    @cached_property
    def postgres(self) -> tuple[str, list[str], dict[str, Any]]:
        """The statement in PostgreSQL's words, its parameters in order, and the constants."""
        return _compiled(self._clause, POSTGRES)

    def many(self, connection: Connection, **columns: Iterable[Any]) -> int:
        """Run once for each row of the columns; the number of rows changed."""
        raw = driver(connection)
        if isinstance(raw, sqlite3.Connection):
            rows = _rows(self._names, self._constants, columns)
            return raw.executemany(self.sql, rows).rowcount
        sql, names, constants = self.postgres
        with raw.cursor() as cursor:
            cursor.executemany(sql, list(_rows(names, constants, columns)))
            return int(cursor.rowcount)

    def once(self, connection: Driver, **parameters: Any) -> Any:
        """Run once on the driver's connection; a cursor."""
        if isinstance(connection, sqlite3.Connection):
            return connection.execute(
                self.sql, [parameters.get(name, self._constants[name]) for name in self._names]
            )
        sql, names, constants = self.postgres
        return connection.execute(sql, [parameters.get(name, constants[name]) for name in names])


def _compiled(clause: ClauseElement, dialect: Dialect) -> tuple[str, list[str], dict[str, Any]]:
    compiled: Any = clause.compile(dialect=dialect)
    return str(compiled), list(compiled.positiontup or ()), compiled.params


def _rows(
    names: Sequence[str], constants: Mapping[str, Any], columns: Mapping[str, Iterable[Any]]
) -> Iterator[tuple[Any, ...]]:
    values: list[Iterable[Any]] = [
        columns[name] if name in columns else repeat(constants[name]) for name in names
    ]
    return zip(*values, strict=False)


def insert_rows(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Column],
    constants: Mapping[str, int | str],
    ignore: bool = False,
) -> int:
    """Insert rows given as columns of equal length, and values that all rows share.

    With `ignore` rows whose key exists are left out. Returns the number of rows inserted.
    """
    if connection.dialect.name == SQLITE.name:
        return _insert_together(connection, table, columns, constants, ignore)
    if len(next(iter(columns.values()))) > FEW:
        return copying.copy_rows(driver(connection), table, columns, constants, ignore)
    return _insert_each(connection, table, columns, constants, ignore)


def _insert_together(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Column],
    constants: Mapping[str, int | str],
    ignore: bool,
) -> int:
    """A hundred rows to a statement with the shared values written into it: half the time."""
    count = len(next(iter(columns.values())))
    whole = count - count % TOGETHER
    inserted = 0
    if whole:
        same = {name: int(each[0]) for name, each in columns.items() if _is_constant(each)}
        constants = {**constants, **same}
        columns = {name: each for name, each in columns.items() if name not in same}
        names = tuple(columns)
        assert names  # an ingestion number, a code: something always tells rows apart
        sql = _many_rows(table, names, constants, ignore)
        rows = zip(*(_values(each, 0, whole) for each in columns.values()), strict=True)
        together = zip(*[chain.from_iterable(rows)] * (TOGETHER * len(names)), strict=True)
        inserted = driver(connection).executemany(sql, together).rowcount
    if whole < count:
        rest = {name: _values(each, whole, count) for name, each in columns.items()}
        inserted += _insert_each(connection, table, rest, constants, ignore)
    return inserted


def _insert_each(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Iterable[Any]],
    constants: Mapping[str, int | str],
    ignore: bool,
) -> int:
    one = _one_row(table, (*columns, *constants), ignore, connection.dialect.name)
    shared = {name: repeat(value) for name, value in constants.items()}
    listed = {
        name: each.tolist() if isinstance(each, np.ndarray) else each
        for name, each in columns.items()
    }
    return one.many(connection, **listed, **shared)


def _is_constant(column: Column) -> bool:
    return isinstance(column, np.ndarray) and bool((column == column[0]).all())


def _values(column: Column, start: int, stop: int) -> Iterator[Any]:
    """Elements [start, stop) as Python objects, of which few exist at a time."""
    if not isinstance(column, np.ndarray):
        return islice(column, start, stop)
    parts = (column[at : min(at + SLICE, stop)] for at in range(start, stop, SLICE))
    return chain.from_iterable(map(np.ndarray.tolist, parts))


@cache
def _one_row(table: Table, names: tuple[str, ...], ignore: bool, dialect: str) -> Statement:
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    if ignore:
        return Statement(INSERT[dialect](table).values(values).on_conflict_do_nothing())
    return Statement(insert(table).values(values))


def _many_rows(
    table: Table, names: tuple[str, ...], constants: Mapping[str, int | str], ignore: bool
) -> str:
    row = ["?"] * len(names) + [_literal(value) for value in constants.values()]
    columns = ", ".join(f'"{table.c[name].name}"' for name in (*names, *constants))
    rows = ", ".join([f"({', '.join(row)})"] * TOGETHER)
    end = " ON CONFLICT DO NOTHING" if ignore else ""
    return f"INSERT INTO {table.name} ({columns}) VALUES {rows}{end}"


def _literal(value: int | str) -> str:
    """A shared value as SQL: whole numbers, and texts without quotes."""
    if isinstance(value, str):
        assert "'" not in value
        return f"'{value}'"
    return str(int(value))
