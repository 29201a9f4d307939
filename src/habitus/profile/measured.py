"""What is known of everybody, measured on a log: quality of items, shares and spreads of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from habitus.events.catalogue import Attribute, Catalogue
from habitus.profile.columns import Columns, Floats, Ints, described, expanded
from habitus.profile.joint import fitted
from habitus.profile.known import CELLS, Items, Values
from habitus.profile.readings import Readings, deviations

ITEM_PRIOR: Final = 5.0  # an item's quality is shrunk as if five more had given it its mean
SPREAD_PRIOR: Final = 20.0  # users that the spread of all values counts for, beside a value's own
LEAST_NOISE: Final = 1e-3  # of the variance of everybody's values: nobody's ratings are noise-free
MOST_ITEMS: Final = 20_000
MOST_VALUES: Final = 2_000
FEWEST_EVENTS: Final = 20  # of a value, over all users
CELL_EVENTS: Final = 5  # valued events of a user with a value, to count for its spread


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
        joint=fitted(readings, attribute, rename, len(kept)),
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
