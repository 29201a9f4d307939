"""The kinds of fields that calls share, as strict types: nothing is read as something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from habitus.serve.limits import (
    ID_LENGTH,
    INT64,
    LAST_TIME,
    LEAST_TIME,
    MOST_ITEMS,
    MOST_MARKS,
    MOST_NAMES,
    QUERY_LENGTH,
    TEXT_LENGTH,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
NUL = "\0"
WITHOUT_NUL = r"^[^\x00]*$"  # no database keeps a NUL in a text
ZONE = r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"

Scalar = str | int | float | bool


class Shape(BaseModel):
    """A JSON object with exactly the fields named."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


Id = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=ID_LENGTH, pattern=PRINTABLE)
]
Zone = Annotated[str, StringConstraints(strict=True, max_length=ID_LENGTH, pattern=ZONE)]
Prose = Annotated[str, StringConstraints(strict=True, max_length=TEXT_LENGTH, pattern=WITHOUT_NUL)]
Whole = Annotated[int, Field(strict=True, ge=INT64[0], le=INT64[1])]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True, ge=1, le=MOST_ITEMS)]
Ids = Annotated[list[Id], Field(max_length=MOST_ITEMS)]


def _question(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank")
    return text


Question = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=QUERY_LENGTH, pattern=WITHOUT_NUL),
    AfterValidator(_question),
]


def _moment(value: Any) -> int:
    """µs since 1970, UTC, from whole µs or an ISO 8601 text with a zone."""
    if isinstance(value, str):
        value = _micros(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("is neither whole microseconds since 1970 nor an ISO 8601 text")
    if not LEAST_TIME <= value <= LAST_TIME:
        raise ValueError("lies outside the years 1990 to 2200; numbers are microseconds since 1970")
    return value


def _micros(text: str) -> int:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is no ISO 8601 time such as 2025-05-01T12:00:00Z") from None
    if found.utcoffset() is None:
        raise ValueError("has no time zone; add one (for UTC end it in Z)")
    return (found - EPOCH) // timedelta(microseconds=1)


Moment = Annotated[
    int,
    BeforeValidator(_moment),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": LEAST_TIME, "maximum": LAST_TIME},
                {"type": "string", "format": "date-time"},
            ],
            "description": "Microseconds since 1970, or ISO 8601 with a time zone.",
        }
    ),
]


def _moment_in_address(value: Any) -> Any:
    """What an address says is text: whole numbers are microseconds."""
    digits = isinstance(value, str) and value.isascii() and value.removeprefix("-").isdecimal()
    return int(value[:20]) if digits else value


MomentInAddress = Annotated[Moment, BeforeValidator(_moment_in_address)]

NAME = {"type": "string", "minLength": 1, "maxLength": ID_LENGTH, "pattern": WITHOUT_NUL}
TEXT = {"type": "string", "maxLength": TEXT_LENGTH, "pattern": WITHOUT_NUL}


def _map(value: Any, entry: Callable[[Any], Any], most: int) -> Mapping[str, Any]:
    """A map of at most `most` entries, each as `entry` reads it."""
    if not isinstance(value, Mapping):
        raise ValueError("is not a JSON object")
    if len(value) > most:
        raise ValueError(f"has more than {most} entries")
    made = {}
    for name, inner in value.items():
        if not isinstance(name, str) or not 1 <= len(name) <= ID_LENGTH:
            raise ValueError(f"has a name that is not 1 to {ID_LENGTH} characters long")
        if NUL in name:
            raise ValueError("has a name with a NUL character")
        made[name] = entry(inner)
    return made


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > TEXT_LENGTH:
        raise ValueError(f"has an entry that is no text of at most {TEXT_LENGTH} characters")
    if NUL in value:
        raise ValueError("has a text with a NUL character")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("has an entry that is not a number")
    return float(value)


def _scalar(value: Any) -> Scalar:
    return value if isinstance(value, bool | int | float) else _text(value)


def _one_or_several(value: Any) -> str | list[str]:
    if not isinstance(value, list):
        return _text(value)
    if len(value) > MOST_NAMES:
        raise ValueError(f"has an entry of more than {MOST_NAMES} values")
    return [_text(one) for one in value]


def _condition(value: Any) -> Any:
    """A value, or a map of "in", "not", "min" and "max"."""
    if not isinstance(value, Mapping):
        return _value(value)
    if not value or not value.keys() <= BOUNDS.keys():
        raise ValueError(
            'has a condition that is neither a value nor a map of "in", "not", "min", "max"'
        )
    return {name: BOUNDS[name](bound) for name, bound in value.items()}


def _value(value: Any) -> str | float:
    """A text or a number."""
    return _text(value) if isinstance(value, str) else _number(value)


def _several(values: Any) -> list[str | float]:
    if not isinstance(values, list) or not 1 <= len(values) <= MOST_ITEMS:
        raise ValueError(f"has a condition whose list is not one of 1 to {MOST_ITEMS} values")
    return [_value(one) for one in values]


def _one_or_many(value: Any) -> Any:
    return _several(value) if isinstance(value, list) else _value(value)


BOUNDS: dict[str, Callable[[Any], Any]] = {
    "in": _several,
    "not": _one_or_many,
    "min": _number,
    "max": _number,
}


def _mapping(entry: Callable[[Any], Any], schema: dict[str, Any], most: int = MOST_NAMES) -> Any:
    return Annotated[
        dict[str, Any],
        BeforeValidator(lambda value: _map(value, entry, most)),
        AfterValidator(dict),
        WithJsonSchema(
            {
                "type": "object",
                "maxProperties": most,
                "propertyNames": NAME,
                "additionalProperties": schema,
            }
        ),
    ]


NUMBER: dict[str, Any] = {"type": "number"}
VALUES = {
    "anyOf": [
        {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_ITEMS}
        for one in (TEXT, NUMBER)
    ]
}
CONDITION = {
    "anyOf": [
        TEXT,
        NUMBER,
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": {
                "in": VALUES,
                "not": {"anyOf": [TEXT, NUMBER, *VALUES["anyOf"]]},
                "min": NUMBER,
                "max": NUMBER,
            },
        },
    ]
}
Attributes = _mapping(
    _one_or_several,
    {"anyOf": [TEXT, {"type": "array", "items": TEXT, "maxItems": MOST_NAMES}]},
)
Numbers = _mapping(_number, NUMBER)
Marks = _mapping(_text, TEXT, MOST_MARKS)
Context = _mapping(lambda value: None if value is None else _scalar(value),
                   {"anyOf": [TEXT, NUMBER, {"type": "boolean"}, {"type": "null"}]})  # fmt: skip
Where = _mapping(_condition, CONDITION)
