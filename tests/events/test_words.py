"""Shares, days, durations and spreads as text."""

import pytest

from habitus.events.words import day, duration, percent, spread
from habitus.types import DAY


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.5, "59.5 s"),
        (60, "1 min"),
        (5400, "1.5 h"),
        (86_400, "1 d"),
        (86_400 * 1039.2, "1,039 d"),
    ],
)
def test_durations_in_the_largest_unit(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_shares_and_days() -> None:
    assert percent(0.12345) == "12.3 %"
    assert percent(None) == "n/a"
    assert day(0) == "1970-01-01"
    assert day(-1) == "1969-12-31"
    assert day(20_089 * DAY) == "2025-01-01"


def test_spread() -> None:
    assert spread((0, 1, 2, 3, 4, 5), lambda value: f"{value:g}") == (
        "median 2, middle half 1 to 3, all 0 to 5"
    )
    assert spread(None, str) == "n/a"
