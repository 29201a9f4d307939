from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.profile.traits import NOBODY, Trait, earlier, fit, places


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=40))
def test_earlier_counts_what_came_before(pairs: list[tuple[int, int]]) -> None:
    pairs.sort(key=lambda pair: pair[0])
    owner, key = np.array(pairs, np.int64).reshape(-1, 2).T
    seen: Counter[tuple[int, int]] = Counter()
    wanted = []
    for pair in pairs:
        wanted.append(seen[pair])
        seen[pair] += 1
    assert earlier(owner, key).tolist() == wanted


def test_places_begin_anew_for_each_owner() -> None:
    assert places(np.array([0, 0, 2, 2, 2])).tolist() == [0, 1, 0, 1, 2]


def test_judge_is_the_normal_posterior() -> None:
    trait = Trait(mean=0.5, between=0.04, within=0.16)
    # 4 events: trust = .04 / (.04 + .04) = .5; the mean .9 shrinks to .7; spread = sqrt(.04 × .5).
    z, expected = trait.judge(3.6, 4)
    assert expected == pytest.approx(0.7)
    assert z == pytest.approx(0.2 / np.sqrt(0.02))
    assert trait.tells(3.6, 4) == (True, pytest.approx(0.92135, abs=1e-4))  # the normal integral
    assert trait.judge(2.2, 4)[0] == 0  # .025 apart: not worth saying
    assert trait.tells(0.0, 0) == (False, 0.5)
    assert NOBODY.tells(9.0, 9) == (False, 0.5)


def test_measured_reliability_is_what_is_told() -> None:
    trait = Trait(0.5, 0.04, 0.16, right=((1.0, 0.6), (2.0, 0.8)))
    assert trait.tells(3.6, 4)[1] == pytest.approx(0.6 + 0.2 * (0.2 / np.sqrt(0.02) - 1))
    assert trait.tells(0.0, 400) == (False, 0.8)  # as far as was measured, and no further


def test_fit_recovers_how_users_differ() -> None:
    rng = np.random.default_rng(0)
    users, each = 400, 60
    theta = rng.normal(2.0, 0.5, users)
    x = (theta[:, None] + rng.normal(0, 1.5, (users, each))).ravel()
    trait = fit(np.repeat(np.arange(users), each), x)
    assert trait.mean == pytest.approx(2.0, abs=0.08)
    assert trait.between == pytest.approx(0.25, rel=0.25)
    assert trait.within == pytest.approx(2.25, rel=0.15)
    shares = [share for _, share in trait.right]
    assert shares == sorted(shares)
    assert shares[-1] > 0.9


def test_users_who_do_not_differ_are_not_told_apart() -> None:
    rng = np.random.default_rng(1)
    trait = fit(np.repeat(np.arange(300), 40), rng.normal(0, 1, 12_000))
    told = [trait.tells(float(rng.normal(0, np.sqrt(40))), 40)[1] for _ in range(200)]
    assert np.mean(np.array(told) >= 0.7) < 0.05


def test_nothing_to_fit() -> None:
    assert fit(np.zeros(0, np.int64), np.zeros(0)) == NOBODY
    assert fit(np.zeros(9, np.int64), np.full(9, np.nan)) == NOBODY
    assert fit(np.zeros(9, np.int64), np.ones(9)) == NOBODY
