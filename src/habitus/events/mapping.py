"""Which column of a file is which field, and the error that says how to tell us."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from habitus.types import HabitusError

EVENT_FIELDS = (
    "user_id",
    "item_id",
    "event_type",
    "timestamp",
    "value",
    "text",
    "session_id",
    "request_id",
    "position",
    "propensity",
    "timezone",
    "context",
    "sequence",
)

# Names under which logs in the wild keep a field: used to suggest, never to decide.
SYNONYMS = {
    "user_id": ("user", "userid", "uid", "customer", "customer_id", "member", "visitor", "account"),
    "item_id": (
        "item",
        "itemid",
        "product",
        "product_id",
        "sku",
        "article",
        "movie",
        "movie_id",
        "iid",
    ),
    "event_type": ("event", "type", "behaviour", "behavior", "action", "kind"),
    "timestamp": ("time", "ts", "date", "datetime", "when", "created_at", "event_time", "at"),
    "value": ("rating", "score", "stars", "amount", "price"),
    "text": ("title", "name", "review", "message", "query"),
    "session_id": ("session", "sid"),
}


def resolve(
    file_name: str,
    columns: Sequence[str],
    mapping: Mapping[str, str],
    fields: Sequence[str],
    required: Sequence[str],
    advice: str = "",
) -> dict[str, str]:
    """Field → column: what `mapping` says, and columns that bear a field's own name.

    HabitusError where `mapping` names an unknown field or column, or a required field has none.
    """
    for field, column in mapping.items():
        if field not in fields:
            raise HabitusError(
                f"There is no field {field!r} to map{_near(field, fields)}.",
                f"The fields are: {', '.join(fields)}.",
            )
        if column not in columns:
            near = nearest(column, columns)
            raise HabitusError(
                f"{file_name} has no column {column!r}. {listed(columns)}",
                f"Map {field} to one of them, for example --map {field}={near or columns[0]}.",
            )
    found = {field: field for field in fields if field in columns and field not in mapping}
    found |= mapping
    missing = [field for field in required if field not in found]
    if missing:
        free = [column for column in columns if column not in found.values()]
        raise HabitusError(
            f"{file_name} has no column {' and no column '.join(missing)}. {listed(columns)}",
            " ".join(filter(None, (_how_to_map(missing, free), _headless(columns), advice))),
        )
    return found


def nearest(name: str, columns: Sequence[str]) -> str | None:
    """The column that most likely is meant by a field's or column's name; None where none is near."""
    plain = {column.lower().split(":")[0].replace(" ", "_"): column for column in reversed(columns)}
    for known in (name, *SYNONYMS.get(name, ())):
        if known in plain:
            return plain[known]
    for known in (name, *SYNONYMS.get(name, ())):
        close = difflib.get_close_matches(known, plain, n=1, cutoff=0.75)
        if close:
            return plain[close[0]]
    return None


def listed(columns: Sequence[str]) -> str:
    """The file's columns in a sentence, at most 40 of them."""
    more = f" and {len(columns) - 40} more" if len(columns) > 40 else ""
    return f"Its columns are: {', '.join(columns[:40])}{more}."


def _how_to_map(missing: Sequence[str], free: Sequence[str]) -> str:
    flags = [f"--map {field}={nearest(field, free) or 'COLUMN'}" for field in missing]
    return f"Say which column it is: {' '.join(flags)}."


def _headless(columns: Sequence[str]) -> str:
    """Where column names are numbers, the file has most likely no header row."""
    if sum(column.replace(".", "").isdigit() for column in columns) * 2 <= len(columns):
        return ""
    return "If the file has no header row, name its columns: --header user_id,item_id,…."


def _near(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
