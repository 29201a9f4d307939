"""Whether intervals hold what they say: on made gaps, on generated lives and on real check-ins and
purchases, always on other users than those of the fit."""

from __future__ import annotations

import csv
import gzip
import math
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from habitus.events.histories import Histories, from_lists
from habitus.profile.gaps import ATOMS, STRATA, Gaps
from habitus.profile.returns import (
    NEVER,
    NOMINAL,
    Return,
    _asked,
    _inside,
    expected_return,
    fit_returns,
)
from habitus.testing.lives import lives
from habitus.types import DAY, MINUTE


def test_quantiles_lie_between_the_lengths() -> None:
    found = Return(np.array([1.0, 3.0, math.inf]), np.array([0.25, 0.5, 0.9]), 0.75)
    assert found.after(0.125) == pytest.approx(0.5)
    assert found.after(0.375) == pytest.approx(2.0)
    assert math.isinf(found.after(0.6))
    assert math.isinf(Return(np.zeros(0), np.zeros(0), 0.0).after(0.5))


def test_a_weekly_user_comes_back_after_a_week() -> None:
    own = np.full(40, 7.0)
    found = expected_return(own, 0.0, Gaps(mean=math.log(7)))
    assert found.after(0.5) == pytest.approx(7.0, rel=0.1)
    later = expected_return(own, 6.0, Gaps(mean=math.log(7)))
    assert later.after(0.5) < 2.5  # most of the week has passed


def test_who_stays_away_longer_than_ever_is_not_expected() -> None:
    gaps = Gaps(0.0, 2.0, ((0.0,) * (ATOMS // 2) + (math.inf,) * (ATOMS // 2),) * len(STRATA))
    own = np.ones(5)
    assert expected_return(own, 0.0, gaps).back > 0.6
    assert expected_return(own, 500.0, gaps).back == 0.0
    assert expected_return(own, 500.0, Gaps()).back == 0.0


def coverage(times: list[list[int]]) -> tuple[Gaps, float, int]:
    """Fitted on every other user; the share of the others' returns that lie in their interval."""
    gaps = fit_returns(histories(times[::2]))
    inside = []
    for each in _asked(histories(times[1::2])):
        if each is not None:
            own, gone, wait, left = each
            found = expected_return(own, gone, gaps)
            if found.back >= NEVER:
                inside.append(_inside(found, wait, left, gaps.tail))
    known = [each for each in inside if each is not None]
    return gaps, float(np.mean(known)), len(known)


def histories(times: list[list[int]]) -> Histories:
    return from_lists([[1] * len(each) for each in times], times)


def near_nominal(share: float, n: int) -> bool:
    """Within .05 of the nominal coverage, and three standard errors."""
    return abs(share - NOMINAL) <= 0.05 + 3 * math.sqrt(NOMINAL * (1 - NOMINAL) / n)


def test_coverage_on_gaps_that_scatter() -> None:
    rng = np.random.default_rng(0)
    level = rng.normal(1.0, 0.8, (600, 1))
    gaps = np.exp(level + rng.normal(0, 0.9, (600, 20)))
    start = rng.uniform(0, 30, (600, 1))
    times = ((start + np.cumsum(gaps, axis=1)) * DAY).astype(np.int64)
    cut = int(np.quantile(times[:, -1], 0.2))  # as a log has an end, whoever is still there
    fitted, share, n = coverage([[t for t in row if t <= cut] for row in times.tolist()])
    assert n > 100
    assert near_nominal(share, n)
    assert fitted.covered >= 0.75


def test_coverage_on_generated_lives() -> None:
    people = lives(160, seed=21).people
    _, share, n = coverage([[e.timestamp or 0 for e in life.events] for life in people])
    assert n > 30
    assert near_nominal(share, n)


@pytest.mark.realdata
def test_coverage_on_check_ins() -> None:
    folder = Path(os.environ["HABITUS_DATA"]) / "foursquare-nyc"
    times: dict[str, list[int]] = {}
    for part in ("train", "valid", "test"):
        with gzip.open(folder / f"checkins_{part}.csv.gz", "rt", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                moment = int(row["start_day"]) * DAY + int(row["start_min"]) * MINUTE
                times.setdefault(row["user_id"], []).append(moment)
    _, share, n = coverage([sorted(each) for each in times.values()])
    assert n > 150
    assert near_nominal(share, n)


@pytest.mark.realdata
def test_coverage_on_purchases() -> None:
    folder = Path(os.environ["HABITUS_DATA"]) / "cdnow"
    days: dict[str, set[int]] = {}
    for line in (folder / "CDNOW_master.txt").read_text(encoding="utf-8").splitlines():
        customer, date, *_ = line.split()
        moment = datetime(int(date[:4]), int(date[4:6]), int(date[6:8]), tzinfo=UTC)
        days.setdefault(customer, set()).add(round(moment.timestamp() * 1e6))
    _, share, n = coverage([sorted(each) for each in days.values()])
    assert n > 300
    assert near_nominal(share, n)
