"""Reading a column of times: unix seconds to nanoseconds or ISO 8601, into UTC microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from habitus.types import DAY

EARLIEST = 631_152_000_000_000  # 1990-01-01: earlier than any log of user events that we know of
LATEST_AHEAD = DAY  # clocks run fast and zones get mixed up by hours; by more than a day is absurd

ISO = (
    r"^\s*(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<clock>\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)"
    r" ?(?P<zone>[Zz]|[+-]\d{2}(?::?\d{2})?)?)?\s*$"
)


class TimeUnit(StrEnum):
    """What one unit of a numeric time is."""

    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    MICROSECONDS = "microseconds"
    NANOSECONDS = "nanoseconds"


MICROSECONDS_OF = {
    TimeUnit.SECONDS: 1_000_000.0,
    TimeUnit.MILLISECONDS: 1_000.0,
    TimeUnit.MICROSECONDS: 1.0,
    TimeUnit.NANOSECONDS: 0.001,
}

# Each unit's numbers for the years 1990 to 2200 lie under its bound and over the one before.
BOUNDS = (
    (1e11, TimeUnit.SECONDS),
    (1e14, TimeUnit.MILLISECONDS),
    (1e17, TimeUnit.MICROSECONDS),
    (np.inf, TimeUnit.NANOSECONDS),
)


@dataclass(frozen=True, eq=False)
class Times:
    """A read column: `micros` int64 [n] (0 where not readable) and which rows are what, bool [n]."""

    micros: NDArray[np.int64]
    missing: NDArray[np.bool_]
    unreadable: NDArray[np.bool_]

    def absurd(self, now: int) -> NDArray[np.bool_]:
        """Rows read as a moment before 1990 or more than a day after `now` (µs)."""
        outside = (self.micros < EARLIEST) | (self.micros > now + LATEST_AHEAD)
        return outside & ~self.missing & ~self.unreadable


def detect_unit(numbers: NDArray[np.float64]) -> TimeUnit:
    """The unit whose range holds the median magnitude: a few bad rows do not change it."""
    finite = np.abs(numbers[np.isfinite(numbers)])
    median = float(np.median(finite)) if len(finite) else 0.0
    return next(unit for bound, unit in BOUNDS if median < bound)


def unit_of(column: pa.Array) -> TimeUnit | None:
    """The unit of a column's numeric values; None where it holds no number."""
    if pa.types.is_temporal(column.type):
        return None
    numbers = as_numbers(column)
    return detect_unit(numbers) if np.isfinite(numbers).any() else None


def read_times(column: pa.Array, unit: TimeUnit | None) -> Times:
    """Read numbers in `unit`, ISO 8601 text (no zone = UTC), Arrow timestamps and dates.

    `unit` None means that the column has no numbers; a number is then not readable.
    """
    missing = column.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_temporal(column.type):
        return _read_temporal(column, missing)
    if not pa.types.is_string(column.type):
        micros, good = _scale(column, unit)
        return Times(micros, missing, ~good & ~missing)
    return _read_text(column, unit, missing)


def describe(micros: int) -> str:
    """A moment in words for a message; safe for moments outside the calendar."""
    try:
        moment = datetime.fromtimestamp(micros / 1e6, UTC)
    except (OverflowError, OSError, ValueError):
        return f"{micros} µs since 1970"
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def as_numbers(column: pa.Array) -> NDArray[np.float64]:
    """A column as float64, NaN where it is missing or not a number."""
    if pa.types.is_string(column.type):
        column = _numeric_only(column)
    try:
        made = column.cast(pa.float64())
    except pa.ArrowInvalid:  # integers beyond 2^53 lose a last digit, nothing else
        made = column.cast(pa.float64(), safe=False)
    values: NDArray[np.float64] = made.to_numpy(zero_copy_only=False)
    return values


def _numeric_only(column: pa.Array) -> pa.Array:
    """Text that is not a plain decimal number becomes null, the rest is trimmed."""
    trimmed = pc.utf8_trim_whitespace(column)
    numeric = pc.match_substring_regex(trimmed, r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$")
    numeric = pc.fill_null(numeric, False)
    if not pc.all(numeric).as_py():
        trimmed = pc.if_else(numeric, trimmed, pa.scalar(None, pa.string()))
    if pc.any(pc.fill_null(pc.starts_with(trimmed, "+"), False)).as_py():
        trimmed = pc.replace_substring_regex(trimmed, r"^\+", "")
    return trimmed


def _scale(column: pa.Array, unit: TimeUnit | None) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    numbers = as_numbers(column)
    good = np.isfinite(numbers) & (unit is not None)
    scaled = np.where(good, numbers, 0.0) * MICROSECONDS_OF[unit or TimeUnit.SECONDS]
    good &= np.abs(scaled) < 2**62
    return np.rint(np.where(good, scaled, 0.0)).astype(np.int64), good


def _read_temporal(column: pa.Array, missing: NDArray[np.bool_]) -> Times:
    if not (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
        return Times(np.zeros(len(column), np.int64), missing, ~missing)
    stamps = column.cast(pa.timestamp("us", _zone(column.type)), safe=False)
    micros = pc.fill_null(stamps.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    return Times(micros, missing, np.zeros(len(column), bool))


def _zone(kind: pa.DataType) -> str | None:
    zone: str | None = kind.tz if pa.types.is_timestamp(kind) else None
    return zone


def _read_text(column: pa.Array, unit: TimeUnit | None, missing: NDArray[np.bool_]) -> Times:
    blank = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True)
    missing = missing | blank.to_numpy(zero_copy_only=False)
    micros, good = _scale(column, unit)
    rest = ~good & ~missing
    if rest.any():
        rows = np.flatnonzero(rest)
        moments, read = _read_iso(column.take(pa.array(rows)))
        micros[rows] = moments
        good[rows] = read
    return Times(micros, missing, ~good & ~missing)


def _read_iso(texts: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """ISO 8601 calendar dates and date-times, offsets applied; no offset means UTC."""
    parts = pc.extract_regex(texts, ISO)
    date, clock, zone = (parts.field(name) for name in ("date", "clock", "zone"))
    day, day_known = _days(date)
    within, clock_known = _clock(clock)
    micros = day * DAY + within - _offset(zone)
    good = day_known & clock_known & ~parts.is_null().to_numpy(zero_copy_only=False)
    return np.where(good, micros, 0), good


def _days(date: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Days since 1970 of "yyyy-mm-dd"; false where the calendar has no such day."""
    year, month, day = (_digits(date, start, stop) for start, stop in ((0, 4), (5, 7), (8, 10)))
    possible = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = (year - 1970) * 12 + np.where(possible, month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    next_first = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first + day - 1, possible & (day <= next_first - first)


def _clock(clock: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Microseconds since midnight of "hh:mm[:ss[.f]]"; no clock is midnight; 60 = a leap second."""
    hour, minute, second = (_digits(clock, a, b) for a, b in ((0, 2), (3, 5), (6, 8)))
    fraction = pc.utf8_rpad(pc.utf8_slice_codeunits(clock, 9, 15), 6, "0")
    micros = _digits(fraction, 0, 6)
    possible = (hour <= 23) & (minute <= 59) & (second <= 60)
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros, possible


def _offset(zone: pa.Array) -> NDArray[np.int64]:
    """Microseconds east of UTC of "Z", "+hh", "+hhmm" or "+hh:mm"."""
    bare = pc.replace_substring(pc.replace_substring_regex(zone, "[Zz]", ""), ":", "")
    minutes = _digits(bare, 1, 3) * 60 + _digits(bare, 3, 5)
    west = pc.fill_null(pc.starts_with(bare, "-"), False).to_numpy(zero_copy_only=False)
    return np.where(west, -minutes, minutes) * 60_000_000


def _digits(texts: pa.Array, start: int, stop: int) -> NDArray[np.int64]:
    """The number written at [start, stop); 0 where nothing is."""
    cut = pc.utf8_slice_codeunits(texts, start, stop)
    empty = pc.fill_null(pc.equal(cut, ""), True)
    numbers = pc.if_else(empty, "0", cut).cast(pa.int64())
    made: NDArray[np.int64] = pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False)
    return made
