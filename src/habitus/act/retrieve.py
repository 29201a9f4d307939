"""From scores to the k best rows: exact, only what may be shown, ties always in the same order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from habitus.act.behaviour import Scores

LOWEST = float(np.finfo(np.float32).min)
HIGHEST = float(np.finfo(np.float32).max)
GROUPS_PER_ITEM = 16  # groups of rows looked at for each item wanted
SMALL = 2_048  # rows below which sorting them all is as fast


def top(
    scores: Scores, allowed: NDArray[np.bool_], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k best allowed rows and their scores, best first; fewer only where fewer are allowed.

    scores   float32 [N + 1]; NaN and −inf rank last and come back as the lowest finite number
    allowed  bool    [N + 1]; row 0 (padding) is never returned
    Equal scores are ordered by row, which is the order of item ids.
    """
    values = finite(scores)
    values[~allowed] = -np.inf  # lower than whatever may be shown
    values[0] = -np.inf
    rows = np.flatnonzero(values >= max(_bound(values, k), LOWEST))
    return _ordered(rows, values[rows], k)


def best(
    rows: NDArray[np.int64], scores: Scores, allowed: NDArray[np.bool_], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """What `top` finds among some rows ≥ 1 [n], ascending, with their scores [n]."""
    kept = allowed[rows]
    return _ordered(rows[kept], finite(scores)[kept], k)


def _ordered(
    rows: NDArray[np.int64], found: Scores, k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    if 0 < k < len(rows):
        kth = np.partition(found, len(found) - k)[len(found) - k]
        kept = np.flatnonzero(found >= kth)
        rows, found = rows[kept], found[kept]
    order = np.argsort(-found, kind="stable")[:k]
    return rows[order], found[order]


def finite(scores: Scores) -> Scores:
    """A copy with NaN and −inf as the lowest finite float32, +inf as the highest."""
    above: Scores = np.fmax(scores, LOWEST, dtype=np.float32)  # fmax passes NaN by
    return np.minimum(above, HIGHEST, out=above)


def _bound(values: Scores, k: int) -> float:
    """A number that at least k values reach, close below the k-th best; −inf where that is not
    easily said.

    The k-th best of the maxima of groups of rows: k groups have a row that reaches it.
    """
    groups = GROUPS_PER_ITEM * k
    size = len(values) // groups if groups else 0
    if len(values) < SMALL or size < 2:
        return -np.inf
    best = values[: size * groups].reshape(size, groups).max(0)
    return float(np.partition(best, groups - k)[groups - k])
