from dataclasses import replace

import numpy as np
import pytest

from habitus.profile.log import UserLog
from habitus.profile.ranges import ranges, width_sure
from habitus.profile.typical import Typical
from habitus.testing.draws import histories_of, plain_catalogue
from habitus.types import DAY, Event, EventType, Kind, Proposition

PRICES = np.concatenate(([np.nan], np.linspace(1, 100, 100)))
CATALOGUE = replace(plain_catalogue(100), numbers={"price": PRICES})
START = 20_000 * DAY
ROWS = np.random.default_rng(0).integers(1, 101, (100, 30))
TYPICAL = Typical.fit(histories_of(ROWS, START + np.tile(np.arange(30) * DAY, (100, 1))), CATALOGUE)


def told(rows: list[int], **options: object) -> list[Proposition]:
    events = [
        Event("u", "event", START + n * DAY, CATALOGUE.item_ids[row], event_id=f"e{n}")
        for n, row in enumerate(rows)
    ]
    log = UserLog("u", events, CATALOGUE, {"event": EventType("event")})
    return ranges(log, TYPICAL, **options)  # type: ignore[arg-type]


def test_a_narrow_range_in_numbers() -> None:
    (only,) = told(list(range(20, 41)))
    assert (only.kind, only.attribute) == (Kind.RANGE, "price")
    assert only.value == "range"  # the same when the numbers move a little
    assert only.sentence.startswith(
        "Takes items with price 22–38 (four of five of 21 events; others "
    )
    assert only.confidence > 0.95
    assert only.events_for == tuple(f"e{n}" for n in range(2, 19))
    assert set(only.events_against) == {"e0", "e1", "e19", "e20"}


def test_the_range_of_everybody_is_not_told() -> None:
    rng = np.random.default_rng(1)
    said = [bool(told(rng.integers(1, 101, 30).tolist())) for _ in range(200)]
    assert (
        np.mean(said) < 0.2
    )  # what is told at .7 may be wrong at times; wide ranges often seem narrow


def test_few_items_say_nothing() -> None:
    assert told([20, 21] * 10) == []
    assert told(list(range(20, 41)), skip=("price",)) == []


def test_sureness_of_a_width() -> None:
    # n = 50: variance (.09 + .09 − .02) / 50 = .0032, .72 − .60 = .12 is 2.12 standard deviations.
    assert width_sure(0.60, 50) == pytest.approx(0.983, abs=1e-3)
    assert width_sure(0.72, 50) == pytest.approx(0.5)
    assert width_sure(0.60, 500) > width_sure(0.60, 50)
