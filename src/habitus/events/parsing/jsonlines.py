"""JSON Lines through DuckDB's JSON functions: each line is judged alone, so a broken one harms no other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from habitus.events.parsing.block import NOT_UTF8, Block, Layout, decode_columns
from habitus.events.parsing.text import line_ends, pieces, shown
from habitus.events.rejects import RejectedRow
from habitus.types import HabitusError

PEEKED_LINES = 1_000  # lines whose keys are taken for the file's columns
NOT_JSON = "it is not valid JSON"
NOT_OBJECT = "it is JSON but not an object"


class JsonLinesFile:
    """One JSON object a line. Values come out as text, objects and arrays as their JSON."""

    def __init__(self, path: Path, layout: Layout) -> None:
        """Find the keys. HabitusError where the first lines hold no JSON object."""
        self.path = path
        self._encoding = layout.encoding
        self.columns = self._keys()

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """See `TableFile.blocks`."""
        with duckdb.connect() as connection:
            for lines, numbers, done in self._lines():
                yield _block(connection, lines, numbers, wanted, done)

    def _lines(self) -> Iterator[tuple[pa.Array, NDArray[np.int64], float]]:
        """(non-empty lines as bytes, their numbers, the part of the file read)."""
        rest, first = b"", 1
        for read, done, last in pieces(self.path, self._encoding):
            data = rest + read
            ends = line_ends(data, last)
            rest = data[ends[-1] :] if len(ends) else data
            lines = _as_array(data, ends)
            numbers = np.arange(first, first + len(ends))
            first += len(ends)
            if len(ends):
                full = np.diff(ends, prepend=0) > 2  # {} is the shortest object
                yield lines.filter(pa.array(full)), numbers[full], done

    def _keys(self) -> tuple[str, ...]:
        keys: dict[str, None] = {}
        seen = False
        for lines, _, _ in islice(self._lines(), 1):
            for line in lines[:PEEKED_LINES].to_pylist():
                seen = True
                keys.update(dict.fromkeys(_object_keys(line)))
        if keys:
            return tuple(keys)
        if not seen:
            raise HabitusError(f"{self.path.name} is empty.", "Give one JSON object a line.")
        raise HabitusError(
            f"{self.path.name} is not JSON Lines: none of its first lines is a JSON object.",
            "Write one object a line; a JSON array is made into lines by `jq -c '.[]'`.",
        )


def _block(
    connection: duckdb.DuckDBPyConnection,
    lines: pa.Array,
    numbers: NDArray[np.int64],
    wanted: Sequence[str],
    done: float,
) -> Block:
    (text,), wrong = decode_columns([lines])
    kind = connection.from_arrow(pa.table({"line": text})).query(
        "lines",
        "SELECT CASE WHEN json_valid(line) THEN json_type(line) ELSE 'BROKEN' END k FROM lines",
    )
    kinds = _arrow(kind).column(0).to_numpy(zero_copy_only=False)
    good = np.flatnonzero(kinds == "OBJECT")
    bad = np.flatnonzero(kinds != "OBJECT")
    broken = [
        RejectedRow(
            int(numbers[row]), _reason(int(row), kinds, wrong), shown(lines[int(row)].as_py())
        )
        for row in bad
    ]
    kept = lines.take(pa.array(good))
    columns = _extract(connection, text.take(pa.array(good)), wanted)
    return Block(columns, numbers[good], broken, lambda row: shown(kept[row].as_py()), done)


def _extract(
    connection: duckdb.DuckDBPyConnection, text: pa.Array, wanted: Sequence[str]
) -> pa.Table:
    paths = ["/" + name.replace("~", "~0").replace("/", "~1") for name in wanted]  # RFC 6901
    taken = ", ".join(f"found[{index + 1}] AS c{index}" for index in range(len(paths)))
    query = connection.from_arrow(pa.table({"line": text})).query(
        "lines",
        f"SELECT {taken} FROM (SELECT json_extract_string(line, {_literal(paths)}) found FROM lines)",
    )
    table = _arrow(query)
    columns = [column.combine_chunks().cast(pa.string()) for column in table.columns]
    return pa.table(columns, names=list(wanted))


def _arrow(relation: duckdb.DuckDBPyRelation | None) -> pa.Table:
    assert relation is not None  # a SELECT always gives one
    made = relation.arrow()
    return made.read_all() if isinstance(made, pa.RecordBatchReader) else made


def _literal(texts: Sequence[str]) -> str:
    """A DuckDB list of strings; keys come from files, so quotes are doubled."""
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"


def _reason(row: int, kinds: NDArray[np.object_], wrong: NDArray[np.bool_] | None) -> str:
    if wrong is not None and wrong[row]:
        return NOT_UTF8
    return NOT_JSON if kinds[row] == "BROKEN" or kinds[row] is None else NOT_OBJECT


def _object_keys(line: bytes) -> Sequence[str]:
    try:
        made = json.loads(line)
    except ValueError:
        return ()
    return tuple(made) if isinstance(made, dict) else ()


def _as_array(data: bytes, ends: NDArray[np.int64]) -> pa.Array:
    offsets = np.concatenate(([0], ends)).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.binary(), len(ends), buffers)


def structs_as_json(column: pa.Array) -> pa.Array:
    """Arrow structs as JSON objects without their null fields; a null struct is null."""
    with duckdb.connect() as connection:
        table = _arrow(
            connection.from_arrow(pa.table({"s": column})).query(
                "structs",
                "SELECT CASE WHEN s IS NOT NULL THEN json_merge_patch('{}', to_json(s)) END FROM structs",
            )
        )
    return table.column(0).combine_chunks().cast(pa.string())
