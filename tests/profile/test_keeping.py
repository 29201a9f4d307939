import numpy as np
import pytest

from habitus.events.histories import Histories
from habitus.profile.keeping import keeping
from habitus.testing.draws import histories_of, plain_catalogue
from habitus.testing.lives import MONDAY, lives
from habitus.types import DAY, SECOND

CATALOGUE = plain_catalogue(60)


def daily(weeks_kept: int) -> Histories:
    """60 users, 20 weeks: any item in the afternoon; item 1 each morning at 8 for some weeks."""
    rng = np.random.default_rng(0)
    users, days = 60, 140
    noise = rng.integers(2, 61, (users, days)), rng.uniform(13, 20, (users, days))
    day = np.arange(days)
    morning = day < 7 * weeks_kept
    rows = np.concatenate((np.where(morning, 1, noise[0]), noise[0]), axis=1)
    hours = np.concatenate((np.where(morning, 8.5, noise[1]), noise[1]), axis=1)
    times = MONDAY + np.tile(day, 2) * DAY + (hours * 3600).astype(np.int64) * SECOND
    order = np.argsort(times, axis=1)
    return histories_of(np.take_along_axis(rows, order, 1), np.take_along_axis(times, order, 1))


def test_routines_that_go_on() -> None:
    assert keeping(daily(20), CATALOGUE) > 0.95


def test_routines_that_all_stop_before_the_rest() -> None:
    # The first three quarters end in week 15; what stopped in week 14 does not seem over by then.
    assert keeping(daily(15), CATALOGUE) < 0.1


def test_nothing_seen_is_what_is_believed() -> None:
    assert keeping(daily(0), CATALOGUE) == pytest.approx(0.8)
    assert keeping(daily(20).without_time(), CATALOGUE) == pytest.approx(0.8)


def test_in_generated_lives_most_are_kept() -> None:
    world = lives(60, seed=4)
    assert 0.6 < keeping(world.histories(), world.catalogue) < 1
