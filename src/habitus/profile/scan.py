"""The scan for a routine: the matter and the window of the week that stand out most.

As spatial statistics look for clusters (Kulldorff, A spatial scan statistic, 1997), with two nulls:

- *timing*: a Poisson rate that follows the hours of the user's other activity, smoothed. It finds the
  window, and answers for looking at all matters and windows.
- *choice*: of the hours in which the user was active in that very window, no more have the matter than
  elsewhere. Whoever is always active at 20 h has by this no routine for each genre at 20 h.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from habitus.profile.log import UserLog
from habitus.profile.matters import Matters
from habitus.profile.weekly import expected, sums
from habitus.types import DAY

LEAST = 4  # days on which it was done
DOMINANT = 0.7  # what more than this share of all events is about is no news at any hour
CHANCE = 0.02  # a user with no routine gets one with about this probability
INDEPENDENT = 300  # windows that count as separate looks: neighbours overlap
BUSIEST = 8  # events in an hour beyond which one more makes no difference


@dataclass(frozen=True, slots=True)
class Peak:
    """The clearest window: the smaller log likelihood ratio less the logarithm of all looks, and how
    many active hours with the matter are expected there."""

    matter: int
    window: int
    gain: float
    mean: float


def clearest(
    table: Matters,
    looks: int,
    left: NDArray[np.bool_],
    local: NDArray[np.int64],
    week: NDArray[np.int64],
    refused: set[tuple[tuple[str, str], int]],
) -> tuple[Peak | None, NDArray[np.bool_]]:
    """The matter and window with the highest likelihood ratio among those that pass both tests, and
    which of the matters are near to passing, [W].

    The table holds what is left of `looks` matters that were looked at. `refused` are the names of
    matters with windows that are no answer.
    """
    done, active, usual = _counts(table, left, local, week)
    count, n = sums(done), sums(active[None])[0]
    rows, zones = np.nonzero(count >= LEAST)
    c, n = count[rows, zones], n[zones]
    often = done.sum(1)[rows]
    # The share of active hours with the matter outside the window.
    out = (often - c + 0.5) / (active.sum() - n + 1.0)
    choice = sums(usual)[rows, zones] * np.minimum(out * active.sum() / np.maximum(often, 1), 1)
    other = sums(expected((active - done).astype(np.float32)))[rows, zones]
    timing = other * out / np.maximum(1 - out, 0.01)
    by_timing = np.where(c > timing, c * np.log(c / np.maximum(timing, 1e-9)) - (c - timing), 0)
    by_choice = np.where(c > choice, _binomial_gain(c, n, choice), 0)
    by_timing -= math.log(INDEPENDENT)
    needed = math.log(looks / CHANCE)
    lower = np.minimum(by_timing, by_choice)
    near = np.zeros(len(table), bool)
    near[rows[lower > needed / 2]] = True
    good = lower > needed
    for name, zone in refused:
        if name in table.names:
            good &= (rows != table.names.index(name)) | (zones != zone)
    if not good.any():
        return None, near
    best = int(np.argmax(np.where(good, by_timing, -np.inf)))
    gain = float(lower[best]) - math.log(looks)
    return Peak(int(rows[best]), int(zones[best]), gain, float(choice[best])), near


def _counts(
    table: Matters, left: NDArray[np.bool_], local: NDArray[np.int64], week: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """By hour of the week: different hours with each matter [W, 168], hours with any event [168], and
    hours with each matter as expected if what is done did not depend on the time [W, 168]."""
    used = left[table.event]
    event, matter = table.event[used], table.matter[used]
    cells, cell, size = np.unique(
        local[left] // (DAY // 24), return_inverse=True, return_counts=True
    )
    of_event = np.full(len(local), -1)
    of_event[left] = cell
    at = np.zeros(len(cells), np.int64)
    at[cell] = week[left]
    pair = np.sort(matter * len(cells) + of_event[event])
    pair = pair[np.diff(pair, prepend=-1) > 0]
    place = pair // len(cells) * 168 + at[pair % len(cells)]
    done = np.bincount(place, minlength=len(table) * 168).reshape(-1, 168)
    crowd = np.bincount(
        at * BUSIEST + np.minimum(size, BUSIEST) - 1, minlength=168 * BUSIEST
    ).reshape(168, BUSIEST)
    share = np.bincount(matter, minlength=len(table)) / max(int(left.sum()), 1)
    miss = (1 - np.minimum(share, 0.99))[:, None] ** np.arange(1, BUSIEST + 1)
    usual = (1 - miss) @ crowd.T
    return done.astype(np.float32), crowd.sum(1).astype(np.float32), usual.astype(np.float32)


def _binomial_gain(
    c: NDArray[np.float32], n: NDArray[np.float32], mean: NDArray[np.float32]
) -> NDArray[np.float32]:
    """log likelihood ratio of c of n against an expected `mean` of n."""
    mean = np.clip(mean, 1e-9, n - 1e-9)
    rest = n - c
    gain: NDArray[np.float32] = c * np.log(c / mean) + rest * np.log(
        np.maximum(rest, 1e-12) / (n - mean)
    )
    return gain


def frequent(table: Matters, log: UserLog) -> Matters:
    """Only matters of `LEAST` different days, that not nearly every event is about."""
    if not len(table.event):
        return table
    day = log.local[table.event] // DAY
    day -= day.min()
    length = int(day.max()) + 1
    days = np.bincount(np.unique(table.matter * length + day) // length, minlength=len(table))
    often = np.bincount(table.matter, minlength=len(table))
    return table.only((days >= LEAST) & (often < DOMINANT * len(log)))
