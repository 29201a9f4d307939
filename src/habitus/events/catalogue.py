"""The items of a workspace as columns; row 0 is padding everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.types import HabitusError


@dataclass(frozen=True, eq=False)
class Attribute:
    """One attribute of all items, ragged: item row r has codes[offsets[r]:offsets[r + 1]].

    `values[c]` is the text of code c; they are sorted. Row 0 (padding) has no codes.
    """

    values: tuple[str, ...]
    offsets: NDArray[np.int64]  # [N + 2]
    codes: NDArray[np.int32]

    def pairs(self, item: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Each (item, value of it): the place in `item` (catalogue rows [n]) and the code, [P] both."""
        first = self.offsets[item]
        count = self.offsets[item + 1] - first
        place = np.repeat(np.arange(len(item)), count)
        start = np.repeat(first - (np.cumsum(count) - count), count)
        return place, self.codes[start + np.arange(len(place))].astype(np.int64)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All items: ids, text, attributes, numbers, availability. N items make N + 1 rows."""

    item_ids: tuple[str, ...]  # [N + 1], item_ids[0] == ""
    text: tuple[str, ...]  # [N + 1]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    numbers: Mapping[str, NDArray[np.float64]] = field(
        default_factory=dict
    )  # [N + 1], NaN = absent
    available: NDArray[np.bool_] = field(default_factory=lambda: np.ones(1, bool))  # [N + 1]

    @classmethod
    def of_ids(cls, item_ids: Sequence[str]) -> Catalogue:
        """Items of which nothing but the id is known."""
        ids = ("", *item_ids)
        available = np.ones(len(ids), bool)
        available[0] = False
        return cls(item_ids=ids, text=("",) * len(ids), available=available)

    def __len__(self) -> int:
        """Rows, padding included: N + 1."""
        return len(self.item_ids)

    @cached_property
    def rows(self) -> dict[str, int]:
        """item_id → row (≥ 1)."""
        return {item_id: row for row, item_id in enumerate(self.item_ids) if row}

    def having(self, unavailable: Iterable[str]) -> Catalogue:
        """The same items where exactly these cannot be had; ids it does not know are left out."""
        other = replace(self, available=self.available_but(unavailable))
        other.__dict__["rows"] = self.rows  # worked out once for both
        return other

    def available_but(self, unavailable: Iterable[str]) -> NDArray[np.bool_]:
        """[N + 1]: false for the padding and these items."""
        available = np.ones(len(self), np.bool_)
        available[[0, *(self.rows.get(item_id, 0) for item_id in unavailable)]] = False
        return available

    def same_reading(self, other: Catalogue) -> bool:
        """Whether both differ at most in what can be had, and one was made of the other."""
        return self.item_ids is other.item_ids

    def row(self, item_id: str) -> int:
        """The row of an item; HabitusError where the catalogue has no such item."""
        found = self.rows.get(item_id)
        if found is None:
            raise HabitusError(
                f"There is no item {item_id!r} in the catalogue.",
                "Add it with put_items, or observe an event that names it.",
            )
        return found

    def values_of(self, row: int) -> dict[str, tuple[str, ...]]:
        """The attributes of one row as text."""
        found: dict[str, tuple[str, ...]] = {}
        for name, column in self.attributes.items():
            codes = column.codes[column.offsets[row] : column.offsets[row + 1]]
            if len(codes):
                found[name] = tuple(column.values[code] for code in codes)
        return found


def attribute_column(per_row: Sequence[Sequence[str]]) -> Attribute:
    """Build an `Attribute` from the values of each row (row 0 first, and empty)."""
    lengths = np.fromiter((len(values) for values in per_row), np.int64, len(per_row))
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    flat = [value for values in per_row for value in values]
    values = sorted(set(flat))
    place = {value: code for code, value in enumerate(values)}
    codes = np.fromiter(map(place.__getitem__, flat), np.int32, len(flat))
    return Attribute(tuple(values), offsets, codes)
