"""The same list for everybody: items by how often they were wanted."""

from __future__ import annotations

from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.types import HabitusError

T = TypeVar("T")


class Popularity:
    """score(i) = Σ weight(type of e) over training events e on item i whose type is positive.

    With the usual weight of 1 that is a count. Only the histories given to `fit` count, never the ones
    to be scored, so that nothing of a test case leaks into it.
    """

    name = "popularity"
    needs_now = False

    def __init__(self) -> None:
        self._totals: NDArray[np.float32] | None = None

    def fit(self, histories: Histories, catalogue: Catalogue) -> Self:
        """Count the training events."""
        self._totals = weighted_counts(histories, len(catalogue)).astype(np.float32)
        return self

    def score(
        self, histories: Histories, now: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """float32 [U, N + 1], the same row for each user; read-only (one row in memory)."""
        del now
        totals = fitted(self._totals, self.name)
        return np.broadcast_to(totals, (len(histories), len(totals)))


def weighted_counts(histories: Histories, rows: int) -> NDArray[np.float64]:
    """Σ weight of the positive events of each catalogue row, [rows]; padding 0."""
    wanted = histories.positives()
    weights = np.array([kind.weight for kind in wanted.types])[wanted.type]
    return np.bincount(wanted.item, weights=weights, minlength=rows).astype(np.float64)


def fitted(part: T | None, name: str) -> T:
    """What `fit` made; HabitusError where it was never called."""
    if part is None:
        raise HabitusError(f"The baseline {name!r} was not fitted.", "Call fit first.")
    return part
