"""What was worked out for a user, kept for the next request: bounded, least recently used goes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.events.histories import Histories

_COLUMNS = ("item", "type", "time", "session")


@dataclass(frozen=True, eq=False)
class Known:
    """One user's state, and what it was made of: model, catalogue, user revision and history."""

    model: str
    catalogue_revision: int
    user_revision: int
    history: Histories
    seen: NDArray[np.int64]  # catalogue rows of the whole history, each once
    state: Any


class StateCache:
    """At most `capacity` users' states."""

    def __init__(self, capacity: int = 1024) -> None:
        self.capacity = capacity
        self._entries: OrderedDict[str, Known] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, user_id: str, model: str, catalogue_revision: int) -> Known | None:
        """What is known of a user under this model and catalogue, of whatever user revision."""
        with self._lock:
            found = self._entries.get(user_id)
            if found is None:
                return None
            self._entries.move_to_end(user_id)
        same = found.model == model and found.catalogue_revision == catalogue_revision
        return found if same else None

    def put(self, user_id: str, known: Known) -> None:
        with self._lock:
            self._entries[user_id] = known
            self._entries.move_to_end(user_id)
            while len(self._entries) > self.capacity:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


def appended(before: Histories, after: Histories) -> Histories | None:
    """The events that `after` has past the end of `before`; None where anything before changed.

    Both hold one user. A backdated event, a correction or a deletion makes another beginning, so
    comparing the columns finds them all.
    """
    known = before.events
    if after.events < known or before.types != after.types:
        return None
    same = all(
        np.array_equal(getattr(before, name), getattr(after, name)[:known]) for name in _COLUMNS
    )
    if not same or not np.array_equal(before.value, after.value[:known], equal_nan=True):
        return None
    return after.slice(np.array([0]), np.array([known]), np.array([after.events]))
