"""Files with one user a line: the user's items in order, without times."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from habitus.events.parsing import Block
from habitus.types import HabitusError

EVENTS_A_BLOCK = 1 << 19


class SequenceFile:
    """A `TableFile` with one event a token: `user_id` (the line's first token, or the line's
    number where `numbered`) and `item_id`. A "line" is the event's number in the file, from 1.

    A path that ends in .tgz is an archive whose one file holds the lines.
    """

    columns: tuple[str, ...] = ("user_id", "item_id")

    def __init__(self, path: Path, numbered: bool = False) -> None:
        self.path = path
        self._numbered = numbered

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """The events in file order."""
        lines = self._read().splitlines()
        users: list[str] = []
        lengths: list[int] = []
        items: list[str] = []
        first = 1
        for number, line in enumerate(lines, 1):
            tokens = line.split()
            users.append(str(number) if self._numbered else tokens[0])
            found = tokens if self._numbered else tokens[1:]
            lengths.append(len(found))
            items += found
            if len(items) >= EVENTS_A_BLOCK or number == len(lines):
                table = _table(users, lengths, items).select(list(wanted))
                rows = np.arange(first, first + len(items))
                yield Block(table, rows, [], table_row(table), number / len(lines))
                first += len(items)
                users, lengths, items = [], [], []

    def _read(self) -> str:
        if self.path.suffix != ".tgz":
            return self.path.read_text(encoding="utf-8")
        with tarfile.open(self.path) as archive:
            members = [member for member in archive if member.isfile()]
            found = archive.extractfile(members[0]) if len(members) == 1 else None
            if found is None:
                raise HabitusError(
                    f"{self.path.name} should hold one file, not {len(members)}.",
                    "Fetch the archive again.",
                )
            return io.TextIOWrapper(found, encoding="utf-8").read()


def _table(users: list[str], lengths: list[int], items: list[str]) -> pa.Table:
    owner = np.repeat(np.arange(len(users), dtype=np.int32), lengths)
    repeated = pa.DictionaryArray.from_arrays(pa.array(owner), pa.array(users))
    return pa.table({"user_id": repeated.dictionary_decode(), "item_id": pa.array(items)})


def table_row(table: pa.Table) -> Callable[[int], str]:
    """Shows one row for a rejects file."""
    return lambda row: str(table.slice(row, 1).to_pylist()[0])
