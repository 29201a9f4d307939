"""Ranks and top lists from score matrices, without sorting whole rows."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MISS: Final = int(np.iinfo(np.int64).max)
"""The rank of a target that cannot be recommended: no cutoff reaches it."""


def hide(
    scores: NDArray[np.floating], rows: NDArray[np.integer], columns: NDArray[np.integer]
) -> None:
    """Set the cells (rows[i], columns[i]) of `scores` to −inf, in place; cells may repeat."""
    scores[rows, columns] = -np.inf


def target_ranks(scores: NDArray[np.floating], target: NDArray[np.integer]) -> NDArray[np.int64]:
    """The rank of column target[u] in each row of `scores` [U, R], int64 [U]; 1 = best.

    rank = 1 + the number of other columns that score at least as much: ties count against the
    target. NaN and −inf rank below everything; a target that scores either has rank `MISS`. The
    padding column takes part like any other: give it −inf.
    """
    own = scores[np.arange(len(scores)), target]
    ranks: NDArray[np.int64] = np.count_nonzero(scores >= own[:, None], axis=1).astype(np.int64)
    ranks[np.isnan(own) | np.isneginf(own)] = MISS
    return ranks


def best_rows(scores: NDArray[np.floating], count: int) -> NDArray[np.int32]:
    """The `count` best columns of each row of `scores` [U, R], best first, int32 [U, min(count, R)].

    Equal scores go to the lower column. Cells at −inf are never listed: 0 stands there instead.
    Scores must not hold NaN, and column 0 must be −inf.
    """
    count = min(count, scores.shape[1])
    if not len(scores) or not count:
        return np.zeros((len(scores), count), np.int32)
    chosen = np.argpartition(scores, -count, axis=1)[:, -count:]
    least = np.take_along_axis(scores, chosen, axis=1).min(axis=1)
    tied = np.flatnonzero(np.count_nonzero(scores >= least[:, None], axis=1) > count)
    chosen[tied] = _lowest_of_ties(scores[tied], least[tied], count)
    chosen.sort(axis=1)
    values = np.take_along_axis(scores, chosen, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    best: NDArray[Any] = np.take_along_axis(chosen, order, axis=1)
    best[np.isneginf(np.take_along_axis(values, order, axis=1))] = 0
    return best.astype(np.int32)


def _lowest_of_ties(
    scores: NDArray[np.floating], least: NDArray[np.floating], count: int
) -> NDArray[np.int64]:
    """The `count` best columns of each row, of those that score `least` [U] the lowest ones."""
    above = scores > least[:, None]
    equal = scores == least[:, None]
    room = count - np.count_nonzero(above, axis=1)
    keep = above | (equal & (np.cumsum(equal, axis=1, dtype=np.int32) <= room[:, None]))
    return np.nonzero(keep)[1].reshape(len(scores), count)
