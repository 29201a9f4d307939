"""CSV, TSV and relatives, through PyArrow; the lines that it cannot split are rejected one by one."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from habitus.events.parsing.block import NOT_UTF8, Block, Layout, decode_columns
from habitus.events.parsing.quoting import find_records
from habitus.events.parsing.text import line_ends, pieces, shown
from habitus.events.rejects import RejectedRow
from habitus.types import HabitusError

CANDIDATES = (",", "\t", ";", "|")
STAND_IN = "\x1f"  # the "unit separator": PyArrow splits at one character only
LONGEST_RECORD = 64 << 20
UNCLOSED = "a quote is opened and never closed"
WRONG_WIDTH = "wrong number of fields"
MISQUOTED = "its quotes do not match up"

Fault = tuple[int, str, str]  # a record, the reason, the detail


@dataclass(frozen=True, eq=False)
class _Piece:
    """Whole records: record r is data[starts[r]:ends[r]] and begins at line lines[r]."""

    data: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lines: NDArray[np.int64]

    def raw(self, record: int) -> bytes:
        return self.data[self.starts[record] : self.ends[record]]

    def pick(self, records: NDArray[np.int64]) -> _Piece:
        return _Piece(self.data, self.starts[records], self.ends[records], self.lines[records])

    def joined(self) -> bytes:
        """The records one after another; copied only where something lies between them."""
        if len(self.starts) and np.array_equal(self.starts[1:], self.ends[:-1]):
            return self.data[self.starts[0] : self.ends[-1]]
        return b"".join(self.raw(record) for record in range(len(self.starts)))


class DelimitedFile:
    """A text file with one record a line (or more, where quoted fields hold newlines)."""

    def __init__(self, path: Path, layout: Layout, delimiters: Sequence[str] = CANDIDATES) -> None:
        """Read the header. HabitusError where the file is empty, binary or not there."""
        self.path = path
        self._encoding = layout.encoding
        first = _first_line(path, layout.encoding)
        self._delimiter = layout.delimiter or _likely_delimiter(first, delimiters)
        self._split_at = self._delimiter if len(self._delimiter) == 1 else STAND_IN
        self._has_header = layout.header is None
        self.columns = layout.header or self._names(first)

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """See `TableFile.blocks`."""
        width = len(self.columns)
        chosen = [self.columns.index(name) for name in wanted]
        for piece, unclosed, done in self._records():
            table, good, faults = _parse(piece, width, chosen, self._split_at)
            broken = [self._reject(piece, *fault) for fault in faults]
            broken += [RejectedRow(line, UNCLOSED, self._shown(raw)) for line, raw in unclosed]
            columns, wrong = decode_columns([column.combine_chunks() for column in table.columns])
            made = pa.table(columns, names=list(wanted))
            if wrong is not None:
                bad = good[wrong].tolist()
                broken += [self._reject(piece, record, NOT_UTF8) for record in bad]
                made, good = made.filter(pa.array(~wrong)), good[~wrong]
            kept = piece.pick(good)
            yield Block(made, kept.lines, broken, self._raw_of(kept), done)

    def _raw_of(self, piece: _Piece) -> Callable[[int], str]:
        return lambda record: self._shown(piece.raw(record))

    def _reject(self, piece: _Piece, record: int, reason: str, detail: str = "") -> RejectedRow:
        raw = self._shown(piece.raw(record))
        return RejectedRow(int(piece.lines[record]), reason, raw, detail)

    def _shown(self, raw: bytes) -> str:
        text = shown(raw)
        return (
            text if self._split_at == self._delimiter else text.replace(STAND_IN, self._delimiter)
        )

    def _names(self, first: bytes) -> tuple[str, ...]:
        text = first.decode("utf-8", "replace").replace(self._delimiter, self._split_at)
        names = next(csv.reader([text], delimiter=self._split_at), [])
        return tuple(name.strip() for name in names)

    def _records(self) -> Iterator[tuple[_Piece, list[tuple[int, bytes]], float]]:
        """Pieces of whole, non-empty records; lines whose quote never closes; the part read."""
        rest, line, skip = b"", 1, self._has_header
        split_at = self._split_at.encode()
        for read, done, last in pieces(self.path, self._encoding):
            data = rest + read
            if self._split_at != self._delimiter:
                data = data.replace(self._delimiter.encode(), split_at)
            ends = line_ends(data, last)
            found = find_records(data, ends, split_at, last)
            stop = found.open_from
            cut = int(ends[stop - 1]) if stop else 0
            rest = data[cut:]
            if len(rest) > LONGEST_RECORD:
                raise HabitusError(
                    f"{self.path.name}: the record at line {line + stop} does not end.",
                    "Is it a text table? Give --format where its name does not say what it is.",
                )
            first_of = np.concatenate(([True], ~found.inside[: max(stop - 1, 0)]))[:stop]
            lines = np.flatnonzero(first_of)
            stops = ends[:stop][~found.inside[:stop]]
            starts = np.concatenate(([0], stops[:-1]))[: len(stops)].astype(np.int64)
            piece = _Piece(data, starts, stops, lines + line)
            lost = found.unclosed[lines]
            keep = ~lost & ~_blank(data, starts, stops)
            if skip and len(keep):
                keep[0] = lost[0] = skip = False
            unclosed = [(int(piece.lines[r]), piece.raw(int(r))) for r in np.flatnonzero(lost)]
            line += stop
            yield piece.pick(np.flatnonzero(keep)), unclosed, done


def _parse(
    piece: _Piece, width: int, chosen: Sequence[int], delimiter: str
) -> tuple[pa.Table, NDArray[np.int64], list[Fault]]:
    """The wanted columns as bytes, which records they come from, and the records with a fault."""
    data, count = piece.joined(), len(piece.starts)
    # A row of our own at the end is lost where a record before it leaves a quote open.
    end = b"" if not data or data.endswith(b"\n") else b"\n"
    guard = (delimiter.encode() * (width - 1) or b"x") + b"\n"
    table, invalid = _arrow(data + end + guard, width, chosen, delimiter)
    if len(table) + len(invalid) != count + 1:
        return _parse_halves(piece, width, chosen, delimiter)
    table = table.slice(0, len(table) - 1)
    good = np.ones(count, bool)
    good[[record for record, _ in invalid]] = False
    faults = [
        (record, WRONG_WIDTH, f"it has {fields}, the table {width}") for record, fields in invalid
    ]
    return table, np.flatnonzero(good), faults


def _parse_halves(
    piece: _Piece, width: int, chosen: Sequence[int], delimiter: str
) -> tuple[pa.Table, NDArray[np.int64], list[Fault]]:
    """Stray quotes made two records one: halve until the record that does it stands alone."""
    count = len(piece.starts)
    if count == 1:
        empty = pa.table({f"c{column}": pa.array([], pa.binary()) for column in chosen})
        return empty, np.empty(0, np.int64), [(0, MISQUOTED, "")]
    half = count // 2
    left = _parse(piece.pick(np.arange(half)), width, chosen, delimiter)
    right = _parse(piece.pick(np.arange(half, count)), width, chosen, delimiter)
    good = np.concatenate((left[1], right[1] + half))
    shifted = [(record + half, reason, detail) for record, reason, detail in right[2]]
    return pa.concat_tables((left[0], right[0])), good, left[2] + shifted


def _arrow(
    data: bytes, width: int, chosen: Sequence[int], delimiter: str
) -> tuple[pa.Table, list[tuple[int, int]]]:
    """(table of bytes columns, [(record, its number of fields)] for records of another width)."""
    names = [f"c{column}" for column in range(width)]
    invalid: list[tuple[int, int]] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        invalid.append((row.number - 1, row.actual_columns))
        return "skip"

    types = {names[column]: pa.binary() for column in chosen}
    table = arrow_csv.read_csv(
        pa.BufferReader(data),
        arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(data) + 1),
        arrow_csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        arrow_csv.ConvertOptions(
            column_types=types,
            include_columns=list(types),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            check_utf8=False,
        ),
    )
    return table, invalid


def _blank(data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Records that are an empty line."""
    length = ends - starts
    blank: NDArray[np.bool_] = length == 0
    short = np.flatnonzero((length == 1) | (length == 2))
    for record in short:
        blank[record] = not data[starts[record] : ends[record]].strip(b"\r\n")
    return blank


def _first_line(path: Path, encoding: str) -> bytes:
    """The first line; HabitusError where the file has none."""
    data = b""
    for read, _, last in pieces(path, encoding):
        data += read
        ends = line_ends(data, last)
        if len(ends) and data.strip():
            return data[: ends[0]].rstrip(b"\r\n")
        if len(data) > LONGEST_RECORD:
            break
    raise HabitusError(f"{path.name} is empty.", "Give a file with a header and rows.")


def _likely_delimiter(first: bytes, candidates: Sequence[str]) -> str:
    """The first candidate where the line has it, else the most frequent one."""
    text = first.decode("utf-8", "replace")
    if candidates[0] in text:
        return candidates[0]
    return max(candidates, key=text.count)
