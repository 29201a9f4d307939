"""How users differ in a number that each event has, and what a few events say of one user."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

LEAST = 4  # events of a user that the fit needs
WORTH = 0.5  # of users' standard deviation: a smaller expected difference is not worth saying
EARLY = 0.8  # of a history, from which the rest is foretold to measure how often that is right
FEWEST = 5  # events in the rest
KNOTS = 6
PRIOR = 4.0  # users that weigh against few: a coin's toss


@dataclass(frozen=True, slots=True)
class Trait:
    """A number x an event: x = θ of the user + noise, θ normal among users.

    mean     of θ among users
    between  variance of θ: the covariance of the two halves of histories, so what lasts
    within   variance of one event's x around θ, as large as the halves' difference says; events that
             come in runs make it larger
    right    (|z|, share), rising: of users whose first 80 % of events lie z posterior standard
             deviations from the mean, the share whose last 20 % lie on the same side
    """

    mean: float
    between: float
    within: float
    right: tuple[tuple[float, float], ...] = ()

    def judge(self, total: float, n: int) -> tuple[float, float]:
        """(z, expected θ) of a user whose n events sum to `total`: the normal-normal posterior (Efron
        and Morris 1975); (0, mean) where users do not differ. z is 0 too where the difference is less
        than `WORTH` standard deviations."""
        z, expected = self._posterior(np.array([total]), np.array([n]))
        return float(z[0]), float(expected[0])

    def tells(self, total: float, n: int) -> tuple[bool, float]:
        """(whether θ is above `mean`, the probability that later events will lie there too)."""
        z, _ = self.judge(total, n)
        if not z or not self.right:
            return z > 0, 0.5 if not z else float(ndtr(abs(z)))
        knots, share = np.array(self.right).T
        return z > 0, float(np.interp(abs(z), knots, share))

    def _posterior(
        self, total: NDArray[np.float64], n: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if self.between <= 1e-9:
            return np.zeros(len(n)), np.full(len(n), self.mean)
        trust = self.between / (self.between + self.within / np.maximum(n, 1)) * (n > 0)
        apart = trust * (total / np.maximum(n, 1) - self.mean)
        z = apart / np.sqrt(np.maximum(self.between * (1 - trust), 1e-12))
        return np.where(np.abs(apart) < WORTH * math.sqrt(self.between), 0, z), self.mean + apart


NOBODY = Trait(0.0, 0.0, 1.0)


def fit(owner: NDArray[np.int64], x: NDArray[np.float64]) -> Trait:
    """The trait of values x [E] (NaN = none), in time order, of users `owner` [E] (ascending)."""
    there = np.isfinite(x)
    owner, x = owner[there], x[there]
    if not len(x):
        return NOBODY
    _, first, count = np.unique(owner, return_index=True, return_counts=True)
    used = count >= LEAST
    if used.sum() < 3:
        return NOBODY
    run = np.concatenate(([0.0], np.cumsum(x)))
    first, count = first[used], count[used]

    def total(start: NDArray[np.int64], stop: NDArray[np.int64]) -> NDArray[np.float64]:
        sums: NDArray[np.float64] = run[first + stop] - run[first + start]
        return sums

    none, half = np.zeros_like(count), count // 2
    early, late = total(none, half) / half, total(half, count) / (count - half)
    between = max(float(np.cov(early, late)[0, 1]), 0.0)
    noise = np.mean((early - late) ** 2 / (1 / half + 1 / (count - half)))
    mean = float((total(none, count) / count).mean())
    made = Trait(mean, between, max(float(noise), 1e-9))
    cut = (EARLY * count).astype(np.int64)
    z, _ = made._posterior(total(none, cut), cut)
    rest = total(cut, count) / np.maximum(count - cut, 1)
    told = (z != 0) & (count - cut >= FEWEST)
    right = ((rest > mean) == (z > 0))[told]
    return Trait(made.mean, made.between, made.within, _reliability(np.abs(z[told]), right))


def _reliability(
    z: NDArray[np.float64], right: NDArray[np.bool_]
) -> tuple[tuple[float, float], ...]:
    """The share of right ones by |z| in up to `KNOTS` groups of equal size, made to rise."""
    order = np.argsort(z, kind="stable")
    groups: list[tuple[float, float, float]] = []  # mean |z|, right, all
    for each in np.array_split(order, KNOTS):
        if len(each):
            groups.append((float(z[each].mean()), float(right[each].sum()), float(len(each))))
        while len(groups) > 1 and _share(groups[-2]) >= _share(groups[-1]):
            (a, hits, n), (b, more, m) = groups[-2:]
            groups[-2:] = [((a * n + b * m) / (n + m), hits + more, n + m)]
    return tuple((group[0], _share(group)) for group in groups)


def _share(group: tuple[float, float, float]) -> float:
    return (group[1] + PRIOR / 2) / (group[2] + PRIOR)


def earlier(owner: NDArray[np.int64], key: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many entries before each one have the same owner and key, [E]; keys are ≥ 0."""
    if not len(key):
        return np.zeros(0, np.int64)
    both = owner * (int(key.max()) + 1) + key
    order = np.argsort(both, kind="stable")
    ranked = both[order]
    opens = np.concatenate(([True], ranked[1:] != ranked[:-1]))
    place = np.arange(len(key))
    start = np.maximum.accumulate(np.where(opens, place, 0))
    count = np.empty(len(key), np.int64)
    count[order] = place - start
    return count


def places(owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of each entry in its owner's history, from 0, [E]; owners ascend."""
    return earlier(owner, np.zeros(len(owner), np.int64))
