"""Cutting long histories into training windows and packing windows of like length into batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from habitus.events.histories import Histories


def windows(
    histories: Histories, length: int, generator: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Cut every history into windows of `length` + 1 events, neighbours sharing one event.

    The cuts start at a random place, so that each epoch sees other windows; every event but a
    history's first is a target exactly once. Returns (user, start, stop), each [W].
    """
    steps = histories.lengths - 1  # targets of each user
    users = np.flatnonzero(steps > 0)
    steps = steps[users]
    long = steps > length
    head = np.where(long, generator.integers(1, length + 1, len(users)), np.minimum(steps, length))
    more = -(-(steps - head) // length)
    count = 1 + more
    owner = np.repeat(np.arange(len(users)), count)
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    start = np.where(nth == 0, 0, head[owner] + (nth - 1) * length)
    stop = np.minimum(np.where(nth == 0, head[owner], start + length), steps[owner])
    return users[owner], start, stop + 1


def batches(
    histories: Histories, length: int, tokens: int, generator: np.random.Generator
) -> Iterator[Histories]:
    """Windows of like length, at most `tokens` padded events a batch, in random order."""
    user, start, stop = windows(histories, length, generator)
    size = stop - start
    order = np.lexsort((generator.random(len(size)), size))
    cuts = _cut_by_tokens(size[order], tokens)
    for at in generator.permutation(len(cuts) - 1):
        rows = order[cuts[at] : cuts[at + 1]]
        yield histories.slice(user[rows], start[rows], stop[rows])


def _cut_by_tokens(size: NDArray[np.int64], tokens: int) -> list[int]:
    """Cut ascending sizes so that rows × the longest stays at or below `tokens` (one row at least)."""
    cuts = [0]
    while cuts[-1] < len(size):
        first = cuts[-1]
        rows = np.arange(1, len(size) - first + 1)
        fits = np.searchsorted(rows * size[first:], tokens, side="right")
        cuts.append(first + max(int(fits), 1))
    return cuts
