"""From scores to the k best rows: exact, only what may be shown, ties always in the same order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from habitus.act.behaviour import Scores


def top(
    scores: Scores, allowed: NDArray[np.bool_], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k best allowed rows and their scores, best first; fewer only where fewer are allowed.

    scores   float32 [N + 1]; NaN and −inf rank last and come back as the lowest finite number
    allowed  bool    [N + 1]; row 0 (padding) is never returned
    Equal scores are ordered by row, which is the order of item ids.
    """
    candidates = np.flatnonzero(allowed)
    candidates = candidates[candidates > 0]
    values = finite(scores[candidates])
    if 0 < k < len(candidates):
        kth = np.partition(values, len(values) - k)[len(values) - k]
        above = np.flatnonzero(values > kth)
        level = np.flatnonzero(values == kth)[: k - len(above)]
        kept = np.concatenate((above, level))
        candidates, values = candidates[kept], values[kept]
    order = np.lexsort((candidates, -values))[:k]
    return candidates[order].astype(np.int64), values[order]


def finite(scores: Scores) -> Scores:
    """The same scores with NaN and −inf as the lowest finite float32, +inf as the highest."""
    limits = np.finfo(np.float32)
    return np.nan_to_num(
        scores.astype(np.float32, copy=False),
        nan=float(limits.min),
        neginf=float(limits.min),
        posinf=float(limits.max),
    )
