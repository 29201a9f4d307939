"""Many events, fetched at once and made `Event` objects only as they are looked at: what reads
thousands of them by column does not pay for objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import compress
from operator import attrgetter, itemgetter
from typing import Any, overload

from habitus.types import Event

PLACE = {each.name: place for place, each in enumerate(fields(Event))}


class EventList(Sequence[Event]):
    """Events kept as `rows`: for each the fields of an `Event`, in their order."""

    __slots__ = ("rows",)

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Event]:
        return (Event(*row) for row in self.rows)

    @overload
    def __getitem__(self, place: int) -> Event: ...

    @overload
    def __getitem__(self, place: slice) -> EventList: ...

    def __getitem__(self, place: int | slice) -> Event | EventList:
        if isinstance(place, slice):
            return EventList(self.rows[place])
        return Event(*self.rows[place])


def column(events: Sequence[Event], name: str) -> list[Any]:
    """One field of every event."""
    if isinstance(events, EventList):
        return list(map(itemgetter(PLACE[name]), events.rows))
    return list(map(attrgetter(name), events))


def some(events: Sequence[Event], kept: Iterable[object]) -> Sequence[Event]:
    """The events for which `kept` is true."""
    if isinstance(events, EventList):
        return EventList(list(compress(events.rows, kept)))
    return list(compress(events, kept))
