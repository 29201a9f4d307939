"""A generated life: a user's events and the truth about them; and what makes it hard to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from habitus.events.catalogue import Catalogue
from habitus.events.histories import PADDING_TYPE, Histories
from habitus.types import Event, EventType, Stance

ACTIVITIES = ("workout", "diary", "shopping list")
TYPES = (PADDING_TYPE, *(EventType(name) for name in ("play", *ACTIVITIES)))

Taste = tuple[str, str, Stance]


@dataclass(frozen=True, slots=True)
class Difficulty:
    """The ranges from which each user's numbers are drawn, uniformly unless said otherwise."""

    weeks: tuple[int, int] = (8, 26)
    background: tuple[float, float] = (5.0, 40.0)  # events a week
    odds: tuple[float, float] = (2.0, 4.0)  # of a liked value; its inverse for an avoided one
    lift: tuple[float, float] = (0.5, 1.0)  # of a liked value's ratings, in stars
    noise: float = 0.8  # standard deviation of a rating, in stars
    rated: float = 1 / 3  # share of plays with a rating
    kept: tuple[float, float] = (0.7, 0.95)  # share of a routine's occasions on which it is done
    routines: tuple[int, int] = (0, 3)  # a user, both ends included
    stopped: float = 0.2  # share of routines that end at 50–75 % of the life
    jitter: float = 15.0  # minutes, standard deviation, by which an occasion slips
    changes: float = 0.6  # share of users with a change of taste, at 25–75 % of the life
    change_odds: tuple[float, float] = (4.0, 8.0)


@dataclass(frozen=True, slots=True)
class Routine:
    """`attribute` = `value` (an attribute of items, "item" or "event_type") is done on `days`
    (0 = Monday) between the hours `start` and `stop` of the user's clock, until `end` (µs UTC)."""

    attribute: str
    value: str
    days: frozenset[int]
    start: int
    stop: int
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """From `time` (µs UTC) a value is taken more (FOR) or less (AGAINST) often than before."""

    attribute: str
    value: str
    stance: Stance
    time: int


@dataclass(frozen=True, slots=True)
class Life:
    """One user's events, oldest first, and what is true of them.

    tastes   those that hold at the end of the life
    unsure   (attribute, value) that are neither true nor false tastes: a taste that ended
    """

    user_id: str
    timezone: str | None
    events: tuple[Event, ...]
    tastes: frozenset[Taste]
    unsure: frozenset[tuple[str, str]]
    routines: tuple[Routine, ...]
    changes: tuple[Change, ...]
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Lives:
    """A population and its items."""

    catalogue: Catalogue
    people: tuple[Life, ...]
    types: Mapping[str, EventType] = field(
        default_factory=lambda: {each.name: each for each in TYPES[1:]}
    )

    def histories(self) -> Histories:
        """All events as columns (times in UTC)."""
        names = {each.name: code for code, each in enumerate(TYPES)}
        events = [event for life in self.people for event in life.events]
        offsets = np.cumsum([0, *(len(life.events) for life in self.people)])
        rows = self.catalogue.rows
        return Histories(
            user_ids=np.array([life.user_id for life in self.people], dtype=object),
            offsets=offsets.astype(np.int64),
            item=np.array([rows.get(each.item_id or "", 0) for each in events], np.int32),
            type=np.array([names[each.event_type] for each in events], np.int16),
            time=np.array([each.timestamp for each in events], np.int64),
            value=np.array(
                [np.nan if each.value is None else each.value for each in events], np.float32
            ),
            session=np.zeros(len(events), np.int64),
            types=TYPES,
        )
