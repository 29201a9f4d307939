"""Calibration figures against hand-computed values."""

import math

import numpy as np
import pytest

from habitus.evaluate.calibration import (
    brier,
    brier_gain,
    decided,
    expected_calibration_error,
    reliability,
)
from habitus.types import HabitusError

CHANCE = np.array([0.1, 0.9, 0.3, 0.7])
HOLDS = np.array([False, True, True, True])


def test_bins_are_of_equal_mass_by_rising_chance() -> None:
    low, high = reliability(CHANCE, HOLDS, bins=2)
    assert (low.count, low.low, low.high) == (2, 0.1, 0.3)
    assert (low.chance, low.held) == (pytest.approx(0.2), 0.5)
    assert (high.chance, high.held) == (pytest.approx(0.8), 1.0)


def test_ece_is_the_weighted_gap_of_the_bins() -> None:
    # bins: |.2 − .5| and |.8 − 1|, half of the cases each
    assert expected_calibration_error(CHANCE, HOLDS, bins=2) == pytest.approx(0.25)


def test_bins_of_unequal_size_count_by_their_size() -> None:
    chance, holds = np.array([0.0, 0.0, 1.0]), np.array([False, True, True])
    assert expected_calibration_error(chance, holds, bins=2) == pytest.approx(2 / 3 * 0.5)


def test_fewer_cases_than_bins_are_a_bin_each() -> None:
    assert [each.count for each in reliability(CHANCE, HOLDS)] == [1, 1, 1, 1]


def test_brier_is_the_squared_miss() -> None:
    assert brier(CHANCE, HOLDS).tolist() == pytest.approx([0.01, 0.01, 0.49, 0.09])


def test_the_gain_over_a_reference_and_its_share() -> None:
    gain, skill = brier_gain(CHANCE, np.full(4, 0.75), HOLDS, np.array([0, 0, 1, 1]), draws=50)
    reference = (0.75**2 + 3 * 0.25**2) / 4
    assert gain.value == pytest.approx(reference - 0.15)
    assert skill.value == pytest.approx(1 - 0.15 / reference)


def test_whole_users_are_resampled() -> None:
    # One user gains 1 on each of three cases, the other nothing on one: the draws are both users
    # (3/4), the first twice (1), the second twice (0), and no other.
    chance, reference = np.array([1.0, 1.0, 1.0, 0.0]), np.zeros(4)
    holds = np.array([True, True, True, False])
    gain, _ = brier_gain(chance, reference, holds, np.array([7, 7, 7, 9]))
    assert (gain.value, gain.low, gain.high) == (0.75, 0.0, 1.0)


def test_the_skill_against_a_reference_that_is_never_wrong_is_nothing() -> None:
    holds = np.array([True, False])
    _, skill = brier_gain(np.full(2, 0.5), holds.astype(float), holds, np.array([0, 1]), draws=10)
    assert math.isnan(skill.value)


def test_precision_and_coverage_where_one_is_sure_of_either_side() -> None:
    assert decided(CHANCE, HOLDS, 0.7) == (0.75, 1.0)
    assert decided(CHANCE, HOLDS, 0.8) == (1.0, 0.5)
    precision, coverage = decided(np.full(2, 0.5), np.array([True, False]))
    assert math.isnan(precision)
    assert coverage == 0.0


@pytest.mark.parametrize("chance", [[0.5], [0.5, 1.2], [0.5, math.nan]])
def test_what_is_no_chance_is_refused(chance: list[float]) -> None:
    with pytest.raises(HabitusError):
        reliability(np.array(chance), np.array([True, False]))


def test_no_cases_are_refused() -> None:
    with pytest.raises(HabitusError):
        expected_calibration_error(np.zeros(0), np.zeros(0, bool))


def test_drawn_outcomes_are_calibrated_and_shifted_ones_are_not() -> None:
    generator = np.random.default_rng(0)
    chance = generator.random(20_000)
    holds = generator.random(20_000) < chance
    assert expected_calibration_error(chance, holds) < 0.02
    assert expected_calibration_error(np.clip(chance + 0.1, 0, 1), holds) > 0.08
