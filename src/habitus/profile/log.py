"""One user's events as a profile reads them: columns beside the events themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue
from habitus.events.event_list import column, some
from habitus.types import DAY, Event, EventType, Role

UNKNOWN = EventType("")
ACTS = (Role.POSITIVE, Role.NEGATIVE)  # what a user does; impressions and words are no habits
EPOCH = 0


@dataclass(frozen=True, eq=False)
class UserLog:
    """One user's n events, oldest first.

    item    int64 [n]    catalogue row; 0 = the event names no item of the catalogue
    time    int64 [n]    µs since 1970, UTC; in ordinal data the place in the history
    weight  float32 [n]  that of the event's type where it is positive, else 0
    value   float32 [n]  NaN = absent
    """

    user_id: str
    events: Sequence[Event]
    catalogue: Catalogue
    types: Mapping[str, EventType]
    timezone: str | None = None
    ordinal: bool = False

    def __len__(self) -> int:
        return len(self.events)

    @cached_property
    def item(self) -> NDArray[np.int64]:
        rows = self.catalogue.rows
        return np.array([rows.get(each or "", 0) for each in self.column("item_id")], np.int64)

    @cached_property
    def time(self) -> NDArray[np.int64]:
        if self.ordinal:
            return np.arange(len(self.events))
        return np.array([each or EPOCH for each in self.column("timestamp")], np.int64)

    @cached_property
    def local(self) -> NDArray[np.int64]:
        """The user's own clock at each event, µs since 1970 as if it were UTC, [n].

        The zone of the event, or else of the user, or else UTC.
        """
        if self.ordinal:
            return self.time
        names = [each or self.timezone for each in self.column("timezone")]
        if not any(names):
            return self.time
        shift = [
            _offset(name, int(time)) if name else 0
            for name, time in zip(names, self.time, strict=True)
        ]
        return self.time + np.array(shift, np.int64)

    @cached_property
    def kind(self) -> NDArray[np.int64]:
        """The place of each event's type in `kinds`, [n]."""
        place = {name: place for place, name in enumerate(self.kind_names)}
        return np.array([place[each] for each in self.column("event_type")], np.int64)

    @cached_property
    def kinds(self) -> list[EventType]:
        """The types that events have; one that nobody described is positive and without a name."""
        return [self.types.get(name, UNKNOWN) for name in self.kind_names]

    @cached_property
    def acts(self) -> NDArray[np.bool_]:
        """The events in which the user did something, [n]."""
        done = [each.name != "" and each.role in ACTS for each in self.kinds]
        return np.array(done, bool)[self.kind]

    @cached_property
    def weight(self) -> NDArray[np.float32]:
        counted = [each.weight if each.role is Role.POSITIVE else 0.0 for each in self.kinds]
        return np.array(counted, np.float32)[self.kind]

    @cached_property
    def value(self) -> NDArray[np.float32]:
        return np.array(self.column("value"), np.float32)

    def ids(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> tuple[str, ...]:
        """The ids of some events, given as a mask [n] or as places."""
        places = np.flatnonzero(which) if which.dtype == bool else which
        ids = self.event_ids
        return tuple([ids[place] for place in places.tolist()])

    @cached_property
    def event_ids(self) -> list[str]:
        """The id of each event, "" = none."""
        return [each or "" for each in self.column("event_id")]

    def column(self, name: str) -> list[Any]:
        """One field of every event."""
        return column(self.events, name)

    def where(self, kept: Sequence[object] | NDArray[np.bool_]) -> UserLog:
        """The log with only the events for which `kept` [n] is true: itself where all are."""
        chosen = kept.tolist() if isinstance(kept, np.ndarray) else kept
        return self if all(chosen) else replace(self, events=some(self.events, chosen))

    def pairs(self, attribute: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(place of the event, code of the value) of every event whose item has the attribute."""
        if attribute not in self._pairs:
            self._pairs[attribute] = self.catalogue.attributes[attribute].pairs(self.item)
        return self._pairs[attribute]

    @cached_property
    def _pairs(self) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        return {}

    @cached_property
    def kind_names(self) -> list[str]:
        """The names of the events' types, sorted."""
        return sorted(set(self.column("event_type")))


def _offset(zone: str, time: int) -> int:
    """µs that a zone is ahead of UTC at a moment."""
    day = time // DAY
    first, last = _offset_at(zone, day * DAY), _offset_at(zone, (day + 1) * DAY)
    return first if first == last else _offset_at(zone, time)


@lru_cache(65_536)
def _offset_at(zone: str, time: int) -> int:
    try:
        there = datetime.fromtimestamp(time / 1e6, UTC).astimezone(ZoneInfo(zone))
    except ZoneInfoNotFoundError:
        return 0
    return int((there.utcoffset() or timedelta()) / timedelta(microseconds=1))
