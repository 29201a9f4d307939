"""Parquet, in batches; columns keep their types."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as arrow_parquet

from habitus.events.parsing.block import NOT_UTF8, Block, Layout, decode_columns
from habitus.events.parsing.text import open_bytes
from habitus.events.rejects import RejectedRow
from habitus.types import HabitusError

BATCH_ROWS = 262_144


class ParquetFile:
    """A Parquet file, plain or gzipped; "lines" are its rows, counted from 1."""

    def __init__(self, path: Path, _layout: Layout) -> None:
        """Read the schema. HabitusError where it is no Parquet file or has no rows."""
        self.path = path
        with self._open() as file:
            self.columns = tuple(file.schema_arrow.names)
            if not file.metadata.num_rows:
                raise HabitusError(f"{path.name} is empty.", "Give a file with rows.")

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """See `TableFile.blocks`."""
        with self._open() as file:
            total, first = file.metadata.num_rows, 1
            for batch in file.iter_batches(BATCH_ROWS, columns=list(wanted), use_threads=False):
                first += len(batch)
                yield _block(batch.select(list(wanted)), first - len(batch), (first - 1) / total)

    @contextmanager
    def _open(self) -> Iterator[arrow_parquet.ParquetFile]:
        with open_bytes(self.path) as (content, file), tempfile.TemporaryFile() as unpacked:
            if content is not file:  # Parquet is read from its end, which gzip cannot do
                shutil.copyfileobj(content, unpacked)
                content = unpacked
            try:
                yield arrow_parquet.ParquetFile(content)
            except (pa.ArrowInvalid, OSError) as error:
                raise HabitusError(
                    f"{self.path.name} is not a readable Parquet file ({_first_line(error)}).",
                    "Write it again, or give the --format that it is in.",
                ) from error


def _block(batch: pa.RecordBatch, first: int, done: float) -> Block:
    columns = [_plain(column) for column in batch.columns]
    lines = np.arange(first, first + len(batch), dtype=np.int64)
    broken: list[RejectedRow] = []
    table = pa.table(columns, names=batch.schema.names)
    texts = [index for index, column in enumerate(columns) if pa.types.is_binary(column.type)]
    decoded, wrong = decode_columns([columns[index] for index in texts])
    for index, column in zip(texts, decoded, strict=True):
        table = table.set_column(index, table.schema.names[index], column)
    if wrong is not None:
        broken = [
            RejectedRow(int(lines[row]), NOT_UTF8, _raw(table, int(row)))
            for row in np.flatnonzero(wrong)
        ]
        table, lines = table.filter(pa.array(~wrong)), lines[~wrong]
    return Block(table, lines, broken, lambda row: _raw(table, row), done)


def _plain(column: pa.Array) -> pa.Array:
    """The column without dictionary codes and without the "large" and "view" kinds of text."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        return column.cast(pa.string())
    if pa.types.is_large_binary(column.type) or pa.types.is_binary_view(column.type):
        return column.cast(pa.binary())
    return column


def _raw(table: pa.Table, row: int) -> str:
    values = {name: table.column(name)[row].as_py() for name in table.schema.names}
    return json.dumps(values, ensure_ascii=False, default=str)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0].rstrip(".")
