"""Lists as one parameter: JSON that the database unpacks into rows `key` (the place) and `value`.

One statement then serves lists of every length, and both databases compile it in their own words.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Integer, TableValuedAlias, Text, bindparam, column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

ROWS = "json_array_elements_text(CAST({} AS JSON)) WITH ORDINALITY AS listed(value, key)"


class _Texts(FunctionElement[Any]):
    inherit_cache = True


class _Numbers(FunctionElement[Any]):
    inherit_cache = True


class _Counts(FunctionElement[Any]):
    inherit_cache = True


class _EventKeys(FunctionElement[Any]):
    inherit_cache = True


def texts(parameter: str) -> TableValuedAlias:
    """The rows of a list of texts."""
    return _alias(_Texts(bindparam(parameter, type_=Text)), column("value", Text))


def numbers(parameter: str) -> TableValuedAlias:
    """The rows of a list of whole numbers."""
    return _alias(_Numbers(bindparam(parameter, type_=Text)), column("value", BigInteger))


def counts(parameter: str) -> TableValuedAlias:
    """The rows of a list of [code, added]; in PostgreSQL alone."""
    parts = column("code", BigInteger), column("added", BigInteger)
    return _alias(_Counts(bindparam(parameter, type_=Text)), *parts)


def event_keys(parameter: str) -> TableValuedAlias:
    """The rows of a list of [source, row, name]."""
    parts = column("source", Integer), column("row", BigInteger), column("name", Text)
    return _alias(_EventKeys(bindparam(parameter, type_=Text)), *parts)


def _alias(listed: FunctionElement[Any], *columns: Any) -> TableValuedAlias:
    return listed.table_valued(column("key", BigInteger), *columns, name="listed")


@compiles(_Texts, "sqlite")
@compiles(_Numbers, "sqlite")
def _json_each(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_EventKeys, "sqlite")
def _sqlite_event_keys(element: Any, compiler: Any, **options: Any) -> str:
    parts = [f"json_extract(value, '$[{place}]')" for place in range(3)]
    names = ", ".join(
        f'{part} AS "{name}"' for part, name in zip(parts, ("source", "row", "name"), strict=True)
    )
    return f"(SELECT key, {names} FROM json_each({compiler.process(element.clauses, **options)}))"


@compiles(_Texts, "postgresql")
def _postgres_texts(element: Any, compiler: Any, **options: Any) -> str:
    return f"(SELECT key, value FROM {ROWS.format(compiler.process(element.clauses, **options))})"


@compiles(_Numbers, "postgresql")
def _postgres_numbers(element: Any, compiler: Any, **options: Any) -> str:
    rows = ROWS.format(compiler.process(element.clauses, **options))
    return f"(SELECT key, CAST(value AS BIGINT) AS value FROM {rows})"


@compiles(_EventKeys, "postgresql")
def _postgres_event_keys(element: Any, compiler: Any, **options: Any) -> str:
    rows = ROWS.format(compiler.process(element.clauses, **options)).replace("_text(", "(", 1)
    return (
        "(SELECT key, CAST(value ->> 0 AS INTEGER) AS source, CAST(value ->> 1 AS BIGINT) "
        f'AS "row", value ->> 2 AS name FROM {rows})'
    )


@compiles(_Counts, "postgresql")
def _postgres_counts(element: Any, compiler: Any, **options: Any) -> str:
    rows = ROWS.format(compiler.process(element.clauses, **options)).replace("_text(", "(", 1)
    return (
        "(SELECT key, CAST(value ->> 0 AS BIGINT) AS code, CAST(value ->> 1 AS BIGINT) AS added "
        f"FROM {rows})"
    )
