import numpy as np
import pytest

from habitus.profile.weekly import HOUR, Window, expected, hour, sums, weekday, windows
from habitus.types import DAY

WEEKDAYS = frozenset(range(5))


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Window(WEEKDAYS, 7, 9), "on weekday mornings, 7–9 h"),
        (Window(frozenset((4,)), 20, 22), "on Fridays, 20–22 h"),
        (Window(frozenset((5, 6)), 13, 15), "on weekend afternoons, 13–15 h"),
        (Window(frozenset(range(7)), 22, 24), "every day, 22–24 h"),
        (Window(WEEKDAYS, 23, 24), "on weekday nights, 23–24 h"),
    ],
)
def test_words(window: Window, words: str) -> None:
    assert window.words() == words


def test_weekday_and_hour() -> None:
    friday_evening = np.array([20_094 * DAY + 4 * DAY + 20 * HOUR + 59])  # 2025-01-10
    assert weekday(friday_evening).tolist() == [4]
    assert hour(friday_evening).tolist() == [20]
    assert weekday(np.array([0, -1])).tolist() == [3, 2]  # 1970-01-01 was a Thursday


def test_sums_are_those_of_every_window() -> None:
    week = np.random.default_rng(0).integers(0, 9, (2, 168)).astype(np.float32)
    found = sums(week)
    assert found.shape == (2, len(windows()))
    grid = week.reshape(2, 7, 24)
    for place in range(0, len(windows()), 37):
        window = windows()[place]
        wanted = grid[:, sorted(window.days), window.start : window.stop].sum((1, 2))
        np.testing.assert_allclose(found[:, place], wanted)


def test_expectation_loses_nothing_by_day_and_stays_near() -> None:
    week = np.zeros((1, 168), np.float32)
    week[0, 24 * 2 + 12] = 10.0
    spread = expected(week).reshape(7, 24)
    assert spread.sum() == pytest.approx(10.0, rel=1e-5)
    assert spread.argmax() == 24 * 2 + 12
    assert spread[2, 12] > 5 * spread[2, 16]
    assert (spread[:, :6] == 0).all()
