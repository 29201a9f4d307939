"""Who is asked what: leave-one-out, temporal and last-fraction splits, as docs/protocols.md defines them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from habitus.events.histories import Histories
from habitus.types import HabitusError, Role

ROUNDING = 1e-9  # 0.29 × 100 is 28.999…96 in floating point and means 29


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

    def with_gap(self) -> NDArray[np.bool_]:
        """Whether time passed between the last event of the history and the target, [C].

        False where the history is empty (there is no gap to know) and in ordinal data.
        """
        if self.histories.ordinal or not self.histories.events:
            return np.zeros(len(self), bool)
        last = np.maximum(self.histories.offsets[self.user] + self.stop - 1, 0)
        return np.asarray((self.stop > 0) & (self.now > self.histories.time[last]))


@dataclass(frozen=True, eq=False)
class Split:
    """Training histories, validation and test cases. Nothing is fitted on anything but `train`.

    `train` keeps every user's row, perhaps with no events. `refit`, where the protocol has one,
    holds the events up to the test cut: settings chosen with `train` and `validation` may be
    fitted once more on `refit` before the one look at `test`.
    """

    protocol: str
    train: Histories
    validation: Cases
    test: Cases
    refit: Histories | None = None

    def later_share(self) -> float:
        """The share of training events later than the median test event; NaN where times are absent.

        Above 0 a model may have learned from the future of the questions it is asked.
        """
        if self.train.ordinal or not self.train.events or not len(self.test):
            return float("nan")
        return float(np.mean(self.train.time > np.median(self.test.now)))


def leave_one_out(histories: Histories) -> Split:
    """Each user's last positive event tests, the one before validates, what precedes both trains.

    A user with one positive event has a test case and no validation case; a user with none has no
    case, and all their events train. Non-positive events are never targets: those before a target
    are in its history. Raises HabitusError where no event could be a target.
    """
    candidates = _Candidates.of(histories)
    test = np.minimum(candidates.counts, 1)
    validation = np.clip(candidates.counts - 1, 0, 1)
    return _hold_out("leave-one-out", candidates, validation, test)


def last_fraction(histories: Histories, fraction: float = 0.1) -> Split:
    """Each user's last `fraction` of positive events test, as many before them validate.

    A user with n positive events has max(1, ⌊n · fraction⌋) test cases, and as many validation
    cases as remain, at most the same number. Each case's history is all that user's events before
    its target, earlier cases included. Raises HabitusError for a fraction outside (0, 0.5].
    """
    if not 0 < fraction <= 0.5:
        raise HabitusError(
            f"A split cannot hold out the last {fraction} of each history for test and as much for "
            "validation.",
            "Give a fraction above 0 and at most 0.5.",
        )
    candidates = _Candidates.of(histories)
    counts = candidates.counts
    wanted = np.floor(counts * fraction + ROUNDING).astype(np.int64)
    test = np.minimum(np.maximum(wanted, 1), counts)
    return _hold_out("last-fraction", candidates, np.minimum(test, counts - test), test)


def temporal(histories: Histories, validation: float = 0.8, test: float = 0.9) -> Split:
    """One cut in time for everybody: train before it, ask each user's first positive event after it.

    The cuts are the times of the events at `validation` and `test` of the whole log in time order;
    events at the very time of a cut are after it. Validation asks only about events before the test
    cut, so that choosing on it looks at nothing that tests. `train` ends at the validation cut,
    `refit` at the test cut. Raises HabitusError for ordinal data, for fractions that are not
    0 < validation < test < 1, and where a part would be empty.
    """
    if histories.ordinal:
        raise HabitusError(
            "A temporal split needs times, and this data is ordinal: it has an order and no times.",
            "Use leave-one-out or last-fraction, or import the data with its times.",
        )
    if not 0 < validation < test < 1:
        raise HabitusError(
            f"The cuts {validation} (validation) and {test} (test) of a temporal split are not in order.",
            "Give 0 < validation < test < 1, such as 0.8 and 0.9.",
        )
    candidates = _Candidates.of(histories)
    first_cut, second_cut = _cut_time(histories, validation), _cut_time(histories, test)
    train = histories.where(histories.time < first_cut)
    when = histories.time[candidates.event]
    asked = candidates.first((when >= first_cut) & (when < second_cut))
    tested = candidates.first(when >= second_cut)
    if not train.events or not len(asked):
        raise HabitusError(
            "A temporal split of this data leaves nothing to train on or nothing to validate on: "
            "too many events share their time with a cut.",
            "Check the times of the import, choose other cuts, or use leave-one-out.",
        )
    refit = histories.where(histories.time < second_cut)
    return Split("temporal", train, candidates.cases(asked), candidates.cases(tested), refit)


@dataclass(frozen=True, eq=False)
class _Candidates:
    """The events that may be targets: positive, and naming an item."""

    histories: Histories
    event: NDArray[np.int64]  # [P] index of the event
    user: NDArray[np.int64]  # [P] its user row
    counts: NDArray[np.int64]  # [U] candidates of each user

    @classmethod
    def of(cls, histories: Histories) -> _Candidates:
        positive = np.array([kind.role is Role.POSITIVE for kind in histories.types])
        event = np.flatnonzero(positive[histories.type] & (histories.item > 0))
        if not len(event):
            raise HabitusError(
                "There is no event to predict: no positive event names an item.",
                "Give at least one event type the role positive, and its events an item_id.",
            )
        user = np.searchsorted(histories.offsets, event, side="right") - 1
        return cls(histories, event, user, np.bincount(user, minlength=len(histories)))

    def from_end(self) -> NDArray[np.int64]:
        """How many candidates of the same user follow each, [P]."""
        return np.asarray(np.cumsum(self.counts)[self.user] - 1 - np.arange(len(self.event)))

    def first(self, allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Each user's first candidate among the allowed ones [P], as rows of the candidates."""
        rows = np.flatnonzero(allowed)
        return rows[np.unique(self.user[rows], return_index=True)[1]]

    def cases(self, rows: NDArray[np.int64]) -> Cases:
        """Candidates as questions, with everything that precedes them as history."""
        event, user, own = self.event[rows], self.user[rows], self.histories
        return Cases(own, user, event - own.offsets[user], own.item[event], own.time[event])


def _hold_out(
    protocol: str,
    candidates: _Candidates,
    validation: NDArray[np.int64],
    test: NDArray[np.int64],
) -> Split:
    """Test each user's last `test` [U] candidates, validate on the `validation` [U] before them."""
    histories, user, from_end = candidates.histories, candidates.user, candidates.from_end()
    tested = np.flatnonzero(from_end < test[user])
    asked = np.flatnonzero((from_end >= test[user]) & (from_end < (test + validation)[user]))
    held = np.flatnonzero(from_end < (test + validation)[user])
    stop = histories.lengths.copy()
    first = held[np.unique(user[held], return_index=True)[1]]
    stop[user[first]] = candidates.event[first] - histories.offsets[user[first]]
    train = histories.slice(np.arange(len(histories)), np.zeros_like(stop), stop)
    return Split(protocol, train, candidates.cases(asked), candidates.cases(tested))


def _cut_time(histories: Histories, fraction: float) -> int:
    """The time of the event at `fraction` of all events in time order."""
    place = int(np.floor(histories.events * fraction + ROUNDING))
    return int(np.partition(histories.time, place)[place])
