"""What was worked out for a user, kept for the next request: bounded, least recently used goes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.events.reading import Reading

MEMORY = 512 * 2**20  # bytes


@dataclass(frozen=True, eq=False)
class Known:
    """One user's state, and what it was made of: model, catalogue and history."""

    model: str
    catalogue_revision: int
    reading: Reading
    seen: NDArray[np.int64]  # catalogue rows of the whole history, some perhaps several times
    state: Any
    size: int = 0  # bytes of memory that all of it takes


class StateCache:
    """At most `capacity` users' states, in at most `memory` bytes."""

    def __init__(self, capacity: int = 1024, memory: int = MEMORY) -> None:
        self.capacity, self.memory = capacity, memory
        self._entries: OrderedDict[str, Known] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """Bytes that are taken."""
        return self._size

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
            self._leave(self._entries.pop(user_id, None))
            if known.size > self.memory:
                return
            self._entries[user_id] = known
            self._size += known.size
            while len(self._entries) > self.capacity or self._size > self.memory:
                self._leave(self._entries.popitem(last=False)[1])

    def drop(self, user_id: str) -> None:
        """Keep nothing of a user."""
        with self._lock:
            self._leave(self._entries.pop(user_id, None))

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._size = 0

    def _leave(self, known: Known | None) -> None:
        self._size -= known.size if known else 0
