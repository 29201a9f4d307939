"""Options that many commands share."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from habitus.cli.app import moment, pairs
from habitus.types import HabitusError


def test_a_moment_in_seconds_becomes_microseconds() -> None:
    assert moment("1700000000.5") == 1_700_000_000_500_000


def test_a_moment_without_a_zone_is_utc() -> None:
    assert moment("2025-06-01T20:15") == datetime(2025, 6, 1, 20, 15, tzinfo=UTC)


def test_a_moment_keeps_its_zone() -> None:
    found = moment("2025-06-01T20:15+02:00")
    assert found == datetime(2025, 6, 1, 20, 15, tzinfo=timezone(timedelta(hours=2)))


def test_no_moment_is_none() -> None:
    assert moment(None) is None


@pytest.mark.parametrize("text", ["tomorrow", "nan", "inf", ""])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(HabitusError, match="is no time"):
        moment(text)


def test_pairs_split_at_the_first_equals_sign() -> None:
    assert pairs(["a=b", "c=d=e"], "--map") == {"a": "b", "c": "d=e"}


@pytest.mark.parametrize("text", ["a", "=b", "a="])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(HabitusError, match="NAME=VALUE"):
        pairs([text], "--map")
