"""Bootstrap, paired differences and Holm's correction: exact cases, known theory, known truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.evaluate import intervals as module
from habitus.evaluate.intervals import bootstrap_means, holm, interval, intervals, paired
from habitus.types import HabitusError


def test_equal_values_have_an_interval_of_no_width() -> None:
    found = interval(np.full(50, 0.25))
    assert (found.value, found.low, found.high) == (0.25, 0.25, 0.25)


def test_the_spread_is_that_of_the_mean() -> None:
    values = np.random.default_rng(0).normal(3.0, 2.0, 400)
    drawn = bootstrap_means(values)
    assert drawn.mean() == pytest.approx(values.mean(), abs=0.02)
    assert drawn.std() == pytest.approx(values.std() / 20, rel=0.08)


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    generator = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        found = interval(generator.binomial(1, 0.3, 100).astype(float), draws=400)
        covered += found.low <= 0.3 <= found.high
    assert 0.88 <= covered / 200 <= 0.99


def test_seeds_repeat_and_differ() -> None:
    values = np.random.default_rng(2).random(30)
    assert bootstrap_means(values, 50, 7).tolist() == bootstrap_means(values, 50, 7).tolist()
    assert bootstrap_means(values, 50, 7).tolist() != bootstrap_means(values, 50, 8).tolist()


def test_chunks_of_draws_keep_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK_CELLS", 70)
    drawn = bootstrap_means(np.ones((30, 2)), 11)
    assert drawn.shape == (11, 2)
    assert (drawn == 1.0).all()  # every draw holds as many users as there are


def test_columns_are_drawn_together() -> None:
    values = np.random.default_rng(3).random(40)
    drawn = bootstrap_means(np.stack([values, 2 * values + 1], axis=1), 100)
    np.testing.assert_allclose(drawn[:, 1], 2 * drawn[:, 0] + 1)


def test_intervals_of_columns_are_those_of_each_alone() -> None:
    values = np.random.default_rng(4).random((40, 2))
    both = intervals(values, 200)
    alone = interval(values[:, 1], 200)
    assert (both[1].low, both[1].high) == pytest.approx((alone.low, alone.high))


def test_a_small_but_steady_difference_is_found() -> None:
    """Far within the noise between users, far outside the noise of the difference."""
    generator = np.random.default_rng(5)
    base = generator.random(300)
    better = base + 0.01 + generator.normal(0, 0.01, 300)
    found = paired(better, base)
    assert 0 < found.low < found.value < found.high < 0.02
    assert found.p == pytest.approx(2 / 2001)
    assert interval(better).low < interval(base).high  # unpaired intervals overlap


def test_a_difference_has_a_sign_and_its_mirror() -> None:
    generator = np.random.default_rng(6)
    one, other = generator.random(60), generator.random(60)
    ahead, behind = paired(one, other), paired(other, one)
    assert ahead.value == -behind.value
    assert (ahead.low, ahead.high) == pytest.approx((-behind.high, -behind.low))
    assert ahead.p == behind.p


def test_no_difference_is_no_evidence() -> None:
    values = np.random.default_rng(7).random(50)
    found = paired(values, values)
    assert (found.value, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_noise_is_called_significant_about_one_time_in_twenty() -> None:
    generator = np.random.default_rng(8)
    found = [paired(generator.random(80), generator.random(80), 200).p for _ in range(200)]
    assert 0.005 <= np.mean(np.array(found) < 0.05) <= 0.12


def test_different_users_cannot_be_paired() -> None:
    with pytest.raises(HabitusError, match="same users on both sides"):
        paired(np.ones(3), np.ones(4))


def test_nobody_cannot_be_resampled() -> None:
    with pytest.raises(HabitusError, match="nothing to resample"):
        bootstrap_means(np.ones(0))


def test_holm_by_hand() -> None:
    np.testing.assert_allclose(holm(np.array([0.01, 0.04, 0.03])), [0.03, 0.06, 0.06])
    np.testing.assert_allclose(holm(np.array([0.5, 0.6])), [1.0, 1.0])


def test_holm_of_one_or_none_changes_nothing() -> None:
    assert holm(np.array([0.03])).tolist() == [0.03]
    assert holm(np.array([])).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_helps_keeps_order_and_stays_below_bonferroni(values: list[float]) -> None:
    p = np.array(values)
    adjusted = holm(p)
    assert (adjusted >= p).all()
    assert (adjusted <= np.minimum(p * len(p), 1.0)).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()
