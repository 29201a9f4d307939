"""Stretches of days around Wednesday 19 July 2023."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.profile.calendar import Calendar, Days, month_of, season_of

ON = Calendar(date(2023, 7, 19))


def span(days: Days | None) -> str:
    assert days is not None
    return f"{days[0]}…{days[1]}"


def test_units_of_the_calendar() -> None:
    assert span(ON.day(-1)) == "2023-07-18…2023-07-19"
    assert span(ON.week()) == "2023-07-17…2023-07-24"
    assert span(ON.weekend(-1)) == "2023-07-15…2023-07-17"
    assert span(ON.month(-7)) == "2022-12-01…2023-01-01"
    assert span(ON.month(6)) == "2024-01-01…2024-02-01"
    assert span(ON.year(1)) == "2024-01-01…2025-01-01"


def test_on_a_sunday_the_week_is_still_the_same() -> None:
    sunday = Calendar(date(2023, 7, 23))
    assert span(sunday.week()) == "2023-07-17…2023-07-24"
    assert span(sunday.weekend(-1)) == "2023-07-15…2023-07-17"


def test_a_weekday_is_never_today() -> None:
    assert span(ON.weekday(2)) == "2023-07-12…2023-07-13"
    assert span(ON.weekday(2, 1)) == "2023-07-26…2023-07-27"
    assert span(ON.weekday(1)) == "2023-07-18…2023-07-19"
    assert span(ON.weekday(3, 1)) == "2023-07-20…2023-07-21"


def test_a_month_by_name_has_begun_is_over_or_is_to_come() -> None:
    assert span(ON.named_month(7)) == "2023-07-01…2023-08-01"
    assert span(ON.named_month(7, -1)) == "2022-07-01…2022-08-01"
    assert span(ON.named_month(7, 1)) == "2024-07-01…2024-08-01"
    assert span(ON.named_month(8)) == "2022-08-01…2022-09-01"
    assert span(ON.named_month(8, 1)) == "2023-08-01…2023-09-01"


def test_seasons() -> None:
    assert span(season_of(2022, 3)) == "2022-12-01…2023-03-01"
    assert span(ON.season(1)) == "2023-06-01…2023-09-01"
    assert span(ON.season(1, -1)) == "2022-06-01…2022-09-01"
    assert span(ON.season(3, 1)) == "2023-12-01…2024-03-01"


def test_a_date_without_a_year_is_the_latest_that_has_come() -> None:
    assert span(ON.dated(19, 7)) == "2023-07-19…2023-07-20"
    assert span(ON.dated(20, 7)) == "2022-07-20…2022-07-21"
    assert span(ON.dated(29, 2)) == "2020-02-29…2020-03-01"
    assert ON.dated(31, 4) is None


def test_the_last_months_end_today_and_begin_on_a_day_that_exists() -> None:
    assert span(Calendar(date(2023, 3, 31)).past(1, "month")) == "2023-02-28…2023-04-01"
    assert span(ON.past(2, "week")) == "2023-07-05…2023-07-20"


def test_beyond_the_calendar_is_its_edge() -> None:
    assert ON.ago(10**9, "day")[0] == date(2, 1, 1)
    assert ON.ago(10**9, "year")[0] == month_of(0, 1)[0]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati", None])
def test_midnight_there(zone: str | None) -> None:
    now = int(datetime(2023, 7, 19, 12, tzinfo=UTC).timestamp()) * 1_000_000
    on = Calendar.at(now, zone)
    held = on.interval(on.day())
    assert held.holds(now)
    assert held.start is not None
    assert Calendar.at(held.start, zone).today == on.today
    assert Calendar.at(held.start - 1, zone).today < on.today


@given(st.dates(date(1970, 1, 2), date(2200, 1, 1)), st.integers(-50, 50))
def test_weeks_touch_and_are_seven_days(today: date, offset: int) -> None:
    on = Calendar(today)
    first, end = on.week(offset)
    assert (end - first).days == 7
    assert on.week(offset + 1)[0] == end
    assert on.month(offset)[1] == on.month(offset + 1)[0]
