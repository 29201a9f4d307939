"""Habits: all that behaviour says of a user apart from tastes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from habitus.profile.changes import changes
from habitus.profile.log import UserLog
from habitus.profile.loyalty import loyalty
from habitus.profile.novelty import novelty
from habitus.profile.ranges import ranges
from habitus.profile.rhythm import rhythm
from habitus.profile.routines import routines
from habitus.profile.typical import Typical
from habitus.types import Proposition


def habits(
    log: UserLog, typical: Typical, now: int, skip: Collection[str] = ()
) -> list[Proposition]:
    """Routines, rhythm, return, repetition, novelty, loyalty, ranges and changes of a user at `now`.

    Only events until `now` (µs UTC) count; in ordinal data, which has no times, all do. Attributes and
    numbers named in `skip` are never looked at. A user without events has no habits.
    """
    log = until(log, now)
    if not len(log):
        return []
    return [
        *routines(log, now, skip, typical.keeping),
        *rhythm(log, typical, now),
        *novelty(log, typical),
        *loyalty(log, typical, skip),
        *ranges(log, typical, skip),
        *changes(log, skip),
    ]


def until(log: UserLog, now: int) -> UserLog:
    """The log without what came after `now`; ordinal data has no "after"."""
    if log.ordinal or not len(log) or log.time[-1] <= now:
        return log
    return replace(log, events=log.events[: int(np.searchsorted(log.time, now, "right"))])
