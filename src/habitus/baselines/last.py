"""The user's own last items again: hard to beat where people repeat (music, groceries)."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from habitus.baselines.popularity import fitted
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories


class LastItems:
    """score(i) = place of the user's last positive event on i in their history (1 = first), 0 if none.

    So the most recent item comes first. It makes sense where items may come back (seen = "keep");
    under seen = "mask" it can only miss.
    """

    name = "last items again"
    needs_now = False

    def __init__(self) -> None:
        self._rows: int | None = None

    def fit(self, histories: Histories, catalogue: Catalogue) -> Self:
        """Nothing is learned but the size of the catalogue."""
        del histories
        self._rows = len(catalogue)
        return self

    def score(
        self, histories: Histories, now: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """float32 [U, N + 1]; whole numbers, exact for histories of up to 2²⁴ events."""
        del now
        scores = np.zeros((len(histories), fitted(self._rows, self.name)), np.float32)
        wanted = histories.positives()
        owners = wanted.owners()
        places = np.arange(wanted.events) - wanted.offsets[owners] + 1
        np.maximum.at(scores, (owners, wanted.item), places.astype(np.float32))
        return scores
