"""The week as 168 hours, and the windows of it in which a routine can lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from habitus.types import DAY, SECOND

HOUR = 3_600 * SECOND
THURSDAY = 3  # 1970-01-01, where Monday is 0
NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
DAY_SETS = (
    *(frozenset((day,)) for day in range(7)),
    frozenset(range(5)),
    frozenset((5, 6)),
    frozenset(range(7)),
)
LONGEST = 4  # hours of a window
SPREAD = (0.25, 0.5, 1.0, 0.5, 0.25)  # an hour's activity, spread over the hours around it
OTHER_DAYS = 0.5  # how much of an hour's expectation comes from the same hour of all days
FLOOR = (
    0.15  # and how much is spread over the hours from 6 to 24, for nobody's hours are known well
)


@dataclass(frozen=True, slots=True)
class Window:
    """Hours [start, stop) of the user's clock on some weekdays (0 = Monday)."""

    days: frozenset[int]
    start: int
    stop: int

    def words(self) -> str:
        """When this is: "on weekday mornings, 7–9 h", "on Fridays, 20–22 h"."""
        hours = f"{self.start}–{self.stop} h"
        if len(self.days) == 1:
            return f"on {NAMES[min(self.days)]}, {hours}"
        if len(self.days) == 7:
            return f"every day, {hours}"
        part = _part((self.start + self.stop) / 2)
        return f"on {'weekday' if len(self.days) == 5 else 'weekend'} {part}s, {hours}"


def _part(hour: float) -> str:
    ends = ((5, "night"), (12, "morning"), (18, "afternoon"), (23, "evening"), (25, "night"))
    return next(name for end, name in ends if hour < end)


def weekday(local: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 = Monday, of moments of the user's clock."""
    return (local // DAY + THURSDAY) % 7


def hour(local: NDArray[np.int64]) -> NDArray[np.int64]:
    """0–23, of moments of the user's clock."""
    return local // HOUR % 24


@lru_cache(1)
def windows() -> tuple[Window, ...]:
    """All Z windows that are looked at, in the order of `sums`."""
    start, stop = _hours()
    return tuple(
        Window(days, begin, end)
        for days in DAY_SETS
        for begin, end in zip(start.tolist(), stop.tolist(), strict=True)
    )


def sums(week: NDArray[np.float32]) -> NDArray[np.float32]:
    """What lies in each window, [W, Z], of numbers by hour of the week (24·weekday + hour) [W, 168]."""
    by_set = np.matmul(_sets(), week.reshape(len(week), 7, 24))
    run = np.zeros((*by_set.shape[:2], 25), np.float32)
    np.cumsum(by_set, axis=2, out=run[:, :, 1:])
    # All windows of one length at a time, as slices: `_hours` has them in this order.
    lengths = range(1, LONGEST + 1)
    inside = [run[:, :, long:] - run[:, :, :-long] for long in lengths]
    return np.concatenate(inside, axis=2).reshape(len(week), -1)


def expected(week: NDArray[np.float32]) -> NDArray[np.float32]:
    """Activity by hour of the week [W, 168], spread as far as a user's own hours are uncertain.

    An hour is spread over its neighbours and over the same hour of the other days; a part goes evenly
    over the waking hours. Nothing is lost, save at midnight, where the day ends.
    """
    return week @ _kernel()


@lru_cache(1)
def _hours() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    pairs = [(each, each + long) for long in range(1, LONGEST + 1) for each in range(25 - long)]
    start, stop = np.array(pairs).T
    return start, stop


@lru_cache(1)
def _sets() -> NDArray[np.float32]:
    return np.array([[day in days for day in range(7)] for days in DAY_SETS], np.float32)


@lru_cache(1)
def _kernel() -> NDArray[np.float32]:
    near = np.zeros((24, 24))
    for step, weight in zip(range(-2, 3), SPREAD, strict=True):
        near += weight / sum(SPREAD) * np.eye(24, k=step)
    days = (1 - OTHER_DAYS) * np.eye(7) + OTHER_DAYS / 7
    awake = np.tile(np.where(np.arange(24) >= 6, 1.0, 0.0), 7)
    kernel = (1 - FLOOR) * np.kron(days, near) + FLOOR * awake / awake.sum()
    return np.asarray(kernel, np.float32)
