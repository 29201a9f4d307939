"""What everybody wanted day by day: the counts that trends are read from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from habitus.events.histories import Histories
from habitus.types import DAY


@dataclass(frozen=True, eq=False)
class DailyCounts:
    """Σ weight of the positive events on each catalogue row, for each of the D days of a log.

    The last day ends at `end`, right after the last event, so that whole days lie before it; day D
    is the time from then on, of which nothing is known.

    counts  float32 [D, N + 1], sparse
    """

    end: int
    counts: sparse.csr_matrix

    @classmethod
    def of(cls, histories: Histories, rows: int) -> Self:
        """Count timed histories over a catalogue of `rows` rows, padding included."""
        wanted = histories.positives()
        if not wanted.events:
            return cls(0, sparse.csr_matrix((0, rows), dtype=np.float32))
        end = int(wanted.time.max()) + 1
        back = (end - 1 - wanted.time) // DAY
        days = int(back.max()) + 1
        weights = np.array([kind.weight for kind in wanted.types], np.float32)[wanted.type]
        shape = (days, rows)
        return cls(end, sparse.csr_matrix((weights, (days - 1 - back, wanted.item)), shape))

    @property
    def days(self) -> int:
        return int(self.counts.shape[0])

    def day(self, now: NDArray[np.int64]) -> NDArray[np.int64]:
        """The day that each moment is in, 0 … D; moments before the log are in its first day."""
        return np.clip(self.days + (now - self.end) // DAY, 0, self.days)

    def before(self, days: NDArray[np.int64], window: int) -> NDArray[np.float32]:
        """Counts over the `window` days that end where each of `days` [P] begins, [P, N + 1]."""
        begin = self.counts.indptr[np.maximum(days - window, 0)].astype(np.int64)
        sizes = self.counts.indptr[days] - begin
        ends = np.cumsum(sizes)
        entry = np.arange(ends[-1]) + np.repeat(begin - (ends - sizes), sizes)
        rows = self.counts.shape[1]
        cell = self.counts.indices[entry] + np.repeat(np.arange(len(days)) * rows, sizes)
        found = np.bincount(cell, self.counts.data[entry], len(days) * rows)
        return found.reshape(len(days), rows).astype(np.float32)

    def for_rows(self, place: NDArray[np.int64]) -> DailyCounts:
        """The same for another catalogue, whose row r is row place[r] here (0 = never counted)."""
        return replace(self, counts=self.counts[:, place])
