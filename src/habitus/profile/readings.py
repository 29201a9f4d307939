"""What the events of columns say once the items are known: each value against user and item."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue
from habitus.profile.columns import Columns, Floats, Ints
from habitus.profile.known import Items

NOISE_PRIOR: Final = 5.0  # events that everybody's noise counts for, beside a user's own


@dataclass(frozen=True, eq=False)
class Readings:
    """What the events of `columns` say once items are known, [E]; 0 where an event has no value.

    valued   1 where the event carries a value
    against  the value less the user's mean; `left` also less the item's quality
    item     the place of the event's item in `Items`
    noise    [users] the variance of a user's `left`, shrunk towards everybody's
    """

    columns: Columns
    valued: Floats
    against: Floats
    left: Floats
    item: Ints
    quality: Floats
    noise: Floats

    @cached_property
    def first(self) -> NDArray[np.bool_]:
        """Whether an event is the user's first of its item, [E]."""
        key = self.columns.owner * (int(self.item.max(initial=0)) + 1) + self.item
        made = np.zeros(len(key), bool)
        made[np.unique(key, return_index=True)[1]] = True
        return made

    def block(self, first: int, last: int) -> Readings:
        """Users [first, last) alone; their rows begin at 0."""
        low, high = np.searchsorted(self.columns.owner, [first, last])
        return Readings(
            columns=self.columns.block(first, last),
            valued=self.valued[low:high],
            against=self.against[low:high],
            left=self.left[low:high],
            item=self.item[low:high],
            quality=self.quality[low:high],
            noise=self.noise[first:last],
        )


def deviations(columns: Columns) -> tuple[Floats, Floats]:
    """1 where an event has a value, and that value less the mean of the user's, else 0."""
    valued = np.isfinite(columns.value).astype(np.float64)
    value = np.where(valued > 0, columns.value, 0.0)
    mean = columns.per_user(value) / np.maximum(columns.per_user(valued), 1)
    return valued, (value - mean[columns.owner]) * valued


def read(columns: Columns, items: Items, catalogue: Catalogue) -> Readings:
    """The readings of any columns against what is known of the items."""
    valued, against = deviations(columns)
    place = items.of(columns.item, catalogue)
    quality = items.quality[place]
    left = (against - quality) * valued
    squares = columns.per_user(left**2) + NOISE_PRIOR * items.noise
    noise = squares / (columns.per_user(valued) + NOISE_PRIOR)
    return Readings(columns, valued, against, left, place, quality, noise)
