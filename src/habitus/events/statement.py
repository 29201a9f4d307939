"""SQLAlchemy Core statements compiled once and run on the driver, where a million rows pass."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, bindparam, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

from habitus.events.database import driver

TOGETHER = 100  # rows of one statement: 19 columns of them stay below SQLite's 32,766 parameters
SLICE = 50_000  # elements of an array that are Python objects at one time
Column = Sequence[Any] | NDArray[np.int64]
DIALECT = sqlite.dialect(paramstyle="qmark")


class Statement:
    """A compiled statement; its parameters are given by the names of its bindparams."""

    def __init__(self, clause: ClauseElement) -> None:
        compiled: Any = clause.compile(dialect=DIALECT)
        self.sql = str(compiled)
        self._names: list[str] = list(compiled.positiontup or ())
        self._constants: dict[str, Any] = compiled.params

    def many(self, connection: Connection, **columns: Iterable[Any]) -> int:
        """Run once for each row of the columns; the number of rows changed."""
        values: list[Iterable[Any]] = [
            columns[name] if name in columns else repeat(self._constants[name])
            for name in self._names
        ]
        return driver(connection).executemany(self.sql, zip(*values, strict=False)).rowcount

    def once(self, connection: sqlite3.Connection, **parameters: Any) -> sqlite3.Cursor:
        """Run once on the driver's connection."""
        return connection.execute(
            self.sql, [parameters.get(name, self._constants[name]) for name in self._names]
        )


def insert_rows(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Column],
    constants: Mapping[str, int | str],
    ignore: bool = False,
) -> int:
    """Insert rows given as columns of equal length, and values that all rows share.

    With `ignore` rows whose key exists are left out. Returns the number of rows inserted. Many
    rows go a hundred to a statement with the shared values written into it: half the time.
    """
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
        shared = {name: repeat(value) for name, value in constants.items()}
        one = _one_row(table, (*columns, *constants), ignore)
        inserted += one.many(connection, **rest, **shared)
    return inserted


def _is_constant(column: Column) -> bool:
    return isinstance(column, np.ndarray) and bool((column == column[0]).all())


def _values(column: Column, start: int, stop: int) -> Iterator[Any]:
    """Elements [start, stop) as Python objects, of which few exist at a time."""
    if not isinstance(column, np.ndarray):
        return islice(column, start, stop)
    parts = (column[at : min(at + SLICE, stop)] for at in range(start, stop, SLICE))
    return chain.from_iterable(map(np.ndarray.tolist, parts))


@cache
def _one_row(table: Table, names: tuple[str, ...], ignore: bool) -> Statement:
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    if ignore:
        return Statement(sqlite.insert(table).values(values).on_conflict_do_nothing())
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
