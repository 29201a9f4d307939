"""Gaps between sessions among users: how long they are, how they scatter, how many never end."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.events.histories import Histories
from habitus.types import DAY, MINUTE

PAUSE = 30 * MINUTE  # longer is another session
ATOMS = 64
STRATA = (0, 1, 3, 9)  # gaps that a user has had: none, 1–2, 3–8, 9 and more


@dataclass(frozen=True, slots=True)
class Gaps:
    """The logarithm of gaps (days): m of the user + residual.

    mean        of m among users
    strength    how many gaps of a user weigh as much as `mean` (variance within / between)
    residuals   for users with so many gaps (`STRATA`): ATOMS equally likely values of the residual of
                the next gap; inf = it never ended as far as anyone could see
    tail        probability left out at each end of the interval of a return
    covered     the share of returns that lay in such intervals when that was measured
    """

    mean: float = 0.0
    strength: float = 2.0
    residuals: tuple[tuple[float, ...], ...] = ((0.0,) * ATOMS,) * len(STRATA)
    tail: float = 0.1
    covered: float = 0.5

    def level(self, logs: NDArray[np.float64]) -> float:
        """The expected m of a user with these logarithms of gaps."""
        return float((logs.sum() + self.strength * self.mean) / (len(logs) + self.strength))

    def next(self, logs: NDArray[np.float64]) -> NDArray[np.float64]:
        """ATOMS equally likely next gaps, days (inf = never), of a user with these gaps so far."""
        stratum = int(np.searchsorted(STRATA, len(logs), "right")) - 1
        return np.exp(self.level(logs) + np.array(self.residuals[stratum]))

    def as_dict(self) -> dict[str, Any]:
        """For JSON: inf is null."""
        rows = [[None if math.isinf(x) else x for x in row] for row in self.residuals]
        return {
            "mean": self.mean,
            "strength": self.strength,
            "residuals": rows,
            "tail": self.tail,
            "covered": self.covered,
        }

    @classmethod
    def of_dict(cls, read: Mapping[str, Any]) -> Gaps:
        """ValueError, KeyError or TypeError where it is not what `as_dict` gives."""
        rows = tuple(
            tuple(math.inf if x is None else float(x) for x in row) for row in read["residuals"]
        )
        mean, strength = float(read["mean"]), float(read["strength"])
        tail, covered = float(read["tail"]), float(read["covered"])
        if not (0 < tail < 0.5 and 0 <= covered <= 1):
            raise ValueError("the tail or the coverage is no probability")
        if len(rows) != len(STRATA) or any(len(row) != ATOMS for row in rows):
            raise ValueError("the residuals have another shape")
        if not (math.isfinite(mean) and 0 < strength < math.inf):
            raise ValueError("the mean or the strength is not finite")
        if any(math.isnan(x) for row in rows for x in row):
            raise ValueError("a residual is no number")
        return cls(mean, strength, rows, tail, covered)


def opens(
    owner: NDArray[np.int64], time: NDArray[np.int64], session: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which events begin a session, [E]: another owner, another session id (where both have one), or
    more than `PAUSE` after the event before (where one has none)."""
    if not len(time):
        return np.zeros(0, bool)
    named = (session[1:] > 0) & (session[:-1] > 0)
    other = np.where(named, session[1:] != session[:-1], np.diff(time) > PAUSE)
    return np.concatenate(([True], (owner[1:] != owner[:-1]) | other))


def fit_gaps(histories: Histories) -> Gaps:
    """From all users' histories; a user's last gap is open, and counts as such (Kaplan–Meier)."""
    if histories.ordinal or histories.events < 2:
        return Gaps()
    owner = histories.owners()
    begins = opens(owner, histories.time, histories.session)
    first = np.flatnonzero(begins)
    ends = np.concatenate((first[1:], [histories.events])) - 1
    stop = int(histories.time.max())
    mine, start, end = owner[first], histories.time[first], histories.time[ends]
    closed = np.concatenate((mine[1:] == mine[:-1], [False]))
    after = np.where(closed, np.concatenate((start[1:], [0])), stop)
    length = np.maximum(after - end, MINUTE) / DAY
    logs = np.log(length)
    if not closed.any():
        return Gaps()
    mean, strength = _levels(mine[closed], logs[closed])
    place = np.arange(len(mine)) - np.searchsorted(mine, mine)
    run = np.concatenate(([0.0], np.cumsum(np.where(closed, logs, 0.0))))
    before = run[:-1] - run[np.searchsorted(mine, mine)]
    level = (before + strength * mean) / (place + strength)
    stratum = np.searchsorted(STRATA, place, "right") - 1
    weight = 1 / np.sqrt(np.bincount(mine)[mine])
    made = []
    for each in range(len(STRATA)):
        here = stratum == each
        made.append(_atoms((logs - level)[here], closed[here], weight[here]))
    return Gaps(mean, strength, tuple(made))


def _levels(owner: NDArray[np.int64], logs: NDArray[np.float64]) -> tuple[float, float]:
    """(mean of users' means, variance within / between users)."""
    _, inverse, count = np.unique(owner, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, weights=logs) / count
    several = count >= 2
    if several.sum() < 3:
        return float(means.mean()), 2.0
    spread = np.bincount(inverse, weights=(logs - means[inverse]) ** 2)
    within = float(np.mean(spread[several] / (count[several] - 1)))
    between = float(np.var(means[several]) - np.mean(within / count[several]))
    return float(means.mean()), float(np.clip(within / max(between, 1e-6), 0.25, 20.0))


def _atoms(
    x: NDArray[np.float64], ended: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[float, ...]:
    """Equally likely values of x, where those that have not ended are only known to be greater
    (Kaplan and Meier 1958, weighted); inf beyond what anyone could see."""
    if not ended.any():
        return (0.0,) * ATOMS
    order = np.lexsort((~ended, x))
    x, ended, weight = x[order], ended[order], weight[order]
    at_risk = np.cumsum(weight[::-1])[::-1]
    alive = np.cumprod(np.where(ended, 1 - weight / at_risk, 1.0))
    wanted = 1 - (np.arange(ATOMS) + 0.5) / ATOMS
    place = np.searchsorted(-alive, -wanted, "left")
    values = np.concatenate((x, [math.inf]))[place]
    return tuple(values.tolist())
