"""What the made worlds are built with: random draws for all users at once, and columns from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories


def histories_of(items: NDArray[np.integer], times: NDArray[np.int64] | None = None) -> Histories:
    """Histories of equal length from item rows [U, L] and times [U, L] (none = ordinal)."""
    users, length = items.shape
    total = users * length
    made = Histories(
        user_ids=np.array([f"u{row}" for row in range(users)], dtype=object),
        offsets=np.arange(users + 1, dtype=np.int64) * length,
        item=items.reshape(-1).astype(np.int32),
        type=np.ones(total, np.int16),
        time=np.zeros(total, np.int64) if times is None else times.reshape(-1).astype(np.int64),
        value=np.full(total, np.nan, np.float32),
        session=np.zeros(total, np.int64),
    )
    return made if times is not None else made.without_time()


def last_items(histories: Histories) -> NDArray[np.int64]:
    """The row of each user's last event [U]; 0 for an empty history."""
    return _last(histories.item, histories).astype(np.int64)


def last_times(histories: Histories) -> NDArray[np.int64]:
    """The time of each user's last event [U]; 0 for an empty history."""
    return _last(histories.time, histories).astype(np.int64)


def _last(column: NDArray[np.integer], histories: Histories) -> NDArray[np.integer]:
    if not len(column):
        return np.zeros(len(histories), np.int64)
    return np.where(histories.lengths > 0, column[np.maximum(histories.offsets[1:] - 1, 0)], 0)


def plain_catalogue(items: int) -> Catalogue:
    return Catalogue.of_ids([f"i{row:05d}" for row in range(1, items + 1)])


def equal_groups(items: int, groups: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """A group for each row, sizes as equal as can be; −1 for padding."""
    return np.concatenate(([-1], rng.permutation(items) % groups)).astype(np.int64)


def draw_in_group(
    group: NDArray[np.int64], wanted: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """For each entry of `wanted` a uniform row of that group."""
    rows = np.argsort(group, kind="stable")
    start = np.searchsorted(group[rows], wanted, "left")
    stop = np.searchsorted(group[rows], wanted, "right")
    return rows[start + (rng.random(wanted.shape) * (stop - start)).astype(np.int64)]


def draw_distinct(
    log_weight: NDArray[np.float64], count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """`count` different rows a user, drawn one after the other by weight (Gumbel's trick), [U, count]."""
    keys = log_weight[:, 1:] + rng.gumbel(size=(len(log_weight), log_weight.shape[1] - 1))
    return np.argsort(-keys, axis=1)[:, :count] + 1
