"""What is known of everybody, as the statistics of one user lean on it: items, and values of attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Attribute, Catalogue
from habitus.profile.columns import Columns, Floats, Ints, described, expanded

ITEM_PRIOR: Final = 5.0  # an item's quality is shrunk as if five more had given it its mean
SPREAD_PRIOR: Final = 20.0  # users that the spread of all values counts for, beside a value's own
NOISE_PRIOR: Final = 5.0  # events that everybody's noise counts for, beside a user's own
LEAST_NOISE: Final = 1e-3  # of the variance of everybody's values: nobody's ratings are noise-free
MOST_ITEMS: Final = 20_000
MOST_VALUES: Final = 2_000
FEWEST_EVENTS: Final = 20  # of a value, over all users
CELL_EVENTS: Final = 5  # valued events of a user with a value, to count for its spread
CELLS: Final = 4_000_000  # (user, value) pairs held at once


@dataclass(frozen=True, eq=False)
class Items:
    """The most frequent items; place I, one past the last, stands for any other.

    mass     float64 [I + 1]  events of the item
    quality  float64 [I + 1]  mean of its values, each against the mean of the user who gave it
    noise    the variance of a value about the user's mean and the item's quality
    """

    ids: tuple[str, ...]
    mass: Floats
    quality: Floats
    noise: float

    def of(self, item: Ints, catalogue: Catalogue) -> Ints:
        """The place of each event's item, from its catalogue row."""
        found = self._made.get(catalogue)
        if found is None:
            found = np.full(len(catalogue), len(self.ids), np.int64)
            for place, item_id in enumerate(self.ids):
                found[catalogue.rows.get(item_id, 0)] = place
            found[0] = len(self.ids)
            self._made[catalogue] = found
        return np.asarray(found[item])

    @cached_property
    def _made(self) -> WeakKeyDictionary[Catalogue, Ints]:
        return WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Values:
    """The values of one attribute that occur often enough, [V] each.

    share    of the positive events on items that have the attribute
    mean     mean over users of their mean value for it, against own mean and items' quality
    spread   variance over users of that, without what noise makes of it
    mass     Σ mass of the items that have the value; `quality` Σ mass · quality
    all_mass, all_quality  the same over the items that have the attribute at all
    """

    values: tuple[str, ...]
    share: Floats
    mean: Floats
    spread: Floats
    mass: Floats
    quality: Floats
    all_mass: float
    all_quality: float

    @cached_property
    def places(self) -> dict[str, int]:
        return {value: place for place, value in enumerate(self.values)}

    def codes(self, attribute: Attribute) -> Ints:
        """The place of each of the attribute's codes, −1 where unknown."""
        found = self._made.get(attribute)
        if found is None:
            places = self.places
            found = np.array([places.get(value, -1) for value in attribute.values], np.int64)
            self._made[attribute] = found
        return found

    @cached_property
    def _made(self) -> WeakKeyDictionary[Attribute, Ints]:
        return WeakKeyDictionary()


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


def measured_items(columns: Columns, catalogue: Catalogue) -> Items:
    """Mass and quality of the `MOST_ITEMS` most frequent items."""
    rows = len(catalogue)
    valued, against = deviations(columns)
    count = np.bincount(columns.item, minlength=rows).astype(np.float64)
    rated = np.bincount(columns.item, valued, rows)
    quality = np.bincount(columns.item, against, rows) / (rated + ITEM_PRIOR)
    kept = np.argsort(-count, kind="stable")[:MOST_ITEMS]
    kept = np.sort(kept[count[kept] > 0])
    left = (against - quality[columns.item]) * valued
    total = max(float(valued.sum()), 1.0)
    least = max(LEAST_NOISE * float((against**2).sum()) / total, 1e-9)
    return Items(
        ids=tuple(catalogue.item_ids[row] for row in kept.tolist()),
        mass=np.append(count[kept], 0.0),
        quality=np.append(quality[kept], 0.0),
        noise=max(float((left**2).sum()) / total, least),
    )


def measured_values(
    readings: Readings, items: Items, attribute: Attribute, catalogue: Catalogue
) -> Values | None:
    """Share, mean, spread and mass of the values that occur often enough; None without any."""
    columns = readings.columns
    every = np.arange(len(attribute.values), dtype=np.int64)
    positive = columns.sign > 0
    event, code = expanded(columns.item, attribute, every)
    count = np.bincount(code[positive[event]], minlength=len(every))
    kept = np.argsort(-count, kind="stable")[:MOST_VALUES]
    kept = np.sort(kept[count[kept] >= FEWEST_EVENTS])
    if not len(kept):
        return None
    rename = np.full(len(every), -1, np.int64)
    rename[kept] = np.arange(len(kept))
    known = described(columns.item, attribute)
    mean, spread = _spread(readings, attribute, rename, len(kept))
    rows = _rows(items.ids, catalogue)
    at, value = expanded(rows, attribute, rename)
    mass, weighed = items.mass[:-1], items.mass[:-1] * items.quality[:-1]
    has = described(rows, attribute)
    return Values(
        values=tuple(attribute.values[code] for code in kept.tolist()),
        share=count[kept] / max(int((positive & known).sum()), 1),
        mean=mean,
        spread=spread,
        mass=np.bincount(value, mass[at], len(kept)).astype(np.float64),
        quality=np.bincount(value, weighed[at], len(kept)).astype(np.float64),
        all_mass=float(mass[has].sum()),
        all_quality=float(weighed[has].sum()),
    )


def _rows(ids: Sequence[str], catalogue: Catalogue) -> Ints:
    return np.array([catalogue.rows[item_id] for item_id in ids], np.int64)


def _spread(
    readings: Readings, attribute: Attribute, rename: Ints, values: int
) -> tuple[Floats, Floats]:
    """Mean and variance over users of their mean `left` for a value, by moments, shrunk.

    The variance is what is left of the squares once each user's noise / n is taken away; a value
    with few users leans on all values of the attribute.
    """
    sums = np.zeros((4, values))  # users, Σ difference, Σ difference², Σ noise / n
    columns = readings.columns
    whole = columns.per_user(readings.left) / np.maximum(columns.per_user(readings.valued), 1)
    step = max(1, CELLS // values)
    for first in range(0, columns.users, step):
        block = readings.block(first, min(first + step, columns.users))
        part = block.columns
        event, code = expanded(part.item, attribute, rename)
        cell = part.owner[event] * values + code
        count = np.bincount(cell, block.valued[event], part.users * values)
        total = np.bincount(cell, block.left[event], part.users * values)
        seen = np.flatnonzero(count >= CELL_EVENTS)
        owner, value = seen // values + first, seen % values
        difference = total[seen] / count[seen] - whole[owner]
        noise = readings.noise[owner] / count[seen]
        for row, weight in enumerate((None, difference, difference**2, noise)):
            sums[row] += np.bincount(value, weight, values)
    users = sums[0]
    mean = sums[1] / (users + SPREAD_PRIOR)
    raw = sums[2] - sums[3] - users * mean**2
    floor = 0.005 * float(readings.noise.mean()) if len(readings.noise) else 1e-9
    pooled = max(float(raw.sum()) / max(float(users.sum()), 1.0), floor)
    spread = np.maximum((raw + SPREAD_PRIOR * pooled) / (users + SPREAD_PRIOR), floor)
    return mean, spread
