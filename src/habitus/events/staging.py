"""The rows of one import on their way into the store: staged in a file, sorted as a whole."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection

from habitus.events import forgotten, schema
from habitus.events.appending import append_chunk
from habitus.events.canonical import TYPES, canonical
from habitus.events.chunk import OPTIONAL, Chunk
from habitus.events.clock import Clock
from habitus.events.codes import (
    OWN_SOURCE,
    event_keys,
    find_or_make,
    source_code,
)
from habitus.events.coding import event_type_codes
from habitus.events.database import Database
from habitus.events.forgetting import gone_users
from habitus.events.receipt import Receipt
from habitus.events.sorting import stable_order
from habitus.types import HabitusError, Progress, silent

NEVER = np.int64(-(2**63))  # µs: before every event
TRANSACTION = 1_000_000  # rows of one transaction: others wait seconds for the lock, not longer

CODED = {"user": pa.int32(), "type": pa.int32(), "item": pa.int32(), "source": pa.int32()}
NUMBERS = {"time": pa.int64(), "sequence": pa.int64(), "row": pa.int64()}
KEPT = {name: TYPES[name] for name in (*OPTIONAL, "event_id")}
STAGED = pa.schema([*CODED.items(), *NUMBERS.items(), *KEPT.items()])


class Vocabulary:
    """Texts met so far, numbered from 0 in order of appearance."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}

    def encode(self, column: pa.ChunkedArray) -> NDArray[np.int32]:
        """The number of each text, −1 for null."""
        encoded = column.combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.unify_dictionaries().combine_chunks()
        known = self.number
        numbers = [known.setdefault(text, len(known)) for text in encoded.dictionary.to_pylist()]
        table = np.array([*numbers, -1], np.int32)
        index = encoded.indices.fill_null(len(numbers)).to_numpy(zero_copy_only=False)
        coded: NDArray[np.int32] = table[index]
        return coded

    def translate(self, codes: dict[str, int]) -> NDArray[np.int64]:
        """number → code in the store, [n + 1]; 0 for texts without one and, last, for null."""
        return np.array([*(codes.get(text, 0) for text in self.number), 0], np.int64)

    def named(self, numbers: pa.ChunkedArray) -> list[str]:
        """The texts that a column of numbers names."""
        named = np.zeros(len(self.number) + 1, np.bool_)
        named[numbers.to_numpy()] = True
        return [text for text, used in zip(self.number, named.tolist(), strict=False) if used]


class Staging:
    """One import: `add` each parsed table, then `commit` once.

    The rows lie in an unnamed file in the store's folder, so that nothing is left of them when
    the process dies. Beside it memory holds about 70 bytes a row, and the distinct ids.
    """

    def __init__(
        self, database: Database, workspace: int, ordinal: bool, folder: Path, clock: Clock
    ) -> None:
        self._database = database
        self._workspace = workspace
        self._ordinal = ordinal
        self._clock = clock
        self._users, self._types, self._items, self._prefixes = (Vocabulary() for _ in range(4))
        self._present: set[str] = set()
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  closed by `close`
        self._writer = pa.ipc.new_stream(self._file, STAGED)
        self.rows = 0

    def add(self, table: pa.Table, ids: tuple[str, int] | None = None) -> None:
        """Stage validated rows (columns and `ids` as in `Store.append`), in order of the file."""
        if self._file.closed:
            raise HabitusError("This import has ended.", "Begin another with store.staging().")
        given = canonical(table, self._ordinal, ids is not None)
        count = len(given)
        if not count:
            return
        columns: dict[str, Any] = {
            "user": self._users.encode(given["user_id"]),
            "type": self._types.encode(given["event_type"]),
            "item": np.full(count, -1, np.int32),
            "time": np.zeros(count, np.int64) if self._ordinal else given["timestamp"],
            "sequence": np.zeros(count, np.int64),
            "source": np.full(count, -1, np.int32),
            "row": np.full(count, -1, np.int64),
        }
        if "item_id" in given.column_names:
            columns["item"] = self._items.encode(given["item_id"])
        if "sequence" in given.column_names:
            columns["sequence"] = given["sequence"].fill_null(0)
        if ids is not None:
            prefix, first = ids
            columns["source"][:] = self._prefixes.number.setdefault(
                prefix, len(self._prefixes.number)
            )
            columns["row"] = np.arange(first, first + count, dtype=np.int64)
        for name, kind in KEPT.items():
            present = name in given.column_names and given[name].null_count < count
            columns[name] = given[name] if present else pa.nulls(count, kind)
            self._present |= {name} if present else set()
        self._writer.write_table(pa.table(columns, schema=STAGED))
        self.rows += count

    def commit(self, progress: Progress = silent) -> Receipt:
        """Sort all staged rows by user and time and store them in a few transactions.

        Killed half-way, some whole transactions are in the store; the same import run again finds
        those rows as duplicates and stores the rest.
        """
        self._writer.close()
        receipt = Receipt()
        if self.rows:
            self._file.flush()
            mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
            self._store(pa.py_buffer(memoryview(mapped)), receipt, progress)
        self.close()
        return receipt

    def close(self) -> None:
        """Drop what is staged."""
        self._file.close()

    def _store(self, mapped: pa.Buffer, receipt: Receipt, progress: Progress) -> None:
        progress("storing events", 0, self.rows)
        staged = pa.ipc.open_stream(mapped).read_all()
        with self._database.write() as connection:
            stamp = forgotten.stamp(connection, self._workspace)
            staged = self._admitted(connection, staged)
            receipt.forgotten += self.rows - len(staged)
            if not len(staged):
                return
            translate = self._translation(connection, staged)
        sorted_rows = _Sorted(staged, translate, self._present)
        for start in range(0, len(staged), TRANSACTION):
            stop = min(start + TRANSACTION, len(staged))
            read = sorted_rows.chunk(start, stop)
            with self._database.write() as connection:
                chunk = read(connection, self._workspace)
                if forgotten.stamp(connection, self._workspace) != stamp:
                    chunk = self._still_known(connection, chunk, receipt)
                if len(chunk):
                    receipt.add(append_chunk(connection, self._workspace, chunk, self._clock()))
            progress("storing events", stop, len(staged))

    def _admitted(self, connection: Connection, staged: pa.Table) -> pa.Table:
        """The rows but those that a forgotten user did before they were."""
        until = forgotten.moments(connection, self._workspace, self._users.number)
        if not until:
            return staged
        limit = np.full(len(self._users.number), NEVER)
        for user_id, moment in until.items():
            limit[self._users.number[user_id]] = moment
        return staged.filter(pa.array(staged["time"].to_numpy() > limit[staged["user"].to_numpy()]))

    def _still_known(self, connection: Connection, chunk: Chunk, receipt: Receipt) -> Chunk:
        """The events but those of users who were forgotten while this import ran."""
        gone = gone_users(connection, self._workspace, np.unique(chunk.user).tolist())
        kept = chunk.pick(~np.isin(chunk.user, gone))
        receipt.forgotten += len(chunk) - len(kept)
        return kept

    def _translation(
        self, connection: Connection, staged: pa.Table
    ) -> dict[str, NDArray[np.int64]]:
        """Codes of the store for the numbers of each vocabulary; new texts of the rows staged are
        entered."""
        workspace = self._workspace

        def codes(table: Any, vocabulary: Vocabulary, name: str) -> NDArray[np.int64]:
            found = find_or_make(connection, table, workspace, vocabulary.named(staged[name]))
            return vocabulary.translate(found)

        types = event_type_codes(connection, workspace, self._types.named(staged["type"]))
        sources = [source_code(connection, workspace, prefix) for prefix in self._prefixes.number]
        return {
            "user": codes(schema.users, self._users, "user"),
            "item": codes(schema.items, self._items, "item"),
            "type": self._types.translate(types),
            "source": np.array([*sources, OWN_SOURCE], np.int64),
        }


class _Sorted:
    """Staged rows in the order of the log: user, time, sequence, arrival."""

    def __init__(
        self, staged: pa.Table, translate: dict[str, NDArray[np.int64]], present: set[str]
    ) -> None:
        coded = {name: translate[name][staged[name].to_numpy()] for name in CODED}
        numbers = {name: staged[name].to_numpy() for name in NUMBERS}
        order = stable_order(coded["user"], numbers["time"], numbers["sequence"])
        self._order = order
        self._columns = {name: values[order] for name, values in (coded | numbers).items()}
        self._kept = {name: staged[name] for name in KEPT if name in present}

    def chunk(self, start: int, stop: int) -> Callable[[Connection, int], Chunk]:
        """Rows [start, stop) as a chunk, once a connection says what text ids stand for."""
        columns = {name: values[start:stop].copy() for name, values in self._columns.items()}
        picked = pa.array(self._order[start:stop])
        kept = {name: column.take(picked).to_pylist() for name, column in self._kept.items()}
        event_ids: list[str | None] | None = kept.pop("event_id", None)

        def made(connection: Connection, workspace: int) -> Chunk:
            names: list[str] | None = None
            if event_ids is not None:
                names = _enter_keys(connection, workspace, event_ids, columns)
            return Chunk(**columns, name=names, optional=kept)

        return made


def _enter_keys(
    connection: Connection,
    workspace: int,
    event_ids: list[str | None],
    columns: dict[str, NDArray[np.int64]],
) -> list[str] | None:
    """Fill source and row from ids that are texts; rows without one keep what they have."""
    names = [""] * len(event_ids)
    for index, key in enumerate(event_keys(connection, workspace, event_ids)):
        if key is not None:
            columns["source"][index], columns["row"][index], names[index] = key
    return names
