from dataclasses import replace

import numpy as np
import pytest

from habitus.events.catalogue import attribute_column
from habitus.profile.log import UserLog
from habitus.profile.loyalty import loyalty
from habitus.profile.typical import Typical
from habitus.testing.draws import histories_of, plain_catalogue
from habitus.types import DAY, Event, EventType, Kind, Proposition, Stance

MAKERS = [f"maker {row % 10}" for row in range(100)]
CATALOGUE = replace(
    plain_catalogue(100),
    attributes={"maker": attribute_column([[], *([each] for each in MAKERS)])},
)
START = 20_000 * DAY


def population() -> Typical:
    """Each user's own makers are fewer or more: a Dirichlet draw, sparse for some."""
    rng = np.random.default_rng(0)
    rows = []
    for _ in range(200):
        share = rng.dirichlet(np.full(10, rng.choice([0.3, 5.0])))
        maker = rng.choice(10, 40, p=share)
        rows.append(1 + maker + 10 * rng.integers(0, 10, 40))
    times = START + np.tile(np.arange(40) * DAY, (200, 1))
    return Typical.fit(histories_of(np.array(rows), times), CATALOGUE)


TYPICAL = population()


def told(rows: list[int], **options: object) -> list[Proposition]:
    events = [
        Event("u", "event", START + n * DAY, CATALOGUE.item_ids[row], event_id=f"e{n}")
        for n, row in enumerate(rows)
    ]
    log = UserLog("u", events, CATALOGUE, {"event": EventType("event")})
    return loyalty(log, TYPICAL, **options)  # type: ignore[arg-type]


def test_who_stays_with_one_maker() -> None:
    (only,) = told([1, 11, 21, 31, 41, 2] * 6)
    assert (only.kind, only.attribute, only.stance) == (Kind.LOYALTY, "maker", Stance.FOR)
    assert only.confidence > 0.8
    assert only.sentence.startswith(
        "Stays with few values of maker (maker 0, maker 1: 100 %; takes"
    )
    assert only.strength == pytest.approx((5 / 6) ** 2 + (1 / 6) ** 2, abs=0.05)


def test_who_goes_through_all() -> None:
    (only,) = told(list(range(1, 41)))
    assert only.stance is Stance.AGAINST
    assert only.sentence.startswith("Goes through many values of maker")
    assert len(only.events_for) == 28  # all but those of the three most frequent


def test_thin_evidence_skipped_and_unknown_attributes_give_nothing() -> None:
    assert told([1, 11, 21, 31, 41]) == []
    assert told([1, 11, 21, 31, 41, 2] * 6, skip=("maker",)) == []
    events = [Event("u", "event", START, "i00001", event_id="e0")] * 20
    log = UserLog("u", events, CATALOGUE, {"event": EventType("event")})
    assert loyalty(log, Typical()) == []
