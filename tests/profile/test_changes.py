import math
import re
from dataclasses import replace

import numpy as np
import pytest

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.profile.changes import CHANCE, chance_of, changes, found
from habitus.profile.log import UserLog
from habitus.testing.lives import MONDAY, lives
from habitus.types import DAY, Event, EventType, Kind, Stance

VALUES = ("drama", "comedy", "crime", "news")
CATALOGUE = replace(
    Catalogue.of_ids([f"i{row}" for row in range(1, 5)]),
    attributes={"genre": attribute_column([[], *([each] for each in VALUES)])},
)
TYPES = {"play": EventType("play")}


def log_of(rows: list[int], ordinal: bool = False) -> UserLog:
    """One event a day."""
    events = [
        Event("u", "play", MONDAY + place * DAY, f"i{row}", event_id=f"e{place}")
        for place, row in enumerate(rows)
    ]
    return UserLog("u", events, CATALOGUE, TYPES, ordinal=ordinal)


def drawn(shares: tuple[float, ...], count: int, rng: np.random.Generator) -> list[int]:
    return [int(each) + 1 for each in rng.choice(4, count, p=shares)]


def test_critical_values_are_the_published_ones() -> None:
    # Andrews (2003, corrigendum), one parameter, 5 %: 9.84 for trimming .05, 9.11 at .10, 8.68 at .15.
    for trim, value in ((0.05, 9.84), (0.10, 9.11), (0.15, 8.68)):
        assert chance_of(value, trim) == pytest.approx(0.05, abs=0.006)
    assert chance_of(3.0) == 1.0
    assert chance_of(60.0) < 1e-10


def test_a_rise_is_found_with_its_moment_and_both_shares() -> None:
    rng = np.random.default_rng(0)
    rows = drawn((0.1, 0.3, 0.3, 0.3), 120, rng) + drawn((0.55, 0.15, 0.15, 0.15), 80, rng)
    (only,) = changes(log_of(rows))  # the others fell together: that is no change of theirs
    assert (only.kind, only.value, only.stance) == (Kind.CHANGE, "drama", Stance.FOR)
    assert only.valid.start is not None
    assert abs(only.valid.start - (MONDAY + 120 * DAY)) <= 20 * DAY  # a tenth of the history
    before, after = np.mean(np.array(rows[:120]) == 1), np.mean(np.array(rows[120:]) == 1)
    assert only.strength == pytest.approx(after - before, abs=0.06)
    told = r"Since (April|May) 2025 takes drama more often than before \(4\d % against 1?\d %\)\."
    assert re.fullmatch(told, only.sentence)
    assert only.confidence > 0.99
    assert all(rows[int(each[1:])] == 1 for each in only.events_for + only.events_against)


def test_a_fall_is_against() -> None:
    rng = np.random.default_rng(1)
    rows = drawn((0.5, 0.2, 0.2, 0.1), 100, rng) + drawn((0.05, 0.4, 0.35, 0.2), 100, rng)
    first = found(log_of(rows))[0]
    assert (first.value, first.stance) == ("drama", Stance.AGAINST)


def test_ordinal_data_has_a_place_and_no_date() -> None:
    rng = np.random.default_rng(0)
    rows = drawn((0.1, 0.3, 0.3, 0.3), 120, rng) + drawn((0.55, 0.15, 0.15, 0.15), 80, rng)
    (only,) = changes(log_of(rows, ordinal=True))
    assert only.valid.start is None
    assert only.sentence.startswith("From event 1")


def test_histories_without_a_change_give_no_more_than_is_said() -> None:
    rng = np.random.default_rng(5)
    logs = [log_of(drawn((0.4, 0.3, 0.2, 0.1), 150, rng)) for _ in range(300)]
    with_any = np.mean([bool(found(each)) for each in logs])
    assert with_any <= CHANCE + 2 * math.sqrt(CHANCE * (1 - CHANCE) / 300)


def test_runs_are_no_change() -> None:
    rng = np.random.default_rng(6)
    logs = [log_of(np.repeat(drawn((0.25,) * 4, 40, rng), 6).tolist()) for _ in range(150)]
    assert np.mean([bool(found(each)) for each in logs]) < 0.15


def test_one_evening_is_no_change_of_taste() -> None:
    rng = np.random.default_rng(0)
    log = log_of([1] * 30 + [2] * 30)
    evening = [
        replace(each, timestamp=MONDAY + place * 60_000_000)
        for place, each in enumerate(log.events)
    ]
    assert changes(replace(log, events=evening)) == []
    assert changes(log_of(drawn((0.25,) * 4, 20, rng))) == []


def test_what_is_skipped_is_not_told() -> None:
    assert changes(log_of([1] * 60 + [2] * 60), skip={"genre"}) == []


def test_generated_lives() -> None:
    world, right, told, true = lives(40, seed=12), 0, 0, 0
    for life in world.people:
        log = UserLog(life.user_id, life.events, world.catalogue, world.types)
        truth = {each.value: each for each in life.changes}
        true += len(truth)
        for each in found(log):
            if each.value in truth:
                told += 1
                late = abs(int(log.time[each.place]) - truth[each.value].time)
                right += late <= 0.1 * (life.end - life.start)
    assert told > 0.6 * true
    assert right > 0.8 * told
