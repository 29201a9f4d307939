"""Routines: what a user does on the same days of the week at the same hours of their own clock.

A scan over windows of the week (a weekday, weekdays, the weekend or every day × up to four hours), as
spatial statistics look for clusters (Kulldorff, A spatial scan statistic, 1997). A matter (event type,
value of an attribute, item) must be more frequent in a window than each of two nulls says:

- *timing*: a Poisson rate that follows the hours of the user's other activity, smoothed. It finds the
  window, and answers for looking at all matters and windows.
- *choice*: of the hours in which the user was active in that very window, no more have the matter than
  elsewhere. Whoever is always active at 20 h has by this no routine for each genre at 20 h.

The strongest routine is taken, its events are put aside, and the rest is scanned again; so an item's
routine is not told once more as its genre's.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from habitus.profile.log import UserLog
from habitus.profile.matters import Matters, acts, matters
from habitus.profile.weekly import Window, expected, hour, sums, weekday, windows
from habitus.types import DAY, Interval, Kind, Origin, Proposition, Stance

LEAST = 4  # occasions on which it was done
USUAL = 0.5  # the share of occasions from which on something is "usual"
CHANCE = 0.02  # a user with no routine gets one with about this probability
INDEPENDENT = 300  # windows that count as separate looks: neighbours overlap
BUSIEST = 8  # events in an hour beyond which one more makes no difference
MOST = 8  # routines of a user
TRIES = 12
WEEKS = 4  # different weeks in which it was done
SLIP = 0.45  # an outer hour with less than this share of an inner hour's events is others' slips
DOMINANT = 0.7  # what more than this share of all events is about is no news at any hour
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


def routines(log: UserLog, now: int, skip: Collection[str] = ()) -> list[Proposition]:
    """A proposition for each routine; none in ordinal data."""
    return [_proposition(log, each) for each in found(log, now, skip)]


def found(log: UserLog, now: int, skip: Collection[str] = ()) -> list[Routine]:
    """The routines of a user, the clearest first, at most `MOST`."""
    if log.ordinal or len(log) < LEAST:
        return []
    doing = acts(log)
    table = _frequent(matters(log, LEAST, skip, doing), log)
    if not len(table):
        return []
    week = 24 * weekday(log.local) + hour(log.local)
    made: list[Routine] = []
    refused: set[tuple[int, int]] = set()
    left, near = doing.copy(), np.ones(len(table), bool)
    for _ in range(TRIES):
        best, near = _clearest(table, left, log.local, week, near, refused)
        if best is None or len(made) == MOST:
            break
        routine = _judged(log, table, best, left, now)
        refused.add((best.matter, best.window))
        if routine is not None:
            made.append(routine)
            left[routine.events] = False
    return made


@dataclass(frozen=True, slots=True)
class _Peak:
    """The clearest window: the smaller log likelihood ratio less the logarithm of all looks, and how
    many active hours with the matter are expected there."""

    matter: int
    window: int
    gain: float
    mean: float


def _frequent(table: Matters, log: UserLog) -> Matters:
    """Only matters of `LEAST` different days, that not nearly every event is about."""
    day = log.local[table.event] // DAY
    day -= day.min()
    length = int(day.max()) + 1
    days = np.bincount(np.unique(table.matter * length + day) // length, minlength=len(table))
    often = np.bincount(table.matter, minlength=len(table))
    keep = (days >= LEAST) & (often < DOMINANT * len(log))
    place = np.cumsum(keep) - 1
    used = keep[table.matter]
    names = tuple(name for name, kept in zip(table.names, keep, strict=True) if kept)
    return Matters(names, table.event[used], place[table.matter[used]])


def _clearest(
    table: Matters,
    left: NDArray[np.bool_],
    local: NDArray[np.int64],
    week: NDArray[np.int64],
    near: NDArray[np.bool_],
    refused: set[tuple[int, int]],
) -> tuple[_Peak | None, NDArray[np.bool_]]:
    """The matter and window with the highest likelihood ratio among those that pass both tests.

    Only matters in `near` [W] are looked at; with the peak comes which of them are near to passing.
    """
    done, active, usual = _counts(table, left, local, week)
    count, n = sums(done[near]), sums(active[None])[0]
    rows, zones = np.nonzero(count >= LEAST)
    c, n = count[rows, zones], n[zones]
    often = done.sum(1)[near][rows]
    # The share of active hours with the matter outside the window.
    out = (often - c + 0.5) / (active.sum() - n + 1.0)
    choice = sums(usual[near])[rows, zones] * np.minimum(
        out * active.sum() / np.maximum(often, 1), 1
    )
    other = sums(expected((active - done[near]).astype(np.float32)))[rows, zones]
    timing = other * out / np.maximum(1 - out, 0.01)
    by_timing = np.where(c > timing, c * np.log(c / np.maximum(timing, 1e-9)) - (c - timing), 0)
    by_choice = np.where(c > choice, _binomial_gain(c, n, choice), 0)
    by_timing -= math.log(INDEPENDENT)
    needed = math.log(len(table) / CHANCE)
    lower = np.minimum(by_timing, by_choice)
    matter = np.flatnonzero(near)[rows]
    still = np.zeros(len(near), bool)
    still[matter[lower > needed / 2]] = True
    good = lower > needed
    for each, zone in refused:
        good &= (matter != each) | (zones != zone)
    if not good.any():
        return None, still
    best = int(np.argmax(np.where(good, by_timing, -np.inf)))
    gain = float(lower[best]) - math.log(len(table))
    return _Peak(int(matter[best]), int(zones[best]), gain, float(choice[best])), still


def _counts(
    table: Matters, left: NDArray[np.bool_], local: NDArray[np.int64], week: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """By hour of the week: different hours with each matter [W, 168], hours with any event [168], and
    hours with each matter as expected if what is done did not depend on the time [W, 168]."""
    used = left[table.event]
    event, matter = table.event[used], table.matter[used]
    cells, cell, size = np.unique(
        local[left] // (DAY // 24), return_inverse=True, return_counts=True
    )
    of_event = np.full(len(local), -1)
    of_event[left] = cell
    at = np.zeros(len(cells), np.int64)
    at[cell] = week[left]
    pair = np.sort(matter * len(cells) + of_event[event])
    pair = pair[np.diff(pair, prepend=-1) > 0]
    place = pair // len(cells) * 168 + at[pair % len(cells)]
    done = np.bincount(place, minlength=len(table) * 168).reshape(-1, 168)
    crowd = np.bincount(
        at * BUSIEST + np.minimum(size, BUSIEST) - 1, minlength=168 * BUSIEST
    ).reshape(168, BUSIEST)
    share = np.bincount(matter, minlength=len(table)) / max(int(left.sum()), 1)
    miss = (1 - np.minimum(share, 0.99))[:, None] ** np.arange(1, BUSIEST + 1)
    usual = (1 - miss) @ crowd.T
    return done.astype(np.float32), crowd.sum(1).astype(np.float32), usual.astype(np.float32)


def _binomial_gain(
    c: NDArray[np.float32], n: NDArray[np.float32], mean: NDArray[np.float32]
) -> NDArray[np.float32]:
    """log likelihood ratio of c of n against an expected `mean` of n."""
    mean = np.clip(mean, 1e-9, n - 1e-9)
    rest = n - c
    gain: NDArray[np.float32] = c * np.log(c / mean) + rest * np.log(
        np.maximum(rest, 1e-12) / (n - mean)
    )
    return gain


def _judged(
    log: UserLog, table: Matters, peak: _Peak, left: NDArray[np.bool_], now: int
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
    over = missed >= 3 and (1 - done / (occasions + 1)) ** missed < GONE
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


def _proposition(log: UserLog, routine: Routine) -> Proposition:
    when = routine.window.words()
    what = {
        "event_type": f"does “{routine.value}”",
        "item": f"takes the item {routine.value}",
    }.get(routine.attribute, f"takes {routine.value}")
    verb = "Used to: " if routine.end is not None else "Usually "
    return Proposition(
        proposition_id="",
        user_id=log.user_id,
        kind=Kind.ROUTINE,
        attribute=routine.attribute,
        value=routine.value,
        stance=Stance.FOR,
        confidence=routine.confidence,
        events_for=log.ids(routine.events),
        sentence=f"{verb}{what} {when} ({routine.done} of {routine.occasions} days).",
        origin=Origin.OBSERVED,
        scope=when,
        valid=Interval(routine.start, routine.end),
        strength=routine.share,
    )
