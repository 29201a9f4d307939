"""A user's events as columns."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from habitus.events.catalogue import Catalogue
from habitus.profile.log import UserLog
from habitus.types import SECOND, Event, EventType, Role

TYPES = {
    "buy": EventType("buy", Role.POSITIVE, 2.0),
    "hide": EventType("hide", Role.NEGATIVE, 3.0),
}


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def log(*events: Event, timezone: str | None = None) -> UserLog:
    return UserLog("u", events, Catalogue.of_ids(["a", "b"]), TYPES, timezone)


def test_columns_say_what_the_events_say() -> None:
    made = log(
        Event("u", "buy", 5, item_id="b", value=1.5, event_id="x"),
        Event("u", "hide", 6, item_id="gone", event_id="y"),
        Event("u", "other", 7, event_id="z"),
    )
    np.testing.assert_array_equal(made.item, [2, 0, 0])
    np.testing.assert_array_equal(made.time, [5, 6, 7])
    np.testing.assert_array_equal(made.weight, [2.0, 0.0, 1.0])  # an unheard-of type is positive
    np.testing.assert_array_equal(made.value, [1.5, np.nan, np.nan])
    roles = [made.kinds[place].role for place in made.kind.tolist()]
    assert roles == [Role.POSITIVE, Role.NEGATIVE, Role.POSITIVE]
    np.testing.assert_array_equal(made.acts, [True, True, False])  # and is not known to be an act
    assert made.ids(np.array([True, False, True])) == ("x", "z")
    assert made.ids(np.array([1])) == ("y",)


def test_the_users_own_clock_is_right_on_every_day_of_the_year() -> None:
    """Also in the hours around a change of the clocks."""
    zone = ZoneInfo("America/Santiago")
    moments = [at("2024-01-01") + hour * 3_600 * SECOND + 17 for hour in range(0, 366 * 24, 5)]
    made = log(*(Event("u", "buy", each) for each in moments), timezone="America/Santiago")
    for moment, local in zip(moments, made.local.tolist(), strict=True):
        wall = datetime.fromtimestamp(moment // SECOND, zone).replace(tzinfo=UTC)
        assert local // SECOND == round(wall.timestamp())


def test_the_zone_of_the_event_goes_before_that_of_the_user() -> None:
    noon = at("2025-01-15T12:00")
    made = log(
        Event("u", "buy", noon),
        Event("u", "buy", noon, timezone="Asia/Tokyo"),
        Event("u", "buy", noon, timezone="Nowhere/Land"),
        timezone="Europe/Berlin",
    )
    hours = ((made.local - noon) / (3_600 * SECOND)).tolist()
    assert hours == [1, 9, 0]


def test_data_without_times_has_places() -> None:
    made = UserLog(
        "u", [Event("u", "buy"), Event("u", "buy")], Catalogue.of_ids([]), TYPES, None, True
    )
    np.testing.assert_array_equal(made.time, [0, 1])
    np.testing.assert_array_equal(made.local, [0, 1])
