"""The made film shop: whole, repeatable, and with something to learn in it."""

from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from habitus.testing.shop import DAYS, FIRST_DAY, WEEKEND, Shop, shop
from habitus.types import DAY, Event, Role


@pytest.fixture(scope="module")
def made() -> Shop:
    return shop(users=300, seed=1)


@pytest.mark.parametrize("films", [90, 1_001])
def test_a_shop_of_too_few_or_too_many_films_is_refused(films: int) -> None:
    with pytest.raises(ValueError, match="200 to 1,000 films"):
        shop(users=1, films=films)


def by_user(made: Shop) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    for event in made.events:
        found[event.user_id].append(event)
    return found


def test_a_seed_repeats_and_another_differs(made: Shop) -> None:
    assert shop(users=300, seed=1) == made
    assert shop(users=300, seed=2).events != made.events


def test_titles_and_ids_are_unique_and_items_are_described(made: Shop) -> None:
    assert len({item.text.split(" (")[0] for item in made.items}) == len(made.items) == 420
    assert len({item.item_id for item in made.items}) == 420
    for item in made.items:
        assert set(item.attributes) == {"genre", "decade"}
        assert str(int(item.numbers["year"])) in item.text


def test_events_are_in_time_order_inside_the_span_and_of_known_types(made: Shop) -> None:
    times = [event.timestamp or 0 for event in made.events]
    assert times == sorted(times)
    assert times[0] >= FIRST_DAY * DAY
    assert times[-1] < (FIRST_DAY + DAYS) * DAY
    assert len({event.event_id for event in made.events}) == len(made.events)
    kinds = Counter(event.event_type for event in made.events)
    assert set(kinds) == {kind.name for kind in made.event_types}
    assert {kind.role for kind in made.event_types} == {Role.POSITIVE, Role.NEGATIVE}
    assert 0 < kinds["stopped"] < 0.2 * len(made.events)


def test_values_are_stars_of_what_was_watched(made: Shop) -> None:
    stars = {event.value for event in made.events if event.event_type == "watched"}
    assert stars == {1.0, 2.0, 3.0, 4.0, 5.0}
    assert {event.value for event in made.events if event.event_type == "stopped"} == {None}


def test_histories_are_long_enough_and_nobody_watches_twice(made: Shop) -> None:
    histories = by_user(made)
    assert len(histories) == 300
    assert np.median([len(events) for events in histories.values()]) > 20
    for events in histories.values():
        assert len({event.item_id for event in events}) == len(events)


def test_popularity_is_skewed(made: Shop) -> None:
    counts = np.sort(list(Counter(event.item_id for event in made.events).values()))[::-1]
    assert counts[:42].sum() > 0.25 * counts.sum()


def test_users_have_tastes(made: Shop) -> None:
    genres = {item.item_id: item.attributes["genre"] for item in made.items}
    overall = Counter(genre for event in made.events for genre in genres[event.item_id or ""])
    common = max(overall.values()) / sum(overall.values())
    favourite = []
    for events in by_user(made).values():
        own = Counter(genre for event in events for genre in genres[event.item_id or ""])
        favourite.append(max(own.values()) / sum(own.values()))
    assert np.mean(favourite) > 2 * common


def test_the_next_part_of_a_series_follows_often(made: Shop) -> None:
    title = {item.item_id: item.text.split(" (")[0] for item in made.items}
    known = set(title.values())
    possible = followed = 0
    for events in by_user(made).values():
        for first, second in pairwise(events):
            sequel = _next_part(title[first.item_id or ""])
            if sequel in known:
                possible += 1
                followed += title[second.item_id or ""] == sequel
    assert possible > 100
    assert 0.3 < followed / possible < 0.6


def test_weekends_are_for_families(made: Shop) -> None:
    light = {item.item_id for item in made.items if set(item.attributes["genre"]) & set(WEEKEND)}
    share = {True: [0, 0], False: [0, 0]}
    for event in made.events:
        weekend = ((event.timestamp or 0) // DAY + 3) % 7 >= 5
        share[weekend][0] += event.item_id in light
        share[weekend][1] += 1
    assert share[True][0] / share[True][1] > 1.3 * share[False][0] / share[False][1]


def _next_part(title: str) -> str:
    return title + "I" if title.endswith(" II") else title + " II"
