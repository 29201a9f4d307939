"""Many users' events, or one user's, in the one column form that the statistics of tastes read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Attribute
from habitus.events.histories import Histories
from habitus.profile.log import UserLog
from habitus.types import Role

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SIGNS = {Role.POSITIVE: 1.0, Role.NEGATIVE: -1.0}


@dataclass(frozen=True, eq=False)
class Columns:
    """The positive and negative events that name an item, sorted by user and oldest first, [E].

    owner  the user's row, 0 … users − 1
    item   catalogue row, ≥ 1
    value  as logged; NaN = absent
    sign   1 for an event of a positive role, −1 for a negative one
    place  where the event stands in the `Histories` or the `UserLog` it came from
    """

    users: int
    owner: Ints
    item: Ints
    value: Floats
    sign: Floats
    place: Ints

    @classmethod
    def of_histories(cls, histories: Histories) -> Columns:
        signs = np.array([SIGNS.get(each.role, 0.0) for each in histories.types])[histories.type]
        place = np.flatnonzero((signs != 0) & (histories.item > 0))
        return cls(
            users=len(histories),
            owner=histories.owners()[place],
            item=histories.item[place].astype(np.int64),
            value=histories.value[place].astype(np.float64),
            sign=signs[place],
            place=place,
        )

    @classmethod
    def of_log(cls, log: UserLog, now: int) -> Columns:
        """One user's events up to and including `now`, µs UTC; in ordinal data all of them."""
        signs = np.array([SIGNS.get(each.role, 0.0) for each in log.kinds], np.float64)[log.kind]
        past = (log.time <= now) | log.ordinal
        place = np.flatnonzero((signs != 0) & (log.item > 0) & past)
        return cls(
            users=1,
            owner=np.zeros(len(place), np.int64),
            item=log.item[place],
            value=log.value[place].astype(np.float64),
            sign=signs[place],
            place=place,
        )

    def __len__(self) -> int:
        return len(self.item)

    @cached_property
    def lengths(self) -> Ints:
        """Events of each user, [users]."""
        return np.bincount(self.owner, minlength=self.users).astype(np.int64)

    @cached_property
    def age(self) -> Ints:
        """How many of the user's events came after each, [E]."""
        return np.cumsum(self.lengths)[self.owner] - 1 - np.arange(len(self))

    def between(self, start: Ints, stop: Ints) -> Columns:
        """Each user's own events [start, stop), counted from their first; both are [users]."""
        at = self.lengths[self.owner] - 1 - self.age
        return self._pick((at >= start[self.owner]) & (at < stop[self.owner]), 0, self.users)

    def block(self, first: int, last: int) -> Columns:
        """Users [first, last) alone; their rows begin at 0."""
        low, high = np.searchsorted(self.owner, [first, last])
        return self._pick(slice(low, high), first, last - first)

    def per_user(self, weight: Floats) -> Floats:
        """Σ weight over each user's events, [users]."""
        return np.bincount(self.owner, weight, self.users).astype(np.float64)

    def _pick(self, which: NDArray[np.bool_] | slice, first: int, users: int) -> Columns:
        return Columns(
            users=users,
            owner=self.owner[which] - first,
            item=self.item[which],
            value=self.value[which],
            sign=self.sign[which],
            place=self.place[which],
        )


def expanded(item: Ints, attribute: Attribute, code: Ints) -> tuple[Ints, Ints]:
    """Each (event, value of its item): the event's place in `item` [P] and code[its code] [P].

    `code` int64 [values of the attribute] renames codes; pairs whose new code is −1 are left out.
    """
    place, before = attribute.pairs(item)
    found = code[before]
    kept = found >= 0
    return place[kept], found[kept]


def described(item: Ints, attribute: Attribute) -> NDArray[np.bool_]:
    """Whether the item of each event has any value of the attribute, [E]."""
    return np.asarray(attribute.offsets[item + 1] > attribute.offsets[item])
