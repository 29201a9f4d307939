"""Which turn of a conversation stands beside which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from habitus.types import MINUTE

PAUSE = 30 * MINUTE  # a longer one ends a session where sessions have no names
TAPER = (1.0, 0.75, 0.5, 0.25)  # what a turn, and those 1, 2 and 3 turns away, count in its window

Number = TypeVar("Number", np.float32, np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class Neighbours:
    """session int64 [n]: the sessions' numbers; before, after int64 [n]: the row of the turn before
    and after in the same session, -1 = none."""

    session: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]

    @classmethod
    def of(
        cls, sessions: Sequence[str | None], time: NDArray[np.int64], alone: NDArray[np.bool_]
    ) -> Neighbours:
        """Turns in the order of their times (ties: of their rows); what is `alone` is a session of
        its own."""
        count = len(sessions)
        names = {name: number for number, name in enumerate(dict.fromkeys(sessions))}
        number = np.array([names[each] for each in sessions], np.int64)
        number[alone] = len(names) + np.flatnonzero(alone)
        order = np.lexsort((np.arange(count), time, number))
        breaks = np.ones(count, bool)
        breaks[1:] = number[order][1:] != number[order][:-1]
        unnamed = number[order] == names.get(None, -1)
        breaks[1:] |= unnamed[1:] & (np.diff(time[order]) > PAUSE)
        session, before, after = (np.full(count, -1, np.int64) for _ in range(3))
        session[order] = np.cumsum(breaks) - 1
        inner = np.flatnonzero(~breaks)
        before[order[inner]] = order[inner - 1]
        after[order[inner - 1]] = order[inner]
        return cls(session, before, after)

    def window(self, values: NDArray[Number]) -> NDArray[Number]:
        """Tapered sums over each turn and its neighbours, [..., n] → [..., n]."""
        padded = np.concatenate([values, np.zeros_like(values[..., :1])], -1)
        total = values * values.dtype.type(TAPER[0])
        back, ahead = self.before, self.after
        for weight in TAPER[1:]:
            total = total + values.dtype.type(weight) * (padded[..., back] + padded[..., ahead])
            back = np.append(self.before, -1)[back]
            ahead = np.append(self.after, -1)[ahead]
        return total

    def sums(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sums over sessions, [t, n] → [t, sessions]."""
        wide = np.zeros((len(values), self.count), np.float32)
        for row, each in enumerate(values):
            wide[row] = np.bincount(self.session, each, self.count)
        return wide

    def best(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The greatest value of each turn's session, [n] → [n]."""
        most = np.full(self.count, -np.inf, np.float32)
        np.maximum.at(most, self.session, values)
        return most[self.session]

    @property
    def count(self) -> int:
        """How many sessions there are."""
        return int(self.session.max()) + 1 if len(self.session) else 0
