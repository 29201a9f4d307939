import math

import pytest

from habitus.events.catalogue import Catalogue
from habitus.profile.gaps import ATOMS, STRATA, Gaps
from habitus.profile.log import UserLog
from habitus.profile.rhythm import gaps, rhythm, sessions, span
from habitus.profile.typical import Typical
from habitus.testing.lives import MONDAY
from habitus.types import DAY, MINUTE, Event, EventType, Kind, Stance

TYPICAL = Typical(gaps=Gaps(mean=math.log(7), covered=0.9))


def log_of(times: list[int], ids: list[str | None] | None = None) -> UserLog:
    events = [
        Event("u", "play", MONDAY + time, session_id=ids[n] if ids else None, event_id=f"e{n}")
        for n, time in enumerate(times)
    ]
    return UserLog("u", events, Catalogue.of_ids([]), {"play": EventType("play")})


WEEKLY = log_of([week * 7 * DAY + step * MINUTE for week in range(12) for step in (0, 5, 20)])


def test_sessions_by_pause_and_by_id() -> None:
    assert sessions(log_of([0, 10 * MINUTE, 50 * MINUTE])).tolist() == [0, 2]
    assert sessions(log_of([0, 10, 20], ["x", "y", "y"])).tolist() == [0, 1]


def test_gaps_run_from_the_end_to_the_next_start() -> None:
    log = log_of([0, 20 * MINUTE, DAY])
    assert gaps(log, sessions(log)).tolist() == [pytest.approx(1 - 20 / 1440)]


def test_a_weekly_rhythm_and_the_next_week() -> None:
    now = int(WEEKLY.time[-1]) + 2 * DAY
    usual, back = rhythm(WEEKLY, TYPICAL, now)
    assert usual.kind is Kind.RHYTHM
    assert usual.sentence == (
        "Usually comes back after 7 days (half of 11 gaps between 7 days and 7 days)."
    )
    assert usual.strength == pytest.approx(7 - 20 / 1440)
    assert back.kind is Kind.RETURN
    assert back.stance is Stance.FOR
    assert back.confidence == 0.8
    assert back.strength == pytest.approx(5.0, abs=0.7)
    assert back.valid.start == now
    assert back.valid.end is not None
    assert back.valid.end < now + 10 * DAY
    assert "80 % interval" in back.sentence


def test_measured_coverage_below_nominal_is_what_is_told() -> None:
    typical = Typical(gaps=Gaps(mean=math.log(7), covered=0.65))
    assert rhythm(WEEKLY, typical, int(WEEKLY.time[-1]))[1].confidence == 0.65


def test_who_has_gone_is_not_expected() -> None:
    half = (0.0,) * (ATOMS // 2) + (math.inf,) * (ATOMS // 2)
    typical = Typical(gaps=Gaps(math.log(7), 2.0, (half,) * len(STRATA)))
    gone = rhythm(WEEKLY, typical, int(WEEKLY.time[-1]) + 400 * DAY)[1]
    assert gone.stance is Stance.AGAINST
    assert gone.confidence == 1.0
    assert gone.sentence == "Is not expected back (with more than 99 % probability)."
    soon = rhythm(WEEKLY, typical, int(WEEKLY.time[-1]))[1]
    assert "if at all (" in soon.sentence


def test_thin_evidence_gives_nothing() -> None:
    assert rhythm(log_of([0, DAY]), TYPICAL, MONDAY + 2 * DAY) == []
    assert rhythm(log_of([]), TYPICAL, MONDAY) == []
    few = rhythm(log_of([0, DAY, 2 * DAY]), TYPICAL, MONDAY + 3 * DAY)
    assert [each.kind for each in few] == [Kind.RETURN]


def test_more_gaps_are_surer() -> None:
    sure = [
        rhythm(log_of([n * DAY for n in range(count)]), TYPICAL, MONDAY + 90 * DAY)[0].confidence
        for count in (6, 20, 80)
    ]
    assert sure == sorted(sure)
    assert 0.3 < sure[0] < 0.8 < sure[2]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0.01, "14 minutes"),
        (0.3, "7.2 hours"),
        (1.5, "36 hours"),
        (2.5, "2.5 days"),
        (30, "30 days"),
    ],
)
def test_spans_in_words(days: float, words: str) -> None:
    assert span(days) == words
