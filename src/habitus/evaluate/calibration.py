"""Whether probabilities are probabilities: reliability, expected calibration error, Brier scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from habitus.evaluate.intervals import DRAWS, LEVEL, Interval, bootstrap_means
from habitus.types import HabitusError

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of like chance: how many, their least and largest chance, the mean chance, and the
    share of them that held."""

    count: int
    low: float
    high: float
    chance: float
    held: float


def reliability(chance: Floats, holds: Truths, bins: int = BINS) -> list[Bin]:
    """The reliability table in bins of equal mass, by rising chance; chance and holds [C].

    The cases are sorted by chance (stably) and split into `bins` runs whose sizes differ by at most
    one. Source: DeGroot and Fienberg 1983; equal mass after Nguyen and O'Connor 2015. Edge cases:
    fewer cases than bins give a bin each; HabitusError for none, and for chances outside [0, 1].
    """
    _check(chance, holds)
    order = np.argsort(chance, kind="stable")
    runs = [run for run in np.array_split(order, bins) if len(run)]
    return [
        Bin(
            count=len(run),
            low=float(chance[run[0]]),
            high=float(chance[run[-1]]),
            chance=float(chance[run].mean()),
            held=float(holds[run].mean()),
        )
        for run in runs
    ]


def expected_calibration_error(chance: Floats, holds: Truths, bins: int = BINS) -> float:
    """ECE = Σ over bins of n_b / n · |mean chance − share that held|, bins of equal mass.

    Source: Naeini, Cooper and Hauskrecht 2015. 0 = calibrated at this resolution.
    """
    table = reliability(chance, holds, bins)
    return sum(each.count * abs(each.chance - each.held) for each in table) / len(chance)


def brier(chance: Floats, holds: Truths) -> Floats:
    """(chance − holds)² of each case, [C]; their mean is the Brier score (Brier 1950), 0 = best."""
    _check(chance, holds)
    return np.asarray((chance - holds) ** 2)


def brier_gain(
    chance: Floats,
    reference: Floats,
    holds: Truths,
    user: NDArray[np.int64],
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[Interval, Interval]:
    """How much lower the Brier score is than the reference's, and that as a share of it (the skill).

    Both with a percentile interval over resampled users, whole users at a time: a user's cases [C]
    stand or fall together. `user` [C] says whose each is. Skill = 1 − Brier / Brier of reference
    (Murphy 1973); NaN where the reference is never wrong.
    """
    ours, theirs = brier(chance, holds), brier(reference, holds)
    place = np.unique(user, return_inverse=True)[1]
    columns = (ours, theirs, np.ones(len(ours)))
    sums = np.stack([np.bincount(place, each).astype(np.float64) for each in columns], axis=1)
    drawn = bootstrap_means(sums, draws, seed)
    whole = sums.mean(axis=0, keepdims=True)
    return _interval(_gain, whole, drawn), _interval(_skill, whole, drawn)


def decided(chance: Floats, holds: Truths, least: float = 0.7) -> tuple[float, float]:
    """Precision and coverage where one is sure: max(chance, 1 − chance) ≥ least.

    Precision: the share of those cases where the likelier side came true; NaN without any.
    Coverage: the share of all cases that they are.
    """
    _check(chance, holds)
    sure = np.maximum(chance, 1 - chance) >= least
    right = (chance >= 0.5) == holds
    return float(right[sure].mean()) if sure.any() else float("nan"), float(sure.mean())


def _gain(sums: Floats) -> Floats:
    return np.asarray((sums[:, 1] - sums[:, 0]) / sums[:, 2])


def _skill(sums: Floats) -> Floats:
    wrong = sums[:, 1] > 0
    ratio = np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=wrong)
    return np.asarray(1 - ratio)


def _interval(of: Callable[[Floats], Floats], whole: Floats, drawn: Floats) -> Interval:
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(of(drawn), [tail, 1 - tail])
    return Interval(float(of(whole)[0]), float(low), float(high))


def _check(chance: Floats, holds: Truths) -> None:
    if chance.shape != holds.shape or not len(chance):
        raise HabitusError(
            f"There are {len(chance)} chances for {len(holds)} outcomes.",
            "Give one outcome a chance, and at least one.",
        )
    if not ((chance >= 0) & (chance <= 1)).all():
        raise HabitusError("A chance lies outside 0 … 1.", "Give probabilities.")
