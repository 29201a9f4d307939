"""Who is asked what: leave-one-out, temporal and last-fraction splits, as docs/protocols.md defines them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from habitus.events.histories import Histories


@dataclass(frozen=True, eq=False)
class Cases:
    """Questions: for user row `user[c]`, after its first `stop[c]` events, which item comes at `now[c]`?

    Histories are not copied; `block` cuts out those of a few cases.
    """

    histories: Histories
    user: NDArray[np.int64]  # [C] row of `histories`
    stop: NDArray[np.int64]  # [C] events of that user that are history
    target: NDArray[np.int32]  # [C] catalogue row, ≥ 1
    now: NDArray[np.int64]  # [C] µs: the target's own timestamp

    def __len__(self) -> int:
        return len(self.user)

    def block(self, rows: NDArray[np.int64]) -> Histories:
        """The histories of some cases, one row a case."""
        stop = self.stop[rows]
        return self.histories.slice(self.user[rows], np.zeros_like(stop), stop)

    def blocks(self, size: int) -> Iterator[tuple[NDArray[np.int64], Histories]]:
        """(case rows, their histories) in blocks of at most `size` cases."""
        for start in range(0, len(self), size):
            rows = np.arange(start, min(start + size, len(self)))
            yield rows, self.block(rows)

    def take(self, rows: NDArray[np.int64]) -> Cases:
        return Cases(
            self.histories, self.user[rows], self.stop[rows], self.target[rows], self.now[rows]
        )


@dataclass(frozen=True, eq=False)
class Split:
    """Training histories, validation and test cases. Nothing is fitted on anything but `train`."""

    protocol: str
    train: Histories
    validation: Cases
    test: Cases
