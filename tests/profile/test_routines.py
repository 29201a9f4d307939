from dataclasses import replace

import numpy as np
import pytest

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.profile.log import UserLog
from habitus.profile.routines import found, routines
from habitus.profile.weekly import HOUR, hour, weekday
from habitus.testing.lives import MONDAY, lives
from habitus.types import DAY, Event, EventType, Kind, Stance

GENRES = ("news", "jazz", "drama", "crime")
CATALOGUE = replace(
    Catalogue.of_ids([f"i{row}" for row in range(1, 41)]),
    attributes={"genre": attribute_column([[], *([GENRES[row % 4]] for row in range(40))])},
)
TYPES = {"play": EventType("play")}
BY_GENRE = {name: [row + 1 for row in range(40) if row % 4 == n] for n, name in enumerate(GENRES)}


def log_of(moments: list[tuple[int, int]], zone: str | None = None) -> UserLog:
    """A log of (time, item row), UTC."""
    events = [
        Event("u", "play", time, f"i{row}", timezone=zone, event_id=f"e{place}")
        for place, (time, row) in enumerate(sorted(moments))
    ]
    return UserLog("u", events, CATALOGUE, TYPES)


def background(rng: np.random.Generator, weeks: int, a_week: int = 12) -> list[tuple[int, int]]:
    """Any item at any hour from 9 to 23."""
    count = weeks * a_week
    day, at = rng.integers(7 * weeks, size=count), rng.uniform(9, 23, count)
    times = MONDAY + day * DAY + (at * HOUR).astype(np.int64)
    return list(zip(times.tolist(), rng.integers(1, 41, count).tolist(), strict=True))


def weekly(
    rng: np.random.Generator, weeks: int, days: tuple[int, ...], start: int, genre: str
) -> list[tuple[int, int]]:
    """Nine of ten occasions, any minute of two hours."""
    made = []
    for day in (each for each in range(7 * weeks) if each % 7 in days and rng.random() < 0.9):
        time = MONDAY + day * DAY + int(rng.uniform(start, start + 2) * HOUR)
        made.append((time, int(rng.choice(BY_GENRE[genre]))))
    return made


def test_news_on_weekday_mornings() -> None:
    rng = np.random.default_rng(0)
    log = log_of(background(rng, 12) + weekly(rng, 12, (0, 1, 2, 3, 4), 7, "news"))
    now = MONDAY + 84 * DAY
    (only,) = routines(log, now)
    assert (only.kind, only.attribute, only.value) == (Kind.ROUTINE, "genre", "news")
    assert only.scope == "on weekday mornings, 7–9 h"
    assert only.stance is Stance.FOR
    assert only.confidence > 0.95
    assert 0.8 < only.strength < 1
    assert only.valid.end is None
    assert only.sentence.startswith("Usually takes news on weekday mornings, 7–9 h (5")
    places = [int(each[1:]) for each in only.events_for]
    assert (weekday(log.local[places]) < 5).all()
    assert np.isin(hour(log.local[places]), (7, 8)).all()


def test_the_clock_is_the_users_own() -> None:
    rng = np.random.default_rng(0)
    moments = background(rng, 12) + weekly(rng, 12, (4,), 20, "jazz")
    shifted = [(time - 9 * HOUR, row) for time, row in moments]
    (only,) = routines(log_of(shifted, "Asia/Tokyo"), MONDAY + 84 * DAY)
    assert only.scope == "on Fridays, 20–22 h"


def test_a_routine_that_stopped_has_an_end() -> None:
    rng = np.random.default_rng(1)
    log = log_of(background(rng, 20) + weekly(rng, 10, (0, 1, 2, 3, 4), 7, "news"))
    (only,) = routines(log, MONDAY + 140 * DAY)
    assert only.valid.end is not None
    assert abs(only.valid.end - (MONDAY + 70 * DAY)) < 8 * DAY
    assert only.sentence.startswith("Until March 2025 usually took news on weekday mornings, 7–9 h")


def test_who_is_always_active_at_one_hour_has_no_routine_for_each_genre_then() -> None:
    rng = np.random.default_rng(2)
    made = []
    for day in range(16 * 7):
        for _ in range(int(rng.integers(1, 5))):
            time = MONDAY + day * DAY + int(rng.uniform(20, 21) * HOUR)
            made.append((time, int(rng.integers(1, 41))))
    assert routines(log_of(made), MONDAY + 112 * DAY) == []


def test_a_routine_of_an_item_is_not_told_again_as_its_genres() -> None:
    rng = np.random.default_rng(3)
    daily = [
        (MONDAY + day * DAY + int(rng.uniform(8, 9) * HOUR), 5)
        for day in range(70)
        if rng.random() < 0.9
    ]
    found_here = found(log_of(background(rng, 10) + daily), MONDAY + 70 * DAY)
    assert [(each.attribute, each.value) for each in found_here] == [("item", "i5")]


@pytest.mark.parametrize("seed", range(5))
def test_no_routine_without_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert routines(log_of(background(rng, 20, 25)), MONDAY + 140 * DAY) == []


def test_thin_evidence_and_ordinal_data_give_nothing() -> None:
    rng = np.random.default_rng(0)
    log = log_of(background(rng, 12) + weekly(rng, 12, (0, 1, 2, 3, 4), 7, "news"))
    assert routines(replace(log, ordinal=True), MONDAY + 84 * DAY) == []
    assert routines(log_of(weekly(rng, 3, (4,), 20, "jazz")), MONDAY + 21 * DAY) == []
    assert routines(log_of([]), 0) == []


def test_what_is_skipped_is_not_told() -> None:
    rng = np.random.default_rng(0)
    log = log_of(background(rng, 12) + weekly(rng, 12, (0, 1, 2, 3, 4), 7, "news"))
    assert routines(log, MONDAY + 84 * DAY, skip={"genre"}) == []


def test_generated_lives() -> None:
    world = lives(40, seed=11)
    right = told = true = 0
    for life in world.people:
        log = UserLog(life.user_id, life.events, world.catalogue, world.types)
        here = found(log, life.end)
        truth = {(each.attribute, each.value): each for each in life.routines}
        told, true = told + len(here), true + len(truth)
        for each in here:
            match = truth.get((each.attribute, each.value))
            if match is not None and match.days == each.window.days:
                apart = abs(match.start - each.window.start), abs(match.stop - each.window.stop)
                right += max(apart) <= 1
    assert 2 * right / (told + true) > 0.85
