"""The rhythm of a user's sessions, and when they are expected back."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from habitus.profile.gaps import Gaps, opens
from habitus.profile.log import UserLog
from habitus.profile.returns import FEWEST, NEVER, NOMINAL, Return, expected_return
from habitus.profile.typical import Typical
from habitus.types import DAY, MINUTE, Interval, Kind, Origin, Proposition, Stance

LEAST = 4  # gaps for a rhythm
EVIDENCE = 20  # sessions named as evidence


def sessions(log: UserLog) -> NDArray[np.int64]:
    """The place of each session's first event, [S]."""
    names: dict[str, int] = {}
    session = np.array(
        [
            names.setdefault(each, len(names) + 1) if each else 0
            for each in log.column("session_id")
        ],
        np.int64,
    )
    return np.flatnonzero(opens(np.zeros(len(log), np.int64), log.time, session))


def gaps(log: UserLog, first: NDArray[np.int64]) -> NDArray[np.float64]:
    """Days from the end of each session to the next one's start, [S − 1], at least a minute."""
    length: NDArray[np.float64] = (log.time[first[1:]] - log.time[first[1:] - 1]) / DAY
    return np.maximum(length, MINUTE / DAY)


def rhythm(log: UserLog, typical: Typical, now: int) -> list[Proposition]:
    """The usual gap, and the return, where there are sessions enough; none in ordinal data."""
    if log.ordinal or not len(log):
        return []
    first = sessions(log)
    own = gaps(log, first)
    made = []
    if len(own) >= LEAST:
        made.append(_rhythm(log, first, own))
    if len(own) >= FEWEST:
        elapsed = max(now - int(log.time[-1]), 0) / DAY
        found = expected_return(own, elapsed, typical.gaps)
        made.append(_return(log, first, found, typical.gaps, now))
    return made


def span(days: float) -> str:
    """A length of time in words: "45 minutes", "3 hours", "2.5 days"."""
    if days < 1 / 24:
        return f"{round(days * 1440)} minutes"
    if days < 2:
        return f"{_short(days * 24)} hours"
    return f"{_short(days)} days"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0") if number < 10 else f"{number:.0f}"


def _rhythm(log: UserLog, first: NDArray[np.int64], own: NDArray[np.float64]) -> Proposition:
    low, middle, high = np.quantile(own, (0.25, 0.5, 0.75))
    inside = (own >= low) & (own <= high)
    return Proposition(
        proposition_id="",
        user_id=log.user_id,
        kind=Kind.RHYTHM,
        attribute="gap between sessions",
        value="",
        stance=Stance.FOR,
        confidence=_half_holds(len(own)),
        events_for=log.ids(first[1:][inside][-EVIDENCE:]),
        events_against=log.ids(first[1:][~inside][-EVIDENCE:]),
        sentence=(
            f"Usually comes back after {span(middle)} (half of {len(own)} gaps between "
            f"{span(low)} and {span(high)})."
        ),
        origin=Origin.OBSERVED,
        valid=Interval(start=int(log.time[0])),
        strength=float(middle),
    )


def _half_holds(n: int) -> float:
    """Probability that between a third and two thirds of later gaps lie between the quartiles of n
    gaps: their true coverage is Beta((n + 1) / 2, (n + 1) / 2)."""
    half = (n + 1) / 2
    return float(betainc(half, half, 2 / 3) - betainc(half, half, 1 / 3))


def _return(
    log: UserLog, first: NDArray[np.int64], found: Return, typical: Gaps, now: int
) -> Proposition:
    gone = found.back < NEVER
    low, middle, high = (found.after(each) for each in (typical.tail, 0.5, 1 - typical.tail))
    until = None if math.isinf(high) or gone else now + round(high * DAY)
    return Proposition(
        proposition_id="",
        user_id=log.user_id,
        kind=Kind.RETURN,
        attribute="next session",
        value="",
        stance=Stance.AGAINST if gone else Stance.FOR,
        confidence=1 - found.back if gone else min(NOMINAL, typical.covered),
        events_for=log.ids(first[-EVIDENCE:]),
        sentence=_when(now, low, middle, high, found.back),
        origin=Origin.OBSERVED,
        valid=Interval(now, until),
        strength=middle if math.isfinite(middle) else math.nan,
    )


def _when(now: int, low: float, middle: float, high: float, back: float) -> str:
    if back < NEVER:
        sure = f"{1 - back:.0%}" if back >= 0.01 else "more than 99%"
        return f"Is not expected back (with {sure} probability).".replace("%", " %")
    after = _date(now + round(low * DAY)) if math.isfinite(low) else ""
    if math.isinf(high):
        return f"Is expected back after {after} UTC, if at all ({back:.0%}).".replace("%", " %")
    return (
        f"Is expected back between {after} and {_date(now + round(high * DAY))} UTC (80 % interval; "
        f"the median is in {span(middle)})."
    )


def _date(moment: int) -> str:
    when = datetime.fromtimestamp(moment / 1e6, UTC)
    return f"{when.day} {when:%B %Y, %H:%M}"
