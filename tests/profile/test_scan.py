import numpy as np
import pytest

from habitus.events.catalogue import Catalogue
from habitus.profile.log import UserLog
from habitus.profile.matters import Matters
from habitus.profile.scan import _binomial_gain as binomial_gain
from habitus.profile.scan import clearest, frequent
from habitus.profile.weekly import HOUR, Window, hour, weekday, windows
from habitus.types import DAY, Event

MONDAY = 20_094 * DAY


def test_the_gain_of_a_share_over_what_is_expected() -> None:
    def gain(c: float, n: float, mean: float) -> float:
        return float(binomial_gain(*(np.array([x], np.float32) for x in (c, n, mean)))[0])

    # 3 of 4 where 1 is expected: 3 log(3 / 1) + 1 log(1 / 3).
    assert gain(3, 4, 1) == pytest.approx(2 * np.log(3), rel=1e-5)
    assert gain(2, 4, 2) == pytest.approx(0, abs=1e-6)
    assert gain(4, 4, 1) == pytest.approx(4 * np.log(4), rel=1e-5)


def test_the_clearest_window_is_where_the_matter_is() -> None:
    """Matter 0 on each of 12 Tuesdays at 18 h; matter 1 at noon of every day, in one of three events."""
    tuesdays = MONDAY + np.arange(12) * 7 * DAY + DAY + 18 * HOUR
    noons = MONDAY + np.arange(84) * DAY + 12 * HOUR
    local = np.sort(np.concatenate((tuesdays, noons)))
    is_first = np.isin(local, tuesdays)
    others = np.flatnonzero(~is_first)[::3]
    table = Matters(
        (("genre", "jazz"), ("genre", "news")),
        np.concatenate((np.flatnonzero(is_first), others)),
        np.repeat([0, 1], [12, len(others)]),
    )
    week = 24 * weekday(local) + hour(local)
    every = np.ones(len(local), bool)
    best, near = clearest(table, 2, every, local, week, set())
    assert best is not None
    assert best.matter == 0
    assert windows()[best.window] == Window(frozenset((1,)), 18, 19)
    assert near[0]
    refused = {(name, place) for name in table.names for place in range(len(windows()))}
    assert clearest(table, 2, every, local, week, refused)[0] is None
    nothing = np.zeros(len(local), bool)
    assert clearest(table, 2, nothing, local, week, set())[0] is None


def test_only_what_is_done_on_several_days_but_not_always_is_looked_at() -> None:
    times = [MONDAY + n * DAY for n in range(10)]
    events = [Event("u", "play", time, event_id=f"e{n}") for n, time in enumerate(times)]
    events += [Event("u", "play", MONDAY + n + 1, event_id=f"f{n}") for n in range(4)]
    events.sort(key=lambda event: event.timestamp or 0)
    log = UserLog("u", events, Catalogue.of_ids([]), {})
    days = np.flatnonzero(log.time % DAY == 0)[:4]
    same_day = np.flatnonzero(log.time < MONDAY + DAY)
    table = Matters(
        (("a", "days"), ("a", "one day"), ("a", "always")),
        np.concatenate((days[[0, 1, 2, 3]], same_day[:4], np.arange(14))),
        np.repeat([0, 1, 2], [4, 4, 14]),
    )
    assert frequent(table, log).names == (("a", "days"),)
