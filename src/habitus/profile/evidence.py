"""What a history says about each value of an attribute: one row of numbers a (user, value).

Everything leans on what is known of everybody. Three sources of a mean or a share are kept apart,
since they foretell differently: what the user makes of an item beyond its quality (their own taste,
shrunk by empirical Bayes: Efron and Morris 1975), the quality of the items that they chose, and the
quality and the number of the items with the value that they have not had yet.

Recency: an event weighs ½ for each `HALF_LIVES` events that came after it (events, not days, so that
data without times work the same).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from habitus.events.catalogue import Attribute
from habitus.profile.columns import Columns, Floats, Ints, described, expanded
from habitus.profile.joint import foretold
from habitus.profile.known import CELLS, Items, Values
from habitus.profile.readings import Readings

HALF_LIVES: Final = (10, 20, 50, 200)
FEWEST: Final = 5  # positive events with a value, before and after, without which nothing is said
LATER: Final = (
    4.0  # a quarter as many events again are foretold: the last 20 % after the first 80 %
)
SHARE_PRIOR: Final = 10.0  # events that the population's share counts for, in the odds of a share
CHOICE_PRIOR: Final = 3.0  # events that no difference in quality counts for

FEATURES: Final = (
    "taste",  # probit that the mean of later values exceeds the user's
    "interest",  # probit that the later share exceeds the population's
    "count",
    "events",
    "noise",
    "population",
    "share",
    "surplus",
    "difference",
    "chosen",
    "left",
    "left_sd",
    "unseen_quality",
    "unseen_share",
    *(f"share_{half}" for half in HALF_LIVES),
    *(f"chosen_{half}" for half in HALF_LIVES),
    *(f"left_{half}" for half in HALF_LIVES),
    "level",
    "joint",
    "joint_sd",
    "joint_probit",
)


@dataclass(frozen=True, eq=False)
class Evidence:
    """One row a (user, value) with at least `FEWEST` positive events, [C]; sorted by user, then value.

    owner, code  the user's row, the place of the value in `Values.values`
    count        positive events with the value; `rated` its events that carry a value
    share        of the user's positive events on items that have the attribute, less what negative
                 events with the value take back; `population` that of everybody
    mean, own    means of the user's values with this value, and of all; NaN where there are none
    features     float64 [C, len(FEATURES)]
    """

    owner: Ints
    code: Ints
    count: Floats
    rated: Floats
    share: Floats
    population: Floats
    mean: Floats
    own: Floats
    features: Floats


@dataclass(frozen=True, eq=False)
class Cells:
    """Sums over the events of each (user, value): `event` [P] belongs to cell `cell` [P]."""

    owner: Ints
    code: Ints
    event: Ints
    cell: Ints

    def sum(self, weight: Floats) -> Floats:
        """Σ weight [E] over each cell's events, [C]."""
        found = np.bincount(self.cell, weight[self.event], len(self.owner))
        return found.astype(np.float64)


def cells_of(columns: Columns, attribute: Attribute, values: Values) -> Cells:
    """The (user, value) pairs with at least `FEWEST` positive events."""
    size = len(values.values)
    codes = values.codes(attribute)
    event, code = expanded(columns.item, attribute, codes)
    key = columns.owner[event] * size + code
    count = np.bincount(key[columns.sign[event] > 0], minlength=columns.users * size)
    found = np.flatnonzero(count >= FEWEST)
    place = np.full(columns.users * size, -1, np.int64)
    place[found] = np.arange(len(found))
    cell = place[key]
    kept = cell >= 0
    return Cells(found // size, found % size, event[kept], cell[kept])


def evidence(readings: Readings, items: Items, values: Values, attribute: Attribute) -> Evidence:
    """The evidence on one attribute; works through the users in blocks."""
    users = readings.columns.users
    size = len(values.values)
    step = max(1, CELLS // max(size, len(values.joint) ** 2, 1))
    parts = [
        _block(readings.block(first, min(first + step, users)), items, attribute, values, first)
        if users > step
        else _block(readings, items, attribute, values, 0)
        for first in range(0, max(users, 1), step)
    ]
    if len(parts) == 1:
        return parts[0]
    names = Evidence.__dataclass_fields__
    return Evidence(
        **{each: np.concatenate([getattr(part, each) for part in parts]) for each in names}
    )


def _block(
    readings: Readings, items: Items, attribute: Attribute, values: Values, first: int
) -> Evidence:
    columns = readings.columns
    cells = cells_of(columns, attribute, values)
    owner, code = cells.owner, cells.code
    positive = (columns.sign > 0).astype(np.float64)
    about = described(columns.item, attribute).astype(np.float64)
    population = values.share[code]
    count, net = cells.sum(positive), cells.sum(columns.sign)
    total = columns.per_user(positive * about)[owner]
    share = np.maximum(net, 0.0) / np.maximum(total, 1.0)
    rated, all_rated = cells.sum(readings.valued), columns.per_user(readings.valued)
    raw = np.where(readings.valued > 0, columns.value, 0.0)
    own = ratio(columns.per_user(raw), all_rated)[owner]
    noise = readings.noise[owner]
    f: dict[str, Floats] = {
        "count": np.log1p(count),
        "events": np.log1p(total),
        "noise": np.sqrt(noise),
        "population": population,
        "share": share,
        "surplus": (share - population)
        * np.sqrt(total / np.maximum(population * (1 - population), 1e-9)),
        "difference": ratio(cells.sum(readings.against), rated, 0.0),
    }
    f["taste"] = _taste(f["difference"], rated, noise, values.spread[code])
    f["interest"] = _interest(net, total, population)
    for half in (None, *HALF_LIVES):
        f |= _weighted(readings, cells, about, values, half)
    f |= _unseen(readings, cells, items, about, values)
    f |= _together(readings, cells, values, attribute, f, rated)
    return Evidence(
        owner=owner + first,
        code=code,
        count=count,
        rated=rated,
        share=share,
        population=population,
        mean=ratio(cells.sum(raw), rated),
        own=own,
        features=np.stack([f[each] for each in FEATURES], axis=1),
    )


def ratio(above: Floats, below: Floats, otherwise: float = np.nan) -> Floats:
    out = np.full(len(above), otherwise)
    return np.asarray(np.divide(above, below, out=out, where=below > 1e-12))


def _taste(difference: Floats, rated: Floats, noise: Floats, spread: Floats) -> Floats:
    """Posterior mean of the difference over the deviation of later means about it.

    Prior N(0, spread); the observed mean has variance noise / n, the later one noise / max(5, n / 4).
    """
    precision = 1 / spread + rated / noise
    later = 1 / precision + noise / np.maximum(FEWEST, rated / LATER)
    return np.asarray(difference * rated / noise / precision / np.sqrt(later))


def _interest(net: Floats, total: Floats, population: Floats) -> Floats:
    """Posterior mean of the share less the population's, over the deviation of a later share.

    Prior Beta(k p, k (1 − p)) with k = `SHARE_PRIOR`; a quarter as many events again, at least 5.
    """
    weight = total + SHARE_PRIOR
    share = np.clip((np.maximum(net, 0) + SHARE_PRIOR * population) / weight, 1e-6, 1 - 1e-6)
    later = 1 / (weight + 1) + 1 / np.maximum(FEWEST, total / LATER)
    return np.asarray((share - population) / np.sqrt(share * (1 - share) * later))


def _weighted(
    readings: Readings, cells: Cells, about: Floats, values: Values, half: int | None
) -> dict[str, Floats]:
    """Share, quality of what was chosen and own taste, with one half-life (None = all alike)."""
    columns, owner, code = readings.columns, cells.owner, cells.code
    weight = np.ones(len(columns)) if half is None else 0.5 ** (columns.age / half)
    heavy = weight * readings.valued
    chosen = weight * (columns.sign > 0)
    count, whole = cells.sum(chosen), columns.per_user(chosen)
    level = ratio(columns.per_user(chosen * readings.quality), whole, 0.0)[owner]
    better = ratio(cells.sum(chosen * readings.quality), count, 0.0) - level
    mass = cells.sum(heavy)
    size = ratio(mass**2, cells.sum(heavy**2 if half else heavy), 0.0)
    left = ratio(cells.sum(heavy * readings.left), mass, 0.0)
    everything = columns.per_user(heavy)
    left -= ratio(columns.per_user(heavy * readings.left), everything, 0.0)[owner]
    spread, noise = values.spread[code], readings.noise[owner]
    precision = 1 / spread + size / noise
    posterior = (values.mean[code] / spread + left * size / noise) / precision
    tail = "" if half is None else f"_{half}"
    made = {
        f"chosen{tail}": better * count / (count + CHOICE_PRIOR),
        f"left{tail}": posterior,
    }
    if half is None:
        return made | {"left_sd": np.sqrt(1 / precision)}
    net = cells.sum(weight * columns.sign)
    made[f"share{tail}"] = ratio(np.maximum(net, 0), columns.per_user(chosen * about)[owner], 0.0)
    return made | ({"level": level} if half == HALF_LIVES[0] else {})


def _together(
    readings: Readings,
    cells: Cells,
    values: Values,
    attribute: Attribute,
    alone: Mapping[str, Floats],
    rated: Floats,
) -> dict[str, Floats]:
    """What the user's values for all values of the attribute together foretell of each; where they
    are too many for that, what each foretells alone."""
    code = values.codes(attribute)
    mean, deviation = foretold(values.joint, readings, attribute, code, cells.owner, cells.code)
    mean = np.where(np.isnan(mean), alone["left"], mean)
    deviation = np.where(np.isnan(deviation), alone["left_sd"], deviation)
    noise = readings.noise[cells.owner] / np.maximum(FEWEST, rated / LATER)
    expected = mean + alone["chosen"]
    return {
        "joint": mean,
        "joint_sd": deviation,
        "joint_probit": expected / np.sqrt(deviation**2 + noise),
    }


def _unseen(
    readings: Readings, cells: Cells, items: Items, about: Floats, values: Values
) -> dict[str, Floats]:
    """Mass and mean quality of the items that the user has not had: what is left to come.

    Only the first event of an item is taken off, so that items had often count once.
    """
    columns, owner, code = readings.columns, cells.owner, cells.code
    mass = items.mass[readings.item] * readings.first * about
    weighed = mass * readings.quality
    left = np.maximum(values.mass[code] - cells.sum(mass), 0.0)
    all_left = np.maximum(values.all_mass - columns.per_user(mass)[owner], 1.0)
    better = ratio(values.quality[code] - cells.sum(weighed), np.maximum(left, 1.0))
    level = (values.all_quality - columns.per_user(weighed)[owner]) / all_left
    share = np.clip(left / all_left, 1e-4, 1.0) / np.maximum(values.share[code], 1e-9)
    return {"unseen_quality": better - level, "unseen_share": np.log(share)}
