"""What evaluation needs of a model: a name, and scores for whole histories."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from habitus.events.histories import Histories


class Scorer(Protocol):
    """Anything that scores the whole catalogue for the next event of each history."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float32]:
        """Scores [U, N + 1] of all catalogue rows, higher = better; column 0 (padding) is ignored.

        `histories` [U] end right before the question. `now` [U] is the moment of the question in
        µs since 1970, UTC; None = it is not known. −inf or NaN = cannot be recommended. A scorer
        looks at nothing else: what it knows of other users it has learned in training.
        """
        ...
