"""What a request may ask of items: `where`, read and checked, in one canonical form.

    {"genre": "jazz"}                        equal: the attribute has this value, perhaps among others
    {"year": 1999}                           equal: the number is this one
    {"genre": {"in": ["jazz", "blues"]}}     any of these
    {"genre": {"not": "jazz"}}               none of these (a value or several); also where it is absent
    {"price": {"min": 5, "max": 20}}         numbers from 5 to 20, both included; either may be left out

All conditions of a request must hold. An item without the attribute or number meets `not` alone.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Attribute, Catalogue
from habitus.types import HabitusError

MOST_CONDITIONS = 32
MOST_VALUES = 1_000  # of one request
LONGEST = 256  # characters of a name or value
MEND = 'Give a value, {"in": […]}, {"not": a value or […]}, or for numbers {"min": …, "max": …}.'

Mask = NDArray[np.bool_]


class Check(ABC):
    """What is asked of one attribute or number. Equal checks have equal hashes."""

    @abstractmethod
    def rows(self, catalogue: Catalogue, name: str) -> Mask:
        """Which rows pass, [N + 1]; what row 0 says means nothing. HabitusError: no such column."""

    @property
    def size(self) -> int:
        """How many values it compares with."""
        return 1


@dataclass(frozen=True)
class HasAny(Check):
    """The attribute has one of these values."""

    values: frozenset[str]

    def rows(self, catalogue: Catalogue, name: str) -> Mask:
        column = attribute(catalogue, name)
        wanted = np.zeros(len(column.values), np.bool_)
        for value in self.values:
            code = bisect_left(column.values, value)  # they are sorted
            if code < len(column.values) and column.values[code] == value:
                wanted[code] = True
        hits = np.concatenate(([0], np.cumsum(wanted[column.codes])))
        found: Mask = hits[column.offsets[1:]] > hits[column.offsets[:-1]]
        return found

    @property
    def size(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class IsAny(Check):
    """The number is one of these."""

    values: frozenset[float]

    def rows(self, catalogue: Catalogue, name: str) -> Mask:
        return np.isin(number(catalogue, name), list(self.values))

    @property
    def size(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class Between(Check):
    """The number is within these bounds, both included."""

    low: float
    high: float

    def rows(self, catalogue: Catalogue, name: str) -> Mask:
        column = number(catalogue, name)
        found: Mask = (column >= self.low) & (column <= self.high)  # NaN is in no range
        return found


@dataclass(frozen=True)
class Not(Check):
    """The other check fails, perhaps for want of a value."""

    other: Check

    def rows(self, catalogue: Catalogue, name: str) -> Mask:
        return ~self.other.rows(catalogue, name)

    @property
    def size(self) -> int:
        return self.other.size


Conditions = tuple[tuple[str, tuple[Check, ...]], ...]


def conditions(where: Mapping[str, Any]) -> Conditions:
    """Every name with its checks, in order of name; HabitusError says which condition is none."""
    if not isinstance(where, Mapping):
        raise HabitusError("The conditions are no map of names.", MEND)
    if len(where) > MOST_CONDITIONS:
        raise HabitusError(
            f"The request has {len(where)} conditions.", f"Give at most {MOST_CONDITIONS}."
        )
    names = sorted(_checked_name(name) for name in where)
    found = tuple((name, _checks(name, where[name])) for name in names)
    values = sum(check.size for _, checks in found for check in checks)
    if values > MOST_VALUES:
        raise HabitusError(
            f"The conditions name {values} values.", f"Name at most {MOST_VALUES} in a request."
        )
    return found


def attribute(catalogue: Catalogue, name: str) -> Attribute:
    """The column of an attribute; HabitusError where no item has it, or only as a number."""
    column = catalogue.attributes.get(name)
    if column is not None:
        return column
    if name in catalogue.numbers:
        raise HabitusError(
            f"{name!r} is a number of the items, and is compared with text.", "Give numbers."
        )
    raise _unknown(catalogue, name)


def number(catalogue: Catalogue, name: str) -> NDArray[np.float64]:
    """The column of a number, NaN = absent; HabitusError likewise."""
    column = catalogue.numbers.get(name)
    if column is not None:
        return column
    if name in catalogue.attributes:
        raise HabitusError(
            f"{name!r} is an attribute of the items, and is compared with a number.",
            "Give text in quotation marks.",
        )
    raise _unknown(catalogue, name)


def _unknown(catalogue: Catalogue, name: str) -> HabitusError:
    known = sorted({*catalogue.attributes, *catalogue.numbers})
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    there = f"Items have: {', '.join(known[:20])}." if known else "Items have none so far."
    return HabitusError(f"No item has an attribute or number {name!r}.", hint + there)


def _checked_name(name: Any) -> str:
    if not isinstance(name, str) or len(name) > LONGEST:
        raise HabitusError(
            "A condition has no name of an attribute or number.",
            f"Names are texts of at most {LONGEST} characters.",
        )
    return name


def _checks(name: str, given: Any) -> tuple[Check, ...]:
    if not isinstance(given, Mapping):
        return (_any_of(name, [given]),)
    unknown = [str(key)[:LONGEST] for key in given if key not in (*READERS, *BOUNDS)]
    if unknown or not given:
        raise _bad(name, f"has {unknown[0]!r}" if unknown else "is empty")
    checks = [read(name, given[key]) for key, read in READERS.items() if key in given]
    if any(key in given for key in BOUNDS):
        low, high = (
            _number(name, given[key]) if key in given else none for key, none in BOUNDS.items()
        )
        checks.append(Between(low, high))
    return tuple(checks)


def _among(name: str, given: Any) -> Check:
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise _bad(name, "has an 'in' that is no list")
    return _any_of(name, list(given))


def _neither(name: str, given: Any) -> Check:
    several = isinstance(given, list | tuple | set | frozenset)
    return Not(_any_of(name, list(given) if several else [given]))


READERS: dict[str, Callable[[str, Any], Check]] = {"in": _among, "not": _neither}
BOUNDS = {"min": -math.inf, "max": math.inf}


def _any_of(name: str, values: list[Any]) -> Check:
    if not values:
        raise _bad(name, "names no value")
    if all(isinstance(value, str) for value in values):
        if any(len(value) > LONGEST for value in values):
            raise _bad(name, f"has a value of more than {LONGEST} characters")
        return HasAny(frozenset(values))
    return IsAny(frozenset(_number(name, value) for value in values))


def _number(name: str, value: Any) -> float:
    """A finite number; HabitusError for anything else (true and false are no numbers)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _bad(name, "has a value that is neither text nor a number, or a mixture of the two")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise _bad(name, "has a number that is not finite")
    return found


def _bad(name: str, problem: str) -> HabitusError:
    return HabitusError(f"The condition on {name!r} {problem}.", MEND)
