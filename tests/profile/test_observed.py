from collections import Counter
from dataclasses import replace

import pytest

from habitus.profile.log import UserLog
from habitus.profile.observed import habits, until
from habitus.profile.typical import Typical
from habitus.testing.lives import lives
from habitus.types import Interval, Kind, Origin

WORLD = lives(30, seed=2)
TYPICAL = Typical.fit(WORLD.histories(), WORLD.catalogue)
LOGS = [UserLog(x.user_id, x.events, WORLD.catalogue, WORLD.types) for x in WORLD.people]


@pytest.mark.parametrize("place", range(0, 30, 3))
def test_every_proposition_has_evidence_in_the_log(place: int) -> None:
    log, life = LOGS[place], WORLD.people[place]
    when = {each.event_id: each.timestamp or 0 for each in log.events}
    for each in habits(log, TYPICAL, life.end):
        assert each.events_for
        assert set(each.events_for) | set(each.events_against) <= set(when)
        assert not set(each.events_for) & set(each.events_against)
        times = [when[event] for event in each.events_for]
        assert times == sorted(times)
        assert 0 <= each.confidence <= 1
        assert each.user_id == life.user_id
        assert each.origin is Origin.OBSERVED
        assert each.sentence[0].isupper()
        assert each.sentence.endswith(".")
        assert "%" not in each.sentence.replace(" %", "")


def test_all_kinds_occur() -> None:
    kinds = Counter(
        each.kind
        for log, life in zip(LOGS, WORLD.people, strict=True)
        for each in habits(log, TYPICAL, life.end)
    )
    assert {Kind.ROUTINE, Kind.RHYTHM, Kind.RETURN, Kind.LOYALTY, Kind.NOVELTY, Kind.CHANGE} <= set(
        kinds
    )


def test_the_future_is_not_known() -> None:
    log, life = LOGS[4], WORLD.people[4]
    now = (life.start + life.end) // 2
    short = replace(log, events=[each for each in log.events if (each.timestamp or 0) <= now])
    assert 0 < len(short) < len(log)
    assert habits(log, TYPICAL, now) == habits(short, TYPICAL, now)
    assert until(log, life.end) is log


def test_what_is_skipped_occurs_nowhere() -> None:
    for log, life in zip(LOGS[:10], WORLD.people, strict=False):
        told = habits(log, TYPICAL, life.end, skip={"genre", "price"})
        assert not {each.attribute for each in told} & {"genre", "price"}


def test_no_events_no_habits() -> None:
    assert habits(replace(LOGS[0], events=[]), TYPICAL, 0) == []
    assert habits(LOGS[0], TYPICAL, 0) == []
    assert habits(replace(LOGS[0], events=LOGS[0].events[:1]), TYPICAL, WORLD.people[0].end) == []


def test_ordinal_data_tells_nothing_of_time() -> None:
    typical = Typical.fit(WORLD.histories().without_time(), WORLD.catalogue)
    for log in LOGS[:10]:
        for each in habits(replace(log, ordinal=True), typical, 0):
            assert each.kind not in {Kind.ROUTINE, Kind.RHYTHM, Kind.RETURN}
            assert each.valid == Interval()
