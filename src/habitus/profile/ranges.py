"""Ranges: the prices, lengths and other numbers of what a user takes, where they are narrow."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from habitus.profile.log import UserLog
from habitus.profile.typical import Typical
from habitus.types import Interval, Kind, Origin, Proposition, Stance

LEAST = 10  # different items
LOW, HIGH = 0.1, 0.9
NARROW = 0.9  # of the width that others have; wider is not worth saying
SURE = 0.7
EVIDENCE = 100


def ranges(log: UserLog, typical: Typical, skip: Collection[str] = ()) -> list[Proposition]:
    """A proposition for each number whose range is narrower than that of all that is taken."""
    place = np.flatnonzero(log.acts & (log.item > 0))
    known = typical.ready[1]
    names = (each for each in log.catalogue.numbers if each in known and each not in skip)
    made = (_of(log, name, known[name], place) for name in names)
    return [each for each in made if each is not None]


def width_sure(width: float, n: int) -> float:
    """Probability that the true 10–90 % range of ranks is narrower than `NARROW` × the .8 of
    everybody, where that of n events is `width`.

    A sample quantile q of uniform ranks has variance q (1 − q) / n; the two quantiles' covariance is
    LOW (1 − HIGH) / n (David and Nagaraja, Order Statistics, 2003).
    """
    variance = (LOW * (1 - LOW) + HIGH * (1 - HIGH) - 2 * LOW * (1 - HIGH)) / n
    return float(ndtr((NARROW * (HIGH - LOW) - width) / math.sqrt(variance)))


def _of(
    log: UserLog, name: str, percentiles: NDArray[np.float64], place: NDArray[np.int64]
) -> Proposition | None:
    number = log.catalogue.numbers[name][log.item[place]]
    there = np.isfinite(number)
    number, place = number[there], place[there]
    different = len(np.unique(log.item[place]))
    if different < LEAST or percentiles[0] == percentiles[-1]:
        return None
    low, high = np.quantile(number, (LOW, HIGH))
    rank = np.quantile(_ranks(number, percentiles), (LOW, HIGH))
    sure = width_sure(float(rank[1] - rank[0]), different)
    if sure < SURE:
        return None
    inside = (number >= low) & (number <= high)
    return Proposition(
        proposition_id="",
        user_id=log.user_id,
        kind=Kind.RANGE,
        attribute=name,
        value="range",
        stance=Stance.FOR,
        confidence=sure,
        events_for=log.ids(place[inside][-EVIDENCE:]),
        events_against=log.ids(place[~inside][-EVIDENCE:]),
        sentence=(
            f"Takes items with {name} {_said(low)}–{_said(high)} (four of five of {len(number)} "
            f"events; others {_said(percentiles[10])}–{_said(percentiles[90])})."
        ),
        origin=Origin.OBSERVED,
        valid=Interval(start=None if log.ordinal else int(log.time[place[0]])),
        strength=float(rank[1] - rank[0]),
    )


def _said(number: float) -> str:
    """Three digits, or all before the point."""
    return f"{number:.0f}" if abs(number) >= 1_000 else f"{number:.3g}"


def _ranks(number: NDArray[np.float64], percentiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of all events with a smaller number, ties in the middle, [n] in [0, 1]."""
    below = np.searchsorted(percentiles, number, "left")
    upto = np.searchsorted(percentiles, number, "right")
    tied = (below + np.maximum(upto - 1, below)) / 2
    smooth = np.interp(number, percentiles, np.arange(len(percentiles)))
    ranks: NDArray[np.float64] = np.where(upto > below + 1, tied, smooth) / (len(percentiles) - 1)
    return ranks
