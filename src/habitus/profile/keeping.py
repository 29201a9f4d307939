"""How often routines are kept later on, measured on users' own histories."""

from __future__ import annotations

import numpy as np

from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.profile.log import UserLog
from habitus.profile.routines import USUAL, Routine, found
from habitus.profile.scan import LEAST
from habitus.profile.weekly import hour, weekday
from habitus.types import DAY, Event

ASKED = 200  # users
FEWEST = 40  # events of a user
PAST = 0.75  # of a user's events: the routines in them are looked for in the rest
SLACK = 1  # hours by which an occasion may slip
HITS, TRIES = 2.0, 2.5  # what is believed before anything was seen: four of five are kept


def keeping(histories: Histories, catalogue: Catalogue) -> float:
    """The share of routines found in the first part of histories (hours in UTC) that were done on at
    least half of the later occasions; near .8 where too few were found to tell. Ordinal data: .8."""
    kept, told = HITS, TRIES
    if histories.ordinal:
        return kept / told
    long = np.flatnonzero(histories.lengths >= FEWEST)
    for user in long[:: max(len(long) // ASKED, 1)][:ASKED].tolist():
        log = _log(histories, catalogue, user)
        past = int(PAST * len(log))
        now, last = int(log.time[past - 1]), int(log.time[-1])
        for routine in found(_log(histories, catalogue, user, past), now):
            held = _held(log, routine, now, last) if routine.end is None else None
            if held is not None:
                kept, told = kept + held, told + 1
    return kept / told


def _held(log: UserLog, routine: Routine, now: int, last: int) -> bool | None:
    """Whether it was usual after `now`; None where there were too few occasions."""
    days = np.arange(now // DAY + 1, last // DAY)
    days = days[np.isin((days + 3) % 7, sorted(routine.window.days))]
    if len(days) < LEAST:
        return None
    at, window = hour(log.time), routine.window
    there = np.isin(weekday(log.time), sorted(window.days)) & np.isin(log.time // DAY, days)
    there &= (at >= window.start - SLACK) & (at < window.stop + SLACK)
    about = {
        int(log.time[place] // DAY)
        for place in np.flatnonzero(there).tolist()
        if _is_about(log, place, routine)
    }
    return len(about) >= USUAL * len(days)


def _is_about(log: UserLog, place: int, routine: Routine) -> bool:
    event = log.events[place]
    if routine.attribute == "event_type":
        return event.event_type == routine.value
    if routine.attribute == "item":
        return event.item_id == routine.value
    values = log.catalogue.values_of(int(log.item[place]))
    return routine.value in values.get(routine.attribute, ())


def _log(
    histories: Histories, catalogue: Catalogue, user: int, count: int | None = None
) -> UserLog:
    """The first `count` events of a user."""
    start, stop = int(histories.offsets[user]), int(histories.offsets[user + 1])
    stop = stop if count is None else start + count
    columns = (histories.item[start:stop], histories.type[start:stop], histories.time[start:stop])
    events = [
        Event("", histories.types[kind].name, time, catalogue.item_ids[row] or None)
        for row, kind, time in zip(*(each.tolist() for each in columns), strict=True)
    ]
    return UserLog("", events, catalogue, {each.name: each for each in histories.types})
