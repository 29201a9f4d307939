"""How sure a number is: bootstrap over users, paired differences, Holm's correction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from habitus.types import HabitusError

DRAWS: Final = 2000
LEVEL: Final = 0.95
CHUNK_CELLS: Final = 1_000_000  # (draw, user) pairs held at once


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over users with its bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired mean difference with its interval and two-sided p-value."""

    value: float
    low: float
    high: float
    p: float


def bootstrap_means(
    values: NDArray[np.float64], draws: int = DRAWS, seed: int = 0
) -> NDArray[np.float64]:
    """Means of resampled users: values [U] or [U, M] → [draws] or [draws, M].

    Draws with replacement as many users as there are. The same seed and U draw the same users, so
    two calls are paired; columns of one call are too. Raises HabitusError for no users.
    """
    if not len(values) or draws < 1:
        raise HabitusError(
            f"There is nothing to resample: {len(values)} users, {draws} draws.",
            "Evaluate at least one user with at least one draw.",
        )
    parts = [weights @ values for weights in _weights(len(values), draws, seed)]
    return np.asarray(np.concatenate(parts) / len(values))


def interval(
    values: NDArray[np.float64], draws: int = DRAWS, seed: int = 0, level: float = LEVEL
) -> Interval:
    """The mean of one value a user [U] with its percentile bootstrap interval.

    Source: Efron and Tibshirani 1993, "An introduction to the bootstrap", chapter 13. Edge cases:
    one user, or all values equal, gives an interval of no width.
    """
    return intervals(values[:, None], draws, seed, level)[0]


def intervals(
    values: NDArray[np.float64], draws: int = DRAWS, seed: int = 0, level: float = LEVEL
) -> list[Interval]:
    """`interval` of each column of [U, M], all from the same draws."""
    low, high = _bounds(bootstrap_means(values, draws, seed), level)
    found = zip(values.mean(axis=0), low, high, strict=True)
    return [Interval(float(mean), float(lower), float(upper)) for mean, lower, upper in found]


def paired(
    values: NDArray[np.float64],
    reference: NDArray[np.float64],
    draws: int = DRAWS,
    seed: int = 0,
    level: float = LEVEL,
) -> Difference:
    """Mean of values − reference over the same users [U], with interval and p-value.

    p = 2 · min(P(d ≤ 0), P(d ≥ 0)) over the draws d, each share (count + 1) / (draws + 1), at most
    1: never 0, since 2,000 draws cannot show less than 1 in 1,000. Raises HabitusError where the two
    are not about the same number of users.
    """
    if values.shape != reference.shape or values.ndim != 1:
        raise HabitusError(
            f"A paired comparison needs the same users on both sides, not {values.shape} "
            f"and {reference.shape} values.",
            "Evaluate both models on the same cases.",
        )
    difference = values - reference
    means = bootstrap_means(difference, draws, seed)
    low, high = _bounds(means[:, None], level)
    tails = (np.count_nonzero(means <= 0), np.count_nonzero(means >= 0))
    p = min(1.0, 2 * (min(tails) + 1) / (draws + 1))
    return Difference(float(difference.mean()), float(low[0]), float(high[0]), float(p))


def holm(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Holm's step-down correction: adjusted p-values, [M].

    The i-th smallest of M becomes max over j ≤ i of (M − j + 1) · p(j), at most 1. Source: Holm
    1979, "A simple sequentially rejective multiple test procedure". Edge cases: one p-value stays
    as it is; none gives none.
    """
    order = np.argsort(p_values, kind="stable")
    factors = len(p_values) - np.arange(len(p_values))
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1.0)
    return adjusted


def _bounds(
    means: NDArray[np.float64], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    tail = (1 - level) / 2
    low, high = np.quantile(means, [tail, 1 - tail], axis=0)
    return low, high


def _weights(users: int, draws: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """How often each user is drawn, float64 [some draws, U]; multinomial, in chunks of draws."""
    generator = np.random.default_rng(seed)
    chunk = max(1, CHUNK_CELLS // users)
    for start in range(0, draws, chunk):
        size = min(chunk, draws - start)
        drawn = generator.integers(0, users, (size, users))
        drawn += users * np.arange(size)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * users)
        yield counts.reshape(size, users).astype(np.float64)
