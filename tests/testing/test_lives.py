from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from habitus.testing.lives import MONDAY, TYPES, Difficulty, lives
from habitus.types import DAY, Stance

WORLD = lives(40, seed=3)


def test_the_same_seed_gives_the_same_lives() -> None:
    assert lives(5, seed=3).people == lives(5, seed=3).people
    assert lives(5, seed=4).people != lives(5, seed=3).people


def test_mondays_are_mondays() -> None:
    assert datetime.fromtimestamp(MONDAY / 1e6, ZoneInfo("UTC")).weekday() == 0


def test_events_are_in_order_and_have_ids_of_their_own() -> None:
    for life in WORLD.people:
        times = [each.timestamp or 0 for each in life.events]
        assert times == sorted(times)
        assert len({each.event_id for each in life.events}) == len(life.events)
        assert {each.timezone for each in life.events} == {life.timezone}


def test_histories_hold_every_event() -> None:
    histories = WORLD.histories()
    assert histories.events == sum(len(life.events) for life in WORLD.people)
    first = WORLD.people[0].events
    assert histories.time[: len(first)].tolist() == [each.timestamp for each in first]
    assert {TYPES[code].name for code in np.unique(histories.type)} <= set(WORLD.types)


def test_a_routine_is_kept_as_often_as_the_world_says_on_the_users_own_clock() -> None:
    easy = replace(Difficulty(), jitter=0.0, stopped=0.0, routines=(2, 3), background=(0.1, 0.2))
    world, kept = lives(40, seed=1, difficulty=easy), []
    for life in world.people:
        zone = ZoneInfo(life.timezone or "UTC")
        there = [datetime.fromtimestamp((e.timestamp or 0) / 1e6, zone) for e in life.events]
        for routine in life.routines:
            days = {
                moment.date()
                for moment in there
                if moment.weekday() in routine.days and routine.start <= moment.hour < routine.stop
            }
            occasions = (life.end - life.start) / DAY * len(routine.days) / 7
            kept.append(len(days) / occasions)
    assert len(kept) > 40
    assert 0.78 < np.mean(kept) < 0.87  # uniform in [.7, .95]


def test_what_is_liked_is_taken_more_often_than_elsewhere_and_rated_higher() -> None:
    def shares(stance: Stance) -> tuple[float, float]:
        own, lift = [], []
        for life in WORLD.people:
            mine = {v for a, v, s in life.tastes if a == "maker" and s is stance}
            rows = [WORLD.catalogue.rows[e.item_id] for e in life.events if e.item_id]
            has = [bool(mine & set(WORLD.catalogue.values_of(row)["maker"])) for row in rows]
            own.append(np.mean(has))
            stars = np.array([e.value or np.nan for e in life.events if e.item_id], float)
            lift.append(np.nanmean(stars[has]) - np.nanmean(stars))
        return float(np.mean(own)), float(np.mean(lift))

    share, lift = shares(Stance.FOR)
    assert 0.2 < share < 0.45  # an eighth of the items, at 2–4 times the odds
    assert 0.3 < lift < 0.8


def test_a_change_moves_the_share_at_its_time() -> None:
    moved = 0
    for life in (each for each in WORLD.people if each.changes):
        change = life.changes[0]
        sides: dict[bool, list[bool]] = {True: [], False: []}
        for event in life.events:
            if event.item_id:
                values = WORLD.catalogue.values_of(WORLD.catalogue.rows[event.item_id])
                sides[(event.timestamp or 0) >= change.time].append(change.value in values["genre"])
        up = np.mean(sides[True]) > np.mean(sides[False])
        moved += up == (change.stance is Stance.FOR)
    assert moved >= 0.95 * sum(bool(each.changes) for each in WORLD.people)
