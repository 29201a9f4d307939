import json
import math

import numpy as np
import pytest

from habitus.events.histories import from_lists
from habitus.profile.gaps import ATOMS, STRATA, Gaps, fit_gaps, opens
from habitus.profile.gaps import _atoms as atoms
from habitus.types import DAY, MINUTE


def test_a_session_opens_after_a_pause_or_with_another_id() -> None:
    time = np.array([0, 10, 50, 200, 205, 206]) * MINUTE
    owner = np.array([0, 0, 0, 0, 0, 1])
    none = np.zeros(6, np.int64)
    assert opens(owner, time, none).tolist() == [True, False, True, True, False, True]
    named = np.array([1, 2, 2, 2, 3, 3])
    assert opens(owner, time, named).tolist() == [True, True, False, False, True, True]
    assert opens(none[:0], time[:0], none[:0]).tolist() == []


def test_atoms_are_quantiles_where_all_ended() -> None:
    x = np.arange(1.0, 65.0)
    assert atoms(x, np.ones(64, bool), np.ones(64)) == tuple(x)


def test_what_has_not_ended_goes_on_longer() -> None:
    # Kaplan–Meier by hand: at 1 one of four ends (.75 left), 2 is open, at 3 one of two ends (.375 left),
    # 4 is open: so a quarter are 1, .375 are 3, and .375 nobody saw end.
    ended = np.array([True, False, True, False])
    found = np.array(atoms(np.array([1.0, 2.0, 3.0, 4.0]), ended, np.ones(4)))
    assert (found == 1).sum() == ATOMS // 4
    assert (found == 3).sum() == 24
    assert np.isinf(found).sum() == 24


def test_fit_finds_the_usual_gap() -> None:
    rng = np.random.default_rng(0)
    gaps = np.exp(rng.normal(np.log(3.0), 0.5, (200, 30)))
    times = (np.cumsum(gaps, axis=1) * DAY).astype(np.int64)
    found = fit_gaps(from_lists([[1] * 30] * 200, times.tolist()))
    assert math.exp(found.mean) == pytest.approx(3.0, rel=0.1)
    few, many = (np.median(found.next(np.log(np.full(n, 3.0)))[:ATOMS]) for n in (2, 25))
    assert few == pytest.approx(3.0, rel=0.25)
    assert many == pytest.approx(3.0, rel=0.25)


def test_a_users_own_gaps_pull_the_level() -> None:
    gaps = Gaps(mean=0.0, strength=2.0)
    assert gaps.level(np.zeros(0)) == 0.0
    assert gaps.level(np.array([3.0, 3.0])) == pytest.approx(1.5)


def test_json_keeps_everything() -> None:
    gaps = Gaps(0.5, 3.0, ((0.0,) * (ATOMS - 1) + (math.inf,),) * len(STRATA), 0.04, 0.8)
    assert Gaps.of_dict(json.loads(json.dumps(gaps.as_dict(), allow_nan=False))) == gaps


@pytest.mark.parametrize(
    "change",
    [{"residuals": [[0.0]]}, {"strength": 0.0}, {"tail": 0.7}, {"covered": -1}, {"mean": "nan"}],
)
def test_other_forms_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"residuals|strength|tail|mean"):
        Gaps.of_dict(Gaps().as_dict() | change)


def test_ordinal_data_and_single_events_have_no_gaps() -> None:
    assert fit_gaps(from_lists([[1, 1, 1]])) == Gaps()
    assert fit_gaps(from_lists([[1], [1]], [[5], [6]])) == Gaps()
