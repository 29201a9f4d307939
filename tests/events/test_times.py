"""Times in every form that logs have them, against moments computed by hand or by datetime."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.events.times import TimeUnit, describe, detect_unit, read_times, unit_of
from habitus.types import DAY, SECOND

NEW_YEAR_2020 = 1_577_836_800 * SECOND
HOUR = 3_600 * SECOND


def micros_of(text: str) -> int | None:
    column = pa.array([text])
    times = read_times(column, unit_of(column))
    return None if times.unreadable[0] or times.missing[0] else int(times.micros[0])


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2020-01-01", NEW_YEAR_2020),
        ("2020-01-01T00:00:00Z", NEW_YEAR_2020),
        ("2020-01-01 00:00", NEW_YEAR_2020),
        ("2020-01-01T02:00:00+02:00", NEW_YEAR_2020),
        ("2020-01-01T02:00:00+0200", NEW_YEAR_2020),
        ("2020-01-01 02:00:00+02", NEW_YEAR_2020),
        ("2019-12-31T20:30:00-03:30", NEW_YEAR_2020),
        ("2020-01-01T00:00:00.25", NEW_YEAR_2020 + 250_000),
        ("2020-01-01T00:00:00,000001Z", NEW_YEAR_2020 + 1),
        ("2020-01-01T00:00:00.123456789Z", NEW_YEAR_2020 + 123_456),
        ("2020-02-29", NEW_YEAR_2020 + 59 * DAY),
        (" 2020-01-01 ", NEW_YEAR_2020),
        ("1577836800", NEW_YEAR_2020),
        (" +1577836800.5 ", NEW_YEAR_2020 + 500_000),
        ("1577836800000", NEW_YEAR_2020),
        ("1577836800000001", NEW_YEAR_2020 + 1),
        ("1577836800000000000", NEW_YEAR_2020),
        ("1.5778368e9", NEW_YEAR_2020),
    ],
)
def test_reads_every_usual_form(text: str, micros: int) -> None:
    assert micros_of(text) == micros


@pytest.mark.parametrize(
    "text",
    ["", "  ", "yesterday", "2020-02-30", "2019-02-29", "2020-13-01", "2020-00-10", "2020-01-00",
     "2020-01-01T24:00:00", "2020-01-01T10:61", "01/02/2020", "2020-01-01T10", "nan", "inf",
     "0x10", "1_000", "2020-01-01 10:00:00 Europe/Paris", "１５７７８３６８００"],
)  # fmt: skip
def test_takes_nothing_else(text: str) -> None:
    assert micros_of(text) is None


def test_text_that_is_blank_is_missing_and_not_unreadable() -> None:
    times = read_times(pa.array(["", None, "x"]), None)
    assert times.missing.tolist() == [True, True, False]
    assert times.unreadable.tolist() == [False, False, True]


@given(
    st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
def test_iso_with_any_offset_agrees_with_datetime(moment: datetime, minutes: int) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    expected = (local - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert micros_of(local.isoformat()) == expected


@pytest.mark.parametrize("unit", list(TimeUnit))
def test_unit_by_magnitude_from_1990_to_2100(unit: TimeUnit) -> None:
    a_second = {"seconds": 1, "milliseconds": 1e3, "microseconds": 1e6, "nanoseconds": 1e9}
    for year in (1990, 2000, 2026, 2100):
        seconds = datetime(year, 1, 2, tzinfo=UTC).timestamp()
        assert detect_unit(np.array([seconds * a_second[unit.value]])) is unit


def test_some_bad_rows_do_not_change_the_unit() -> None:
    column = pa.array(["1577836800"] * 5 + ["0", "1577836800000", "x", ""])
    assert unit_of(column) is TimeUnit.SECONDS


def test_a_column_without_numbers_has_no_unit() -> None:
    assert unit_of(pa.array(["2020-01-01", None])) is None
    assert unit_of(pa.array([datetime(2020, 1, 1)])) is None


def test_the_unit_asked_for_wins_over_magnitude() -> None:
    column = pa.array([1_577_836_800])
    assert read_times(column, TimeUnit.MILLISECONDS).micros[0] == 1_577_836_800_000


def test_arrow_times_and_dates_become_utc() -> None:
    paris = pa.array([datetime(2020, 1, 1, tzinfo=UTC)], pa.timestamp("ms", "Europe/Paris"))
    assert read_times(paris, None).micros.tolist() == [NEW_YEAR_2020]
    naive = pa.array([datetime(2020, 1, 1, 1), None])
    assert read_times(naive, None).micros.tolist() == [NEW_YEAR_2020 + HOUR, 0]
    assert read_times(naive, None).missing.tolist() == [False, True]
    assert read_times(pa.array([date(2020, 1, 1)]), None).micros.tolist() == [NEW_YEAR_2020]


def test_floats_with_nan_and_infinity_are_unreadable() -> None:
    column = pa.array([1_577_836_800.0, float("nan"), float("inf"), None])
    times = read_times(column, unit_of(column))
    assert times.unreadable.tolist() == [False, True, True, False]
    assert times.missing.tolist() == [False, False, False, True]


def test_a_column_of_truth_values_is_no_time() -> None:
    assert read_times(pa.array([True, False]), None).unreadable.all()


def test_absurd_is_before_1990_or_more_than_a_day_ahead() -> None:
    now = NEW_YEAR_2020
    texts = ["1989-12-31T23:59:59Z", "1990-01-01", "2020-01-02", "2020-01-02T00:00:01Z", "x"]
    column = pa.array(texts)
    assert read_times(column, None).absurd(now).tolist() == [True, False, False, True, False]


def test_a_moment_in_words_even_outside_the_calendar() -> None:
    assert describe(NEW_YEAR_2020) == "2020-01-01T00:00:00Z"
    assert describe(2**62) == f"{2**62} µs since 1970"
