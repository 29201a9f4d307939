"""Changes of taste: an attribute's value whose share of a user's events changed at a moment.

For each value the user's events are a sequence of 0 and 1. The change point is where the likelihood
ratio of two shares against one is greatest. Its significance is that of the greatest of many correlated
ratios (Estrella, Critical values and p values of Bessel process distributions, 2003; Andrews 1993),
after dividing the ratio by the dispersion of the sequence, for what people do comes in runs (`Runs`), and
with a correction for all values that were looked at. The clearest change is taken, its events are put
aside, and the rest is looked at again: when one share rises, the others fall without any change of taste.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from habitus.profile.log import UserLog
from habitus.profile.matters import Matters, matters
from habitus.profile.runs import Runs
from habitus.types import DAY, Interval, Kind, Origin, Proposition, Stance

LEAST = 8  # events with the value
SHORTEST = 24  # events in all
TRIM = 0.1  # of the history at both ends, where a change cannot be told
PLACES = (
    200  # moments that are tried, evenly over the history; then all between the best neighbours
)
CHANCE = 0.1  # bound of the probability that a history without any change gives one; measured: .05
DAYS = 3  # different days on each side: one evening is no change of taste
RATIO = 1.5  # odds after against before; less is no change that anyone would speak of
MOST = 4


@dataclass(frozen=True, slots=True)
class Change:
    """`value` made up `before` of the events and from place `place` of the log on `after`.

    chance   probability of as clear a change in a history without one, corrected for all values
    """

    attribute: str
    value: str
    place: int
    before: float
    after: float
    chance: float
    events: NDArray[np.int64]  # places of all events with the value

    @property
    def stance(self) -> Stance:
        return Stance.FOR if self.after > self.before else Stance.AGAINST


def changes(log: UserLog, skip: Collection[str] = ()) -> list[Proposition]:
    """A proposition for each change. In ordinal data it has no date; places are told instead."""
    return [_proposition(log, each) for each in found(log, skip)]


def found(log: UserLog, skip: Collection[str] = ()) -> list[Change]:
    """The changes of a user, the clearest first, at most `MOST` and one a value."""
    left = log.acts & (log.item > 0)
    if left.sum() < SHORTEST:
        return []
    table = matters(log, LEAST, skip, left, attributes_only=True)
    made: list[Change] = []
    known: set[int] = set()
    while len(made) < MOST and len(known) < len(table):
        best = _clearest(log, table, left, known)
        if best is None:
            break
        matter, change = best
        made.append(change)
        known.add(matter)
        left = left.copy()
        left[change.events] = False
    return made


def chance_of(ratio: float, trim: float = TRIM) -> float:
    """Probability that the greatest of the ratios 2·log(likelihood ratio) over all moments within
    [trim, 1 − trim] of a history without a change exceeds `ratio`, one parameter (Estrella 2003)."""
    if ratio < 4.0:  # the tail's formula holds from here on, where it is .3 and more
        return 1.0
    width = 2 * math.log((1 - trim) / trim)
    tail = math.sqrt(ratio) * math.exp(-ratio / 2) / math.sqrt(2 * math.pi)
    return min(tail * ((1 - 1 / ratio) * width + 2 / ratio), 1.0)


def _clearest(
    log: UserLog, table: Matters, left: NDArray[np.bool_], known: set[int]
) -> tuple[int, Change] | None:
    order = np.flatnonzero(left)
    n = len(order)
    low, high = _room(log, order)
    if n < SHORTEST or high <= low:
        return None
    rank = np.cumsum(left) - 1
    used = left[table.event]
    place, matter = rank[table.event[used]], table.matter[used]
    often = np.bincount(matter, minlength=len(table))
    looked = np.flatnonzero((often >= LEAST) & (often <= n - LEAST))
    if not len(looked):
        return None
    cuts = np.unique(np.linspace(low, high, PLACES).astype(np.int64))
    width = len(cuts) + 1
    bin_of = np.searchsorted(cuts, np.arange(n), "right")
    bins = np.bincount(matter * width + bin_of[place], None, len(often) * width)
    before = np.cumsum(bins.reshape(-1, width)[looked], 1)[:, :-1]
    ratio = _ratio(before, cuts, often[looked, None], n)
    ratio[np.isin(looked, sorted(known))] = 0
    runs = Runs(n, place, matter, looked)
    for row in np.argsort(-ratio.max(1))[:3].tolist():
        if ratio[row].max() < 4.0:
            break
        about = int(looked[row])
        mine = place[matter == about]
        change = _judged(table, about, mine, order, cuts, ratio[row], len(looked), runs)
        if change is not None:
            return about, change
    return None


def _room(log: UserLog, order: NDArray[np.int64]) -> tuple[int, int]:
    """[low, high] of the number of events before a change."""
    n = len(order)
    low, high = math.ceil(TRIM * n), math.floor((1 - TRIM) * n)
    if not log.ordinal:
        day = log.local[order] // DAY
        kinds = np.cumsum(np.concatenate(([True], day[1:] > day[:-1])))
        low = max(low, int(np.searchsorted(kinds, DAYS, "right")))
        high = min(high, int(np.searchsorted(kinds, kinds[-1] - DAYS, "right")))
    return low, high


def _ratio(
    before: NDArray[np.int64],
    cut: NDArray[np.int64],
    total: NDArray[np.int64],
    n: int,
) -> NDArray[np.float64]:
    """2·log likelihood ratio of two shares, `before` of `cut` and the rest of the rest, against one.

    All are whole numbers up to n, so that k·log k is looked up.
    """
    whole = np.arange(n + 1)
    of = xlogy(whole, whole)

    def score(hits: NDArray[np.int64], among: NDArray[np.int64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = of.take(hits) + of.take(among - hits) - of.take(among)
        return found

    one = score(total, np.array(n))
    return np.maximum(2 * (score(before, cut) + score(total - before, n - cut) - one), 0)


def _judged(
    table: Matters,
    row: int,
    place: NDArray[np.int64],
    order: NDArray[np.int64],
    cuts: NDArray[np.int64],
    coarse: NDArray[np.float64],
    looked: int,
    runs: Runs,
) -> Change | None:
    """The change of one value at its best moment; None where it is not significant, or slight."""
    n = len(order)
    near = int(coarse.argmax())
    fine = np.arange(cuts[max(near - 1, 0)], cuts[min(near + 1, len(cuts) - 1)] + 1)
    place = np.unique(place)
    ratio = _ratio(np.searchsorted(place, fine), fine, np.array([len(place)]), n)
    cut = int(fine[ratio.argmax()])
    hits = int(np.searchsorted(place, cut))
    before, after = hits / cut, (len(place) - hits) / (n - cut)
    greatest = float(ratio.max())
    odds = (len(place) - hits + 0.5) / (n - cut - len(place) + hits + 0.5)
    odds /= (hits + 0.5) / (cut - hits + 0.5)
    if chance_of(greatest) * looked > CHANCE or max(odds, 1 / odds) < RATIO:
        return None  # whatever the runs
    chance = chance_of(greatest / runs.dispersion(place, cut)) * looked
    if chance > CHANCE:
        return None
    name, value = table.names[row]
    return Change(name, value, int(order[cut]), before, after, chance, order[place])


def _proposition(log: UserLog, change: Change) -> Proposition:
    more = change.stance is Stance.FOR
    after = change.events >= change.place
    speaks = change.events[after] if more else change.events[~after]
    time = None if log.ordinal else int(log.time[change.place])
    since = f"From event {change.place + 1} on"
    if time is not None:
        since = f"Since {datetime.fromtimestamp(time / 1e6, UTC):%B %Y}"
    return Proposition(
        proposition_id="",
        user_id=log.user_id,
        kind=Kind.CHANGE,
        attribute=change.attribute,
        value=change.value,
        stance=change.stance,
        confidence=1 - change.chance,
        events_for=log.ids(speaks),
        events_against=log.ids(change.events[~after] if more else change.events[after]),
        sentence=(
            f"{since} takes {change.value} {'more' if more else 'less'} often than before "
            f"({change.after:.0%} against {change.before:.0%}).".replace("%", " %")
        ),
        origin=Origin.OBSERVED,
        valid=Interval(start=time),
        strength=change.after - change.before,
    )
