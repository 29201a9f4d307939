"""From a file's columns to the store's: every row is checked, whole columns at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from zoneinfo import available_timezones

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from habitus.events.parsing import Block
from habitus.events.parsing.jsonlines import structs_as_json
from habitus.events.rejects import RejectedRow
from habitus.events.rows import context, context_json
from habitus.events.times import TimeUnit, as_numbers, describe, read_times, unit_of
from habitus.types import HabitusError

ID_CHARACTERS = 256
CONTROL = r"[\p{Cc}\x{2028}\x{2029}]"  # as `characters.CONTROL`, in RE2's words
NO_TEXT = pa.nulls(1, pa.string())[0]
NO_ITEM = "no item"
ABSURD = "the time is absurd"
OUTSIDE = "the time is outside the window of the data"


@dataclass(eq=False)
class Verdict:
    """Which rows are bad and why: the first reason found for a row stands."""

    rows: int
    why: dict[int, tuple[str, str]] = field(default_factory=dict)

    def reject(
        self, bad: NDArray[np.bool_], reason: str, detail: Callable[[int], str] = lambda _: ""
    ) -> None:
        """Mark the rows where `bad` [rows] is true; `detail` says what one of them has."""
        for row in np.flatnonzero(bad).tolist():
            if row not in self.why:
                self.why[row] = (reason, detail(row))

    @property
    def good(self) -> NDArray[np.bool_]:
        keep = np.ones(self.rows, bool)
        keep[list(self.why)] = False
        return keep


@dataclass(eq=False)
class Cleaner:
    """How the columns of one file become events. One object serves all blocks of a file.

    columns   field → column of the file
    constant  the event type of every row, where no column says it
    itemless  event types that need no item
    unit      of numeric times; None = found out from the first block
    now       µs; times more than a day later are absurd
    ordinal   times are left out
    window    [from, to) in µs: times outside it are rejected
    """

    columns: Mapping[str, str]
    constant: str | None
    itemless: frozenset[str]
    unit: TimeUnit | None
    now: int
    ordinal: bool
    window: tuple[int, int] | None = None

    def clean(self, block: Block) -> tuple[pa.Table, NDArray[np.int64], list[RejectedRow]]:
        """(good rows as `Store.append` takes them, their lines, the bad rows)."""
        verdict = Verdict(len(block.table))
        made: dict[str, pa.Array] = {}
        for name, column in self.columns.items():
            if name != "timestamp":
                made[name] = READERS[name](_whole(block.table, column), verdict, name)
        if self.constant is not None:
            made["event_type"] = pa.repeat(pa.scalar(self.constant), len(block.table))
        if not self.ordinal:
            made["timestamp"] = self._times(_whole(block.table, self.columns["timestamp"]), verdict)
        self._need_items(made, verdict)
        if "sequence" not in made:
            made["sequence"] = pa.array(block.lines)
        table, lines = pa.table(made), block.lines
        if verdict.why:
            table, lines = table.filter(pa.array(verdict.good)), lines[verdict.good]
        bad = [
            RejectedRow(
                int(block.lines[row]), reason, block.raw(row), detail, made["user_id"][row].as_py()
            )
            for row, (reason, detail) in sorted(verdict.why.items())
        ]
        return table, lines, block.broken + bad

    def _times(self, column: pa.Array, verdict: Verdict) -> pa.Array:
        self.unit = self.unit or unit_of(column)
        times = read_times(column, self.unit)
        verdict.reject(times.missing, "no time")
        verdict.reject(times.unreadable, "the time cannot be read")
        read_as = f", read as {self.unit}" if self.unit else ""
        absurd = times.absurd(self.now)
        verdict.reject(
            absurd, ABSURD, lambda row: _side(int(times.micros[row]), self.now) + read_as
        )
        if self.window is not None:
            outside = (times.micros < self.window[0]) | (times.micros >= self.window[1])
            verdict.reject(outside, OUTSIDE, lambda row: describe(int(times.micros[row])))
        return pa.array(times.micros)

    def _need_items(self, made: Mapping[str, pa.Array], verdict: Verdict) -> None:
        """Events that concern an item must name it; what was said or searched need not."""
        if "item_id" in made:
            missing = made["item_id"].is_null()
        else:
            missing = pa.repeat(pa.scalar(True), verdict.rows)
        excused = pc.is_in(
            made["event_type"], value_set=pa.array(sorted(self.itemless), pa.string())
        )
        bad = pc.and_(missing, pc.invert(excused))
        verdict.reject(pc.fill_null(bad, False).to_numpy(zero_copy_only=False), NO_ITEM)


Reader = Callable[[pa.Array, Verdict, str], pa.Array]


def read_ids(column: pa.Array, verdict: Verdict, name: str) -> pa.Array:
    """Ids as text: blank = null, at most 256 characters, no control characters."""
    ids = as_text(column, name)
    if pa.types.is_integer(column.type):
        return ids
    ids = pc.if_else(pc.equal(pc.utf8_trim_whitespace(ids), ""), NO_TEXT, ids)
    if (pc.max(pc.binary_length(ids)).as_py() or 0) > ID_CHARACTERS:
        long = pc.greater(pc.utf8_length(ids), ID_CHARACTERS)
        verdict.reject(_mask(long), f"{name} is longer than {ID_CHARACTERS} characters")
    if _may_hold_control(ids):
        verdict.reject(
            _mask(pc.match_substring_regex(ids, CONTROL)), f"{name} holds a control character"
        )
    return ids


def read_needed_ids(column: pa.Array, verdict: Verdict, name: str) -> pa.Array:
    """Ids that every row must have."""
    ids = read_ids(column, verdict, name)
    missing = ids.is_null().to_numpy(zero_copy_only=False)
    verdict.reject(missing, f"no {name.removesuffix('_id').replace('_', ' ')}")
    return ids


def read_text(column: pa.Array, verdict: Verdict, name: str) -> pa.Array:
    """Free text without NUL; empty = null."""
    text = as_text(column, name)
    if pc.any(pc.match_substring(text, "\x00")).as_py():
        verdict.reject(_mask(pc.match_substring(text, "\x00")), f"{name} holds a control character")
    return pc.if_else(pc.equal(text, ""), NO_TEXT, text)


def read_numbers(column: pa.Array, verdict: Verdict, name: str) -> pa.Array:
    """Finite float64; empty = null; NaN, infinite and what is no number are bad."""
    missing = _blank(column)
    numbers = as_numbers(column)
    verdict.reject(~np.isfinite(numbers) & ~missing, f"{name} is not a finite number")
    return pa.array(numbers, mask=missing | ~np.isfinite(numbers))


def read_integers(column: pa.Array, verdict: Verdict, name: str) -> pa.Array:
    """Whole numbers as int64; empty = null."""
    missing = _blank(column)
    numbers = as_numbers(column)
    whole = np.isfinite(numbers) & (np.abs(numbers) < 2**53)
    whole &= np.where(whole, numbers, 0.5) == np.rint(np.where(whole, numbers, 0.5))
    verdict.reject(~whole & ~missing, f"{name} is not a whole number")
    return pa.array(np.where(whole, numbers, 0).astype(np.int64), mask=~whole)


def read_positions(column: pa.Array, verdict: Verdict, name: str) -> pa.Array:
    """Whole numbers from 0; empty = null."""
    numbers = read_integers(column, verdict, name)
    verdict.reject(_mask(pc.less(numbers, 0)), f"{name} is below 0")
    return numbers


def read_propensities(column: pa.Array, verdict: Verdict, name: str) -> pa.Array:
    """Probabilities in (0, 1]; empty = null."""
    numbers = read_numbers(column, verdict, name)
    outside = pc.or_(pc.less_equal(numbers, 0.0), pc.greater(numbers, 1.0))
    verdict.reject(_mask(outside), f"{name} is not a probability above 0")
    return numbers


def read_timezones(column: pa.Array, verdict: Verdict, name: str) -> pa.Array:
    """IANA names such as Europe/Paris; empty = null."""
    names = read_text(column, verdict, name)
    known = pc.is_in(names, value_set=_zones())
    verdict.reject(
        _mask(pc.and_(pc.is_valid(names), pc.invert(known))), f"{name} is not an IANA zone"
    )
    return names


def read_contexts(column: pa.Array, verdict: Verdict, name: str) -> pa.Array:
    """Flat JSON objects as text, or Arrow structs (null fields left out), in the store's form.

    Contexts repeat: Python sees each distinct one once.
    """
    text = structs_as_json(column) if pa.types.is_struct(column.type) else column
    coded = read_text(text, verdict, name).dictionary_encode()
    distinct = [_canonical_context(value) for value in coded.dictionary.to_pylist()]
    texts = pa.array([value or None for value in distinct], pa.string())
    bad = pa.array([value is None for value in distinct], pa.bool_()).take(coded.indices)
    verdict.reject(_mask(bad), f"{name} is not a flat JSON object")
    return texts.take(coded.indices)


def _canonical_context(text: str) -> str | None:
    """The context as the store writes it, "" where it says nothing; None where it is none."""
    try:
        return context_json(context(json.loads(text), "context")) or ""
    except ValueError:  # of JSON, or of the context's check, which is a ValueError too
        return None


READERS: dict[str, Reader] = {
    "user_id": read_needed_ids,
    "item_id": read_ids,
    "event_type": read_needed_ids,
    "value": read_numbers,
    "text": read_text,
    "session_id": read_ids,
    "request_id": read_ids,
    "position": read_positions,
    "propensity": read_propensities,
    "timezone": read_timezones,
    "context": read_contexts,
    "sequence": read_integers,
}


def as_text(column: pa.Array, name: str) -> pa.Array:
    """Any plain column as text; whole floats lose their ".0" (ids that pandas made floats)."""
    if pa.types.is_string(column.type):
        return column
    if pa.types.is_nested(column.type):
        raise HabitusError(
            f"The column for {name} holds {column.type}, not single values.",
            f"Map another column: --map {name}=COLUMN.",
        )
    if pa.types.is_floating(column.type):
        numbers = as_numbers(column)
        column = pc.if_else(pa.array(np.isfinite(numbers)), column, pa.nulls(1, column.type)[0])
        finite = numbers[np.isfinite(numbers)]
        if (finite == np.rint(finite)).all() and (np.abs(finite) < 2**53).all():
            column = column.cast(pa.int64())
    return column.cast(pa.string())


def _whole(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # PyArrow gives an empty column back in chunks
        column = pa.concat_arrays(column.chunks) if column.chunks else pa.array([], column.type)
    return column


def _mask(flags: pa.Array) -> NDArray[np.bool_]:
    made: NDArray[np.bool_] = pc.fill_null(flags, False).to_numpy(zero_copy_only=False)
    return made


def _blank(column: pa.Array) -> NDArray[np.bool_]:
    if not pa.types.is_string(column.type):
        nulls: NDArray[np.bool_] = column.is_null().to_numpy(zero_copy_only=False)
        return nulls
    empty = pc.equal(pc.utf8_trim_whitespace(column), "")
    made: NDArray[np.bool_] = pc.fill_null(empty, True).to_numpy(zero_copy_only=False)
    return made


def _may_hold_control(ids: pa.Array) -> bool:
    """A look at the bytes: cheaper than a regular expression over rows that are all well."""
    data = ids.buffers()[2]
    if data is None:
        return False
    octets = np.frombuffer(data, np.uint8)
    return bool(((octets < 32) | (octets == 127) | (octets == 0xC2) | (octets == 0xE2)).any())


def _side(micros: int, now: int) -> str:
    return f"{describe(micros)} is {'before 1990' if micros < now else 'in the future'}"


@cache
def _zones() -> pa.Array:
    return pa.array(sorted(available_timezones()))
