"""What everybody wants these days: popularity in a window that ends at the moment of the question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import numpy as np
from numpy.typing import NDArray

from habitus.baselines.popularity import fitted
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.types import DAY, HabitusError


class RecentPopularity:
    """score(i, now) = Σ weight(type of e) over positive training events e on i with end − days ≤ time < end.

    `end` is `now`, or just after the last training event where that is earlier: a log that stopped a
    month ago still knows its last days, and an empty window would be no rival to anything. Exact for
    every case: events at `now` itself and later never count, nor does anything that was not in the
    training histories. Where the window is empty all items score 0. Source: the recent popularity of
    Ji et al. 2020, "A re-visit of the popularity baseline in recommender systems".
    """

    needs_now = True

    def __init__(self, days: float = 7.0) -> None:
        if not days > 0:
            raise HabitusError(f"A window of {days} days holds nothing.", "Give more than 0 days.")
        self.name = f"popularity in the last {days:g} days"
        self._window = round(days * DAY)
        self._events: _TimedEvents | None = None

    def fit(self, histories: Histories, catalogue: Catalogue) -> Self:
        """Sort the training events by time. HabitusError for ordinal data."""
        if histories.ordinal:
            raise HabitusError(
                f"There is no {self.name} without times: this data is ordinal.",
                "Use the plain popularity, or import the data with times.",
            )
        self._events = _TimedEvents(histories, len(catalogue))
        return self

    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float32]:
        """float32 [U, N + 1] for the moments now [U]. HabitusError where `now` is not known."""
        events = fitted(self._events, self.name)
        if now is None:
            raise HabitusError(
                f"The {self.name} needs the moment of the question.",
                "Ask with `now`, or show n/a where the time is hidden.",
            )
        ends, row = np.unique(np.minimum(now, events.end), return_inverse=True)
        scores = np.empty((len(histories), events.rows), np.float32)
        order = np.argsort(row, kind="stable")
        edges = np.searchsorted(row[order], np.arange(len(ends) + 1))
        for at, totals in enumerate(events.sums(ends - self._window, ends)):
            scores[order[edges[at] : edges[at + 1]]] = totals
        return scores


class _TimedEvents:
    """Positive training events in time order; sums over windows that slide forward.

    Whole numbers are kept for each distinct weight, so that what leaves a window leaves nothing behind.
    """

    def __init__(self, histories: Histories, rows: int) -> None:
        wanted = histories.positives()
        order = np.argsort(wanted.time, kind="stable")
        weights = np.array([kind.weight for kind in wanted.types])[wanted.type[order]]
        self.rows = rows
        self.time = wanted.time[order]
        self.end = int(self.time[-1]) + 1 if len(self.time) else 0
        self.weights, code = np.unique(weights, return_inverse=True)
        self.cell = code * rows + wanted.item[order]

    def sums(
        self, begin: NDArray[np.int64], end: NDArray[np.int64]
    ) -> Iterator[NDArray[np.float64]]:
        """For windows [begin, end) with rising edges: Σ weight of each row, [rows]."""
        first = np.searchsorted(self.time, begin, "left")
        last = np.searchsorted(self.time, end, "left")
        counts = np.zeros(len(self.weights) * self.rows, np.int64)
        held_from = held_to = 0
        for start, stop in zip(first.tolist(), last.tolist(), strict=True):
            if start >= held_to:  # nothing in common with the window before
                counts[:] = 0
                held_from = held_to = start
            np.add.at(counts, self.cell[held_to:stop], 1)
            np.subtract.at(counts, self.cell[held_from:start], 1)
            held_from, held_to = start, stop
            yield self.weights @ counts.reshape(-1, self.rows)
