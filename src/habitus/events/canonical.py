"""The canonical columns of the bulk path: an Arrow table made sure of, whole."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from habitus.types import HabitusError

TYPES: dict[str, pa.DataType] = {
    "user_id": pa.string(),
    "event_type": pa.string(),
    "timestamp": pa.int64(),
    "item_id": pa.string(),
    "value": pa.float64(),
    "text": pa.string(),
    "session_id": pa.string(),
    "request_id": pa.string(),
    "position": pa.int64(),
    "propensity": pa.float64(),
    "timezone": pa.string(),
    "context": pa.string(),
    "sequence": pa.int64(),
    "event_id": pa.string(),
}
MEND = "Validate rows before the bulk path, or use observe, which checks each event."


def canonical(table: pa.Table, ordinal: bool, has_ids: bool) -> pa.Table:
    """The table in canonical types; HabitusError where it is not what the bulk path takes.

    Event ids come from one place: `has_ids` says that the caller numbers the rows.
    """
    needed = ["user_id", "event_type"] + ([] if ordinal else ["timestamp"])
    barred = (["timestamp"] if ordinal else []) + (["event_id"] if has_ids else [])
    for name in table.column_names:
        if name not in TYPES or name in barred:
            raise HabitusError(
                f"The column {name!r} has no place in this bulk append.",
                f"Columns are {', '.join(name for name in TYPES if name not in barred)}.",
            )
    for name in needed:
        if name not in table.column_names:
            raise HabitusError(f"The bulk append lacks the column {name!r}.", MEND)
        if table[name].null_count:
            raise HabitusError(f"The column {name!r} of a bulk append has gaps.", MEND)
    made = pa.table({name: _column(table[name], name) for name in table.column_names})
    for name in ("value", "propensity"):
        if name in made.column_names and pc.any(pc.is_nan(made[name])).as_py():
            raise HabitusError(f"The column {name!r} of a bulk append contains NaN.", MEND)
    return made


def _column(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    try:
        return column.cast(TYPES[name])
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise HabitusError(
            f"The column {name!r} of a bulk append is {column.type}, not {TYPES[name]} ({error}).",
            MEND,
        ) from error
