"""When a user is expected back: an interval, and how often such intervals were right."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from habitus.events.histories import Histories
from habitus.profile.gaps import Gaps, fit_gaps, opens
from habitus.types import DAY, MINUTE

NOMINAL = 0.8  # coverage of the interval
TAILS = (
    0.1,
    0.08,
    0.06,
    0.04,
    0.02,
)  # at each end, the first that covers `NOMINAL` in the fit is used
FEWEST = 2  # gaps of a user
OWN, OTHERS = (
    1.0,
    8.0,
)  # weight of each of the user's own gaps, and of the population's residuals in all
LATEST = 100  # of the user's gaps that are looked at
BLUR = np.exp(0.2 * np.array([-1.4, -0.7, -0.25, 0.25, 0.7, 1.4]))  # no gap is ever quite the same
FINER = 6  # steps between two of the population's residuals
ASKED = 600  # users of whom coverage is measured
GOLDEN = 0.618033988749895  # its multiples spread the moments of asking evenly over lives
NEVER = 0.5  # probability of coming back below which no interval is told


@dataclass(frozen=True, eq=False)
class Return:
    """The time until the next session: equally ordered `length` [n] days (inf = never) with the
    middle of each one's stretch of probability, and the probability of coming back at all."""

    length: NDArray[np.float64]
    middle: NDArray[np.float64]
    back: float

    def after(self, share: float) -> float:
        """Days by which they are back with this probability; inf where that is not so likely."""
        if not len(self.length):
            return math.inf
        place = int(np.searchsorted(self.middle, share))
        if place == 0:
            return float(self.length[0] * share / self.middle[0])
        if place == len(self.length):
            return float(self.length[-1])
        low, high = self.length[place - 1], self.length[place]
        if math.isinf(high):
            return math.inf
        part = (share - self.middle[place - 1]) / (self.middle[place] - self.middle[place - 1])
        return float(low + part * (high - low))


def expected_return(own: NDArray[np.float64], elapsed: float, typical: Gaps) -> Return:
    """The next session of a user with these gaps (days), `elapsed` days after their last event.

    A Dirichlet process (Ferguson 1973): the user's own gaps, and as base the population's residuals
    around the user's own level, conditional on the gap being longer than `elapsed`.
    """
    own = own[-LATEST:]
    base = _finer(typical.next(np.log(own)))
    length = np.concatenate((np.outer(own, BLUR).ravel(), base))
    weight = np.concatenate(
        (np.full(len(own) * len(BLUR), OWN / len(BLUR)), np.full(len(base), OTHERS / len(base)))
    )
    still = length > elapsed
    if not still.any():
        return Return(np.zeros(0), np.zeros(0), 0.0)
    length, weight = length[still] - elapsed, weight[still]
    order = np.argsort(length)
    length, weight = length[order], weight[order] / weight.sum()
    back = float(weight[np.isfinite(length)].sum())
    return Return(length, np.cumsum(weight) - weight / 2, back)


def fit_returns(histories: Histories) -> Gaps:
    """The gaps among users, with the tail that makes intervals cover what they say.

    Coverage is measured on up to `ASKED` users, each asked at one moment between their third session and
    the end of the data. Moments at which no return is expected, and intervals that the end of the data
    leaves open, do not count.
    """
    gaps = fit_gaps(histories)
    if histories.ordinal or not histories.events:
        return gaps
    asked = [each for each in _asked(histories) if each is not None]
    found = [(expected_return(own, gone, gaps), wait, left) for own, gone, wait, left in asked]
    found = [each for each in found if each[0].back >= NEVER]
    for tail in TAILS:
        inside = [_inside(each, wait, left, tail) for each, wait, left in found]
        known = [each for each in inside if each is not None]
        # Two misses and two hits that nobody saw: few users say little.
        covered = (sum(known) + 2.0) / (len(known) + 4.0)
        gaps = replace(gaps, tail=tail, covered=covered)
        if covered >= NOMINAL:
            break
    return gaps


def _inside(found: Return, wait: float, left: float, tail: float) -> bool | None:
    """Whether a wait (inf = none seen in the `left` days of data) lay in the interval; None = open."""
    low, high = found.after(tail), found.after(1 - tail)
    if math.isinf(wait):
        return None if high > left else False
    return low <= wait <= high


def _asked(
    histories: Histories,
) -> list[tuple[NDArray[np.float64], float, float, float] | None]:
    """(own gaps, days since the last event, days until the next, days until the data ends) each."""
    long = np.flatnonzero(histories.lengths > FEWEST + 1)
    chosen = long[:: max(len(long) // ASKED, 1)][:ASKED]
    stop = int(histories.time.max())
    return [
        _ask(histories, user, (place + 1) * GOLDEN % 1, stop)
        for place, user in enumerate(chosen.tolist())
    ]


def _ask(
    histories: Histories, user: int, share: float, stop: int
) -> tuple[NDArray[np.float64], float, float, float] | None:
    here = slice(histories.offsets[user], histories.offsets[user + 1])
    time = histories.time[here]
    first = np.flatnonzero(opens(np.zeros(len(time), np.int64), time, histories.session[here]))
    if len(first) <= FEWEST:
        return None
    begin = int(time[first[FEWEST]])
    now = begin + int(share * (stop - begin))
    past = int(np.searchsorted(time, now, "right"))
    seen = first[first < past]
    own = np.maximum(time[seen[1:]] - time[seen[1:] - 1], MINUTE) / DAY
    later = first[first >= past]
    wait = (int(time[later[0]]) - now) / DAY if len(later) else math.inf
    return own, (now - int(time[past - 1])) / DAY, wait, (stop - now) / DAY


def _finer(base: NDArray[np.float64]) -> NDArray[np.float64]:
    """`FINER` values for each one, evenly between it and the next (inf stays inf)."""
    following = np.append(base[1:], base[-1])
    whole = np.isfinite(following)
    apart = np.where(whole, following, 0) - np.where(whole, base, 0)
    made: NDArray[np.float64] = base + np.arange(FINER)[:, None] / FINER * apart
    return made.ravel()
