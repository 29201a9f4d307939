"""Many users' histories as ragged columns, and the ways to cut them without per-event loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from habitus.types import EventType, Role

PADDING_TYPE = EventType("", Role.IMPRESSION, 0.0)


@dataclass(frozen=True, eq=False)
class Histories:
    """Users' events, sorted by (user, timestamp, sequence). User u owns [offsets[u], offsets[u + 1]).

    item    int32 [E]    catalogue row; 0 = the event names no item
    type    int16 [E]    index into `types` (≥ 1; `types[0]` is padding)
    time    int64 [E]    µs since 1970, UTC; in ordinal data the event's position in its history
    value   float32 [E]  NaN = absent
    session int64 [E]    0 = none; equal numbers are one session of one user
    """

    user_ids: NDArray[np.object_]  # [U]
    offsets: NDArray[np.int64]  # [U + 1]
    item: NDArray[np.int32]
    type: NDArray[np.int16]
    time: NDArray[np.int64]
    value: NDArray[np.float32]
    session: NDArray[np.int64]
    types: tuple[EventType, ...] = (PADDING_TYPE, EventType("event"))
    ordinal: bool = False

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Events of each user, [U]."""
        return np.diff(self.offsets)

    @property
    def events(self) -> int:
        return len(self.item)

    @property
    def nbytes(self) -> int:
        """Bytes of the columns."""
        columns = self.offsets, self.item, self.type, self.time, self.value, self.session
        return sum(each.nbytes for each in columns)

    def owners(self) -> NDArray[np.int64]:
        """The user row of each event, [E]."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def slice(
        self, users: NDArray[np.int64], start: NDArray[np.int64], stop: NDArray[np.int64]
    ) -> Histories:
        """Rows `users`, each cut to its own events [start, stop) (counted from its first event)."""
        lengths = np.maximum(stop - start, 0)
        offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        first = self.offsets[users] + start
        index = np.arange(offsets[-1]) + np.repeat(first - offsets[:-1], lengths)
        return self._pick(index, self.user_ids[users], offsets)

    def take(self, users: NDArray[np.int64]) -> Histories:
        """The whole histories of some users, in the order given."""
        return self.slice(users, np.zeros(len(users), np.int64), self.lengths[users])

    def last(self, count: int) -> Histories:
        """Each history cut to its last `count` events."""
        stop = self.lengths
        return self.slice(np.arange(len(self)), np.maximum(stop - count, 0), stop)

    def where(self, keep: NDArray[np.bool_]) -> Histories:
        """Only the events for which `keep` [E] is true; users stay, perhaps with none."""
        kept = np.concatenate(([0], np.cumsum(keep)))
        return self._pick(np.flatnonzero(keep), self.user_ids, kept[self.offsets].astype(np.int64))

    def with_role(self, *roles: Role) -> Histories:
        """Only the events whose type has one of the roles and that name an item."""
        wanted = np.array([kind.role in roles for kind in self.types])
        return self.where(wanted[self.type] & (self.item > 0))

    def positives(self) -> Histories:
        return self.with_role(Role.POSITIVE)

    def without_time(self) -> Histories:
        """The same events in the same order with the times hidden: ordinal data."""
        position = np.arange(self.events) - np.repeat(self.offsets[:-1], self.lengths)
        return replace(self, time=position.astype(np.int64), ordinal=True)

    def counts(self, rows: int) -> NDArray[np.int64]:
        """How often each catalogue row occurs, [rows]; padding counts 0."""
        counts = np.bincount(self.item, minlength=rows).astype(np.int64)
        counts[0] = 0
        return counts

    def blocks(self, users: int) -> Iterator[Histories]:
        """The histories in blocks of at most `users` users."""
        for start in range(0, len(self), users):
            yield self.take(np.arange(start, min(start + users, len(self))))

    def _pick(
        self, index: NDArray[np.int64], user_ids: NDArray[np.object_], offsets: NDArray[np.int64]
    ) -> Histories:
        return replace(
            self,
            user_ids=user_ids,
            offsets=offsets,
            item=self.item[index],
            type=self.type[index],
            time=self.time[index],
            value=self.value[index],
            session=self.session[index],
        )


def joined(first: Histories, second: Histories) -> Histories:
    """One user's events, the second stretch after the first; event types as the second knows them,
    which may be more."""
    return replace(
        second,
        offsets=np.array([0, first.events + second.events], np.int64),
        item=np.concatenate((first.item, second.item)),
        type=np.concatenate((first.type, second.type)),
        time=np.concatenate((first.time, second.time)),
        value=np.concatenate((first.value, second.value)),
        session=np.concatenate((first.session, second.session)),
    )


def from_lists(
    items: list[list[int]],
    times: list[list[int]] | None = None,
    types: tuple[EventType, ...] = (PADDING_TYPE, EventType("event")),
    kinds: list[list[int]] | None = None,
) -> Histories:
    """Histories from plain lists of catalogue rows (for small data and tests); no times = ordinal."""
    lengths = [len(row) for row in items]
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    total = int(offsets[-1])

    def flat(rows: list[list[int]] | None, default: int) -> NDArray[np.int64]:
        if rows is None:
            return np.full(total, default, np.int64)
        return np.array([value for row in rows for value in row], np.int64)

    made = Histories(
        user_ids=np.array([f"u{row}" for row in range(len(items))], dtype=object),
        offsets=offsets,
        item=flat(items, 0).astype(np.int32),
        type=flat(kinds, 1).astype(np.int16),
        time=flat(times, 0),
        value=np.full(total, np.nan, np.float32),
        session=np.zeros(total, np.int64),
        types=types,
    )
    return made if times is not None else made.without_time()
