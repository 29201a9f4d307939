"""PostgreSQL's bulk path: rows as CSV, which Arrow writes and COPY reads, both in C."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from sqlalchemy import BigInteger, Boolean, Float, Integer, Table, Text

SLICE = 50_000  # rows of CSV that are in memory at one time
STAGE = "incoming"  # a temporary table of one statement's length
KINDS: Mapping[type, pa.DataType] = {
    BigInteger: pa.int64(),
    Boolean: pa.bool_(),
    Float: pa.float64(),
    Integer: pa.int64(),
    Text: pa.string(),
}
CSV = pa.csv.WriteOptions(include_header=False)


def copy_rows(
    raw: Any,
    table: Table,
    columns: Mapping[str, Any],
    constants: Mapping[str, int | str],
    ignore: bool,
) -> int:
    """Insert rows as `insert_rows` does, on psycopg's connection `raw`; the number inserted.

    A null is an empty field and an empty text a quoted one; NaN is null, as in SQLite.
    """
    from psycopg.errors import UniqueViolation  # not needed by who has a store in a folder

    names = ", ".join(f'"{name}"' for name in (*columns, *constants))
    rows = _Rows(table, columns, constants)
    with raw.cursor() as cursor:
        if not ignore:
            return rows.copy(cursor, f"{table.name} ({names})")
        cursor.execute("SAVEPOINT direct")
        try:  # most often all keys are new
            count = rows.copy(cursor, f"{table.name} ({names})")
        except UniqueViolation:
            cursor.execute("ROLLBACK TO SAVEPOINT direct")
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{STAGE}")
            cursor.execute(
                f"CREATE TEMP TABLE {STAGE} ON COMMIT DROP AS "
                f"SELECT {names} FROM {table.name} WITH NO DATA"
            )
            rows.copy(cursor, f"pg_temp.{STAGE} ({names})")
            cursor.execute(
                f"INSERT INTO {table.name} ({names}) SELECT {names} FROM pg_temp.{STAGE} "
                "ON CONFLICT DO NOTHING"
            )
            count = int(cursor.rowcount)
        cursor.execute("RELEASE SAVEPOINT direct")
        return count


@dataclass(frozen=True, slots=True)
class _Rows:
    table: Table
    columns: Mapping[str, Any]
    constants: Mapping[str, int | str]

    def copy(self, cursor: Any, target: str) -> int:
        """Send all rows; their number."""
        rows = len(next(iter(self.columns.values())))
        with cursor.copy(f"COPY {target} FROM STDIN (FORMAT csv)") as copy:
            for start in range(0, rows, SLICE):
                stop = min(start + SLICE, rows)
                copy.write(_csv(self.table, self.columns, self.constants, start, stop))
        return int(cursor.rowcount)


def _csv(
    table: Table, columns: Mapping[str, Any], constants: Mapping[str, Any], start: int, stop: int
) -> pa.Buffer:
    arrays = {name: _array(each[start:stop], table.c[name].type) for name, each in columns.items()}
    for name, value in constants.items():
        arrays[name] = pa.repeat(pa.scalar(value, _kind(table.c[name].type)), stop - start)
    sink = pa.BufferOutputStream()
    pa.csv.write_csv(pa.table(arrays), sink, CSV)
    return sink.getvalue()


def _array(values: Sequence[Any] | np.ndarray[Any, Any], sql_type: Any) -> pa.Array:
    if isinstance(sql_type, Boolean):  # SQLite's own are 0 and 1
        values = [None if value is None else bool(value) for value in values]
    return pa.array(values, _kind(sql_type), from_pandas=True)


def _kind(sql_type: Any) -> pa.DataType:
    return next(KINDS[kind] for kind in type(sql_type).__mro__ if kind in KINDS)
