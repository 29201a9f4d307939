"""What every format gives: blocks of rows as Arrow columns, and the rows that could not be split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from habitus.events.rejects import RejectedRow


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows of a file.

    table   the wanted columns under the file's own names; text is `string`, Parquet keeps its types
    lines   int64 [rows]: where each row begins in the file, counted from 1
    broken  rows that are no rows of this table at all, with the reason
    raw     the text of one row of `table`, for a rejects file
    done    how much of the file has been read, 0 to 1
    """

    table: pa.Table
    lines: NDArray[np.int64]
    broken: list[RejectedRow]
    raw: Callable[[int], str]
    done: float


class TableFile(Protocol):
    """A file that holds a table: its columns, and its rows in blocks."""

    path: Path
    columns: tuple[str, ...]

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """The rows in file order, with the columns `wanted` (each one of `columns`)."""
        ...


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a file where its name and content do not say it.

    form       "csv", "tsv", "jsonl" or "parquet"; None = from the file's name
    delimiter  between two fields of delimited text, one or more characters; None = found out
    header     the column names of delimited text without a header row; None = the first row
    encoding   of text files, as Python names it
    """

    form: str | None = None
    delimiter: str | None = None
    header: tuple[str, ...] | None = None
    encoding: str = "utf-8"


def decode_columns(
    columns: Sequence[pa.Array],
) -> tuple[list[pa.Array], NDArray[np.bool_] | None]:
    """Bytes columns as text, and which rows are not UTF-8 (None where all are).

    A value that is not UTF-8 becomes null.
    """
    made: list[pa.Array] = []
    wrong: NDArray[np.bool_] | None = None
    for column in columns:
        try:
            made.append(column.cast(pa.string()))
        except (pa.ArrowInvalid, UnicodeDecodeError):
            text = [_text_or_none(value) for value in column.to_pylist()]
            made.append(pa.array(text, pa.string()))
            lost = made[-1].is_null().to_numpy(zero_copy_only=False)
            lost &= ~column.is_null().to_numpy(zero_copy_only=False)
            wrong = lost if wrong is None else wrong | lost
    return made, wrong


def _text_or_none(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode("utf-8")
    except UnicodeDecodeError:
        return None


NOT_UTF8 = "the text is not UTF-8"
