"""Routines: what a user does on the same days of the week at the same hours of their own clock.

The strongest routine that `scan` finds is taken, its events are put aside, and the rest is scanned
again; so an item's routine is not told once more as its genre's.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from habitus.profile.log import UserLog
from habitus.profile.matters import Matters, matters
from habitus.profile.scan import LEAST, Peak, clearest, frequent
from habitus.profile.weekly import Window, hour, weekday, windows
from habitus.types import DAY, Interval, Kind, Origin, Proposition, Stance

USUAL = 0.5  # the share of occasions from which on something is "usual"
MOST = 8  # routines of a user
TRIES = 12
WEEKS = 4  # different weeks in which it was done
SLIP = 0.45  # an outer hour with less than this share of an inner hour's events is others' slips
GONE = 0.02  # a routine is over when so many misses in a row had this probability


@dataclass(frozen=True, slots=True)
class Routine:
    """`attribute` = `value` was done in `window` on `done` of `occasions` days.

    chance   probability of as clear a pattern by chance, corrected for all that was looked at
    events   places in the log [m], oldest first;  start, end: µs UTC, end None while it goes on
    """

    attribute: str
    value: str
    window: Window
    done: int
    occasions: int
    chance: float
    events: NDArray[np.int64]
    start: int
    end: int | None

    @property
    def share(self) -> float:
        return self.done / self.occasions

    @property
    def confidence(self) -> float:
        """That there is a pattern, times that more than half of the occasions keep to it (uniform
        prior)."""
        usual = 1 - betainc(self.done + 1, self.occasions - self.done + 1, USUAL)
        return float((1 - min(self.chance, 1.0)) * usual)


def routines(
    log: UserLog, now: int, skip: Collection[str] = (), keeping: float = 1.0
) -> list[Proposition]:
    """A proposition for each routine; none in ordinal data.

    `keeping` is the share of routines among users that were kept later on: what goes on is so sure.
    """
    return [_proposition(log, each, keeping) for each in found(log, now, skip)]


def found(log: UserLog, now: int, skip: Collection[str] = ()) -> list[Routine]:
    """The routines of a user, the clearest first, at most `MOST`."""
    if log.ordinal or len(log) < LEAST:
        return []
    doing = log.acts
    table = frequent(matters(log, LEAST, skip, doing), log)
    if not len(table):
        return []
    week = 24 * weekday(log.local) + hour(log.local)
    made: list[Routine] = []
    refused: set[tuple[tuple[str, str], int]] = set()
    looks, left = len(table), doing.copy()
    for _ in range(TRIES):
        best, near = clearest(table, looks, left, log.local, week, refused)
        if best is None or len(made) == MOST:
            break
        routine = _judged(log, table, best, left, now)
        refused.add((table.names[best.matter], best.window))
        table = table.only(near)
        if routine is not None:
            made.append(routine)
            left[routine.events] = False
    return made


def _judged(
    log: UserLog, table: Matters, peak: Peak, left: NDArray[np.bool_], now: int
) -> Routine | None:
    """The stretch of time in which the routine was kept; None where it never was usual."""
    window = windows()[peak.window]
    event = table.of(peak.matter)
    event = event[left[event]]
    there = np.isin(weekday(log.local[event]), sorted(window.days))
    hours = hour(log.local[event])
    event = event[there & (hours >= window.start) & (hours < window.stop)]
    day = log.local[event] // DAY
    last = now + int(log.local[-1] - log.time[-1])
    until = last // DAY + (1 if hour(np.array([last]))[0] >= window.stop else 0)
    days = np.arange(int(day[0]), max(until, int(day[-1]) + 1))
    days = days[np.isin((days + 3) % 7, sorted(window.days))]
    kept = np.isin(days, day)
    first, stop = _stretch(kept, min(max(peak.mean / len(days), 0.02), 0.6))
    done, occasions = int(kept[first:stop].sum()), stop - first
    inside = event[(day >= days[first]) & (day <= days[stop - 1])]
    weeks = len(np.unique((log.local[inside] // DAY + 3) // 7))
    if done < LEAST or weeks < WEEKS or done / occasions < USUAL:
        return None
    missed = len(days) - stop
    seldom = done / len(days[first:]) < USUAL
    over = missed >= 3 and (seldom or (1 - done / (occasions + 1)) ** missed < GONE)
    if not over:
        occasions += missed
    return Routine(
        *table.names[peak.matter],
        window=_trimmed(window, hour(log.local[inside])),
        done=done,
        occasions=occasions,
        chance=math.exp(-peak.gain),
        events=inside,
        start=int(log.time[inside[0]]),
        end=int(log.time[inside[-1]]) + 1 if over else None,
    )


def _trimmed(window: Window, hours: NDArray[np.int64]) -> Window:
    """Without outer hours that only hold what came a few minutes too early or too late."""
    count = np.bincount(hours, minlength=24)
    start, stop = window.start, window.stop
    while stop - start > 1:
        edge = start if count[start] < count[stop - 1] else stop - 1
        rest = count[start:stop].sum() - count[edge]
        if count[edge] >= SLIP * rest / (stop - start - 1):
            break
        start, stop = (start + 1, stop) if edge == start else (start, stop - 1)
    return Window(window.days, start, stop)


def _stretch(kept: NDArray[np.bool_], base: float) -> tuple[int, int]:
    """[first, stop) of the occasions [n] that best tell a routine kept at .8 from the base rate."""
    score = np.where(kept, math.log(0.8 / base), math.log(0.2 / (1 - base)))
    total = np.concatenate(([0.0], np.cumsum(score)))
    stop = int(np.argmax(total[1:] - np.minimum.accumulate(total)[:-1])) + 1
    return int(np.argmin(total[:stop])), stop


def _proposition(log: UserLog, routine: Routine, keeping: float) -> Proposition:
    when = routine.window.words()
    verb, took, did = ("Usually", "takes", "does")
    if routine.end is not None:
        until = datetime.fromtimestamp(routine.end / 1e6, UTC)
        verb, took, did = (f"Until {until:%B %Y} usually", "took", "did")
    what = {
        "event_type": f"{did} “{routine.value}”",
        "item": f"{took} the item {routine.value}",
    }.get(routine.attribute, f"{took} {routine.value}")
    return Proposition(
        proposition_id="",
        user_id=log.user_id,
        kind=Kind.ROUTINE,
        attribute=routine.attribute,
        value=routine.value,
        stance=Stance.FOR,
        confidence=routine.confidence * (keeping if routine.end is None else 1.0),
        events_for=log.ids(routine.events),
        sentence=f"{verb} {what} {when} ({routine.done} of {routine.occasions} days).",
        origin=Origin.OBSERVED,
        scope=when,
        valid=Interval(routine.start, routine.end),
        strength=routine.share,
    )
