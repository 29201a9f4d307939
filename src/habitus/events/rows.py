"""What `observe` is given, as checked rows: dicts, Events, DataFrames and Arrow tables."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from numbers import Integral, Real
from operator import attrgetter
from typing import Any

import pyarrow as pa

from habitus.events.characters import CONTROL
from habitus.events.receipt import Reject
from habitus.events.times import EARLIEST, LATEST_AHEAD, describe
from habitus.types import Event, HabitusError

ID_LENGTH = 256
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIELDS = tuple(each.name for each in fields(Event))
EVERY_FIELD = attrgetter(*FIELDS)
SURROGATE = re.compile(r"[\ud800-\udfff]")
ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")
BATCH = 10_000  # rows of an Arrow table that are Python objects at one time


class BadFieldError(ValueError):
    """One field of one event is not acceptable: which, and why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(slots=True)
class Rows:
    """Checked events (every field of each is valid or None) and those that were refused.

    `given` are the records as they came, of which the first is number `start` of a call at `now`,
    checked for a workspace that was `ordinal` or not.
    """

    given: Sequence[Any]
    start: int
    now: int
    ordinal: bool
    events: list[Event] = field(default_factory=list)
    timed: list[bool] = field(default_factory=list)  # false where no timestamp was given
    rejected: list[Reject] = field(default_factory=list)

    def for_a_workspace(self, ordinal: bool) -> Rows:
        """The same records checked for such a workspace."""
        return self if ordinal == self.ordinal else check(self.given, self.start, self.now, ordinal)


def records(events: Any) -> Iterator[Any]:
    """The single events of whatever `observe` accepts.

    A missing cell of a DataFrame (NaN, NaT, None) is an absent field.
    """
    if isinstance(events, Event | Mapping):
        return iter((events,))
    table = _table(events)
    if table is not None:
        _check_columns(table)
        return _of_table(table)
    if isinstance(events, str | bytes) or not isinstance(events, Iterable):
        raise HabitusError(
            f"Events cannot be read from a {type(events).__name__}.",
            "Give a dict, an Event, a list of them, a DataFrame or an Arrow table.",
        )
    return iter(events)


def check(given: Sequence[Any], start: int, now: int, ordinal: bool) -> Rows:
    """Check events one by one. `start` is the index of the first; `now` (µs) stands for no time."""
    rows = Rows(given, start, now, ordinal)
    for index, record in enumerate(given, start):
        try:
            event, timed = checked(record, now, ordinal)
        except BadFieldError as error:
            rows.rejected.append(Reject(index, error.name, error.reason))
            continue
        rows.events.append(event)
        rows.timed.append(timed)
    return rows


def checked(record: Any, now: int, ordinal: bool) -> tuple[Event, bool]:
    """A valid Event with a timestamp (in ordinal data 0), and whether it brought one itself."""
    said = _fields(record)
    for required in ("user_id", "event_type"):
        if said.get(required) is None:
            raise BadFieldError(required, "is missing")
    given = said.pop("timestamp", None)
    valid = {name: CHECKS[name](value, name) for name, value in said.items() if name in CHECKS}
    if ordinal and given is not None:
        raise BadFieldError(
            "timestamp", "this workspace is ordinal (data without times); leave it out"
        )
    time = 0 if ordinal else now if given is None else timestamp(given, now)
    return Event(**valid, timestamp=time), given is not None


def timestamp(value: Any, now: int) -> int:
    """µs since 1970 from an int of µs, a datetime or an ISO 8601 text, both with a time zone."""
    moment = value if type(value) is int else _moment(value)
    if isinstance(moment, datetime):
        if moment.utcoffset() is None:
            raise BadFieldError(
                "timestamp", f'{value} has no time zone; add one (for UTC end it in "Z" or use UTC)'
            )
        micros = (moment - EPOCH) // timedelta(microseconds=1)
    else:
        micros = moment
    if micros < EARLIEST:
        raise BadFieldError(
            "timestamp",
            f"{value} is {describe(micros)}, before 1990; whole numbers are microseconds since 1970",
        )
    if micros > now + LATEST_AHEAD:
        raise BadFieldError(
            "timestamp", f"{value} is {describe(micros)}, more than a day in the future"
        )
    return micros


def identifier(value: Any, name: str) -> str:
    """An id: text of 1–256 characters without control characters and surrogates."""
    if (
        type(value) is str
        and value.isascii()
        and value.isprintable()
        and 0 < len(value) <= ID_LENGTH
    ):
        return value
    if not isinstance(value, str):
        raise BadFieldError(name, f"is a {type(value).__name__}, not a text; ids are texts")
    if not 1 <= len(value) <= ID_LENGTH:
        raise BadFieldError(name, f"has {len(value)} characters; an id has 1 to {ID_LENGTH}")
    if CONTROL.search(value):
        raise BadFieldError(name, "contains control characters")
    return unicode(value, name)


def unicode(value: Any, name: str) -> str:
    """Any text that every database keeps: UTF-8 without NUL."""
    if not isinstance(value, str):
        raise BadFieldError(name, f"is a {type(value).__name__}, not a text")
    if SURROGATE.search(value):
        raise BadFieldError(name, "contains half characters (surrogates)")
    if "\x00" in value:
        raise BadFieldError(name, "contains a NUL character")
    return str(value)


def finite(value: Any, name: str) -> float:
    """A number that is neither NaN nor infinite."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise BadFieldError(name, f"is a {type(value).__name__}, not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise BadFieldError(name, f"is {number}; leave it out where there is no value")
    return number


def whole(value: Any, name: str) -> int:
    """A whole number within 64 bits."""
    number = value
    if type(value) is int and -(2**63) < value < 2**63:
        return value
    if isinstance(value, float) and value.is_integer():  # how a DataFrame with gaps writes it
        number = int(value)
    if isinstance(number, bool) or not isinstance(number, Integral):
        raise BadFieldError(name, f"{value!r} is not a whole number")
    if not -(2**63) < int(number) < 2**63:
        raise BadFieldError(name, f"{value} is too large")
    return int(number)


def context(value: Any, name: str) -> Mapping[str, Any]:
    """A flat map: text → text, number, true, false or nothing."""
    if not isinstance(value, Mapping):
        raise BadFieldError(name, f"is a {type(value).__name__}, not a map")
    made: dict[str, Any] = {}
    for key, entry in value.items():
        place = f"{name}.{key}"
        if entry is None or isinstance(entry, bool):
            made[unicode(key, name)] = entry
        elif isinstance(entry, str):
            made[unicode(key, name)] = unicode(entry, place)
        elif isinstance(entry, Integral):
            made[unicode(key, name)] = int(entry)
        else:
            made[unicode(key, name)] = finite(entry, place)
    return made


def context_json(value: Mapping[str, Any] | None) -> str | None:
    """A context as the store keeps it: keys sorted, no spaces; None where it says nothing."""
    if not value:
        return None
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _propensity(value: Any, name: str) -> float:
    number = finite(value, name)
    if not 0.0 < number <= 1.0:
        raise BadFieldError(name, f"is {number}; a probability of what happened is in (0, 1]")
    return number


def _position(value: Any, name: str) -> int:
    number = whole(value, name)
    if number < 0:
        raise BadFieldError(name, f"is {number}; positions count from 0")
    return number


def time_zone(value: Any, name: str) -> str:
    text = identifier(value, name)
    if not ZONE.fullmatch(text):
        raise BadFieldError(name, f'{text!r} is no time zone name such as "Europe/Berlin"')
    return text


CHECKS: Mapping[str, Callable[[Any, str], Any]] = {
    "user_id": identifier,
    "event_type": identifier,
    "item_id": identifier,
    "value": finite,
    "text": unicode,
    "session_id": identifier,
    "request_id": identifier,
    "position": _position,
    "propensity": _propensity,
    "timezone": time_zone,
    "context": context,
    "sequence": whole,
    "event_id": identifier,
}


def _fields(record: Any) -> dict[str, Any]:
    """What an event says; a field that is None says nothing."""
    said: Iterable[tuple[str, Any]]
    if isinstance(record, Event):
        said = zip(FIELDS, EVERY_FIELD(record), strict=True)
    elif isinstance(record, Mapping):
        for name in record:
            if name not in FIELDS:
                raise BadFieldError(
                    str(name), f"is no field of an event; those are {', '.join(FIELDS)}"
                )
        said = record.items()
    else:
        raise BadFieldError("event", f"is a {type(record).__name__}, not a dict or an Event")
    return {name: value for name, value in said if value is not None}


def _moment(value: Any) -> int | datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise BadFieldError(
                "timestamp", f"{value!r} is no ISO 8601 time such as 2024-05-01T12:00:00Z"
            ) from None
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    raise BadFieldError(
        "timestamp",
        f"is a {type(value).__name__}; give whole microseconds, a datetime or an ISO 8601 text",
    )


def _table(events: Any) -> pa.Table | None:
    """The Arrow table of a DataFrame, a table or a record batch; None for anything else."""
    if isinstance(events, pa.RecordBatch):
        events = pa.Table.from_batches([events])
    pandas = sys.modules.get("pandas")  # who has a DataFrame has imported pandas
    if pandas is not None and isinstance(events, pandas.DataFrame):
        try:
            events = pa.Table.from_pandas(events, preserve_index=False)
        except pa.ArrowException as error:
            raise HabitusError(
                f"The DataFrame has a column of mixed types ({error}).",
                "Give each column one type, for ids .astype(str).",
            ) from error
    return events if isinstance(events, pa.Table) else None


def _check_columns(table: pa.Table) -> None:
    unknown = [name for name in table.column_names if name not in FIELDS]
    missing = [name for name in ("user_id", "event_type") if name not in table.column_names]
    if unknown or missing:
        raise HabitusError(
            f"The table has the columns {', '.join(table.column_names)}"
            + (f"; not known: {', '.join(unknown)}" if unknown else "")
            + (f"; missing: {', '.join(missing)}" if missing else "")
            + ".",
            f"Rename or drop columns: the fields of an event are {', '.join(FIELDS)}.",
        )


def _of_table(table: pa.Table) -> Iterator[dict[str, Any]]:
    for start in range(0, len(table), BATCH):
        yield from table.slice(start, BATCH).to_pylist()
