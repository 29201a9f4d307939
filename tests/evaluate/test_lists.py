"""Coverage, Gini and novelty against hand-computed values."""

import numpy as np
import pytest

from habitus.evaluate.lists import corrected_gini, coverage, exposure, gini, novelty
from habitus.types import HabitusError

TOP = np.array([[1, 2], [1, 3], [1, 0]])


def test_exposure_leaves_padding_out() -> None:
    assert exposure(TOP, 2, 6).tolist() == [3, 1, 1, 0, 0]
    assert exposure(TOP, 1, 6).tolist() == [3, 0, 0, 0, 0]


def test_coverage_is_distinct_items_of_the_catalogue() -> None:
    assert coverage(TOP, 2, 6) == 3 / 5
    assert coverage(TOP, 1, 6) == 1 / 5
    assert coverage(np.zeros((3, 2), int), 2, 6) == 0.0


def test_gini_of_equal_exposure_is_zero() -> None:
    assert gini(np.array([[1, 2], [3, 4]]), 2, 5) == 0.0


def test_gini_of_one_item_is_as_large_as_the_catalogue_allows() -> None:
    assert gini(np.array([[2], [2], [2]]), 1, 5) == pytest.approx(3 / 4)


def test_gini_by_hand() -> None:
    # counts 0 0 1 1 3: Σ (2i − 6) x = 0·1 + 2·1 + 4·3 = 14; N Σ x = 25
    assert gini(TOP, 2, 6) == pytest.approx(14 / 25)


def test_gini_of_nothing_is_not_a_number() -> None:
    assert np.isnan(gini(np.zeros((2, 3), int), 3, 6))
    assert np.isnan(corrected_gini(np.zeros((2, 3), int), 3, 6))


def test_corrected_gini_is_one_where_all_lists_are_the_same() -> None:
    top = np.array([[1, 2]] * 3)
    assert gini(top, 2, 9) < 1
    assert corrected_gini(top, 2, 9) == pytest.approx(1.0)


def test_corrected_gini_is_zero_where_the_slots_are_spread_as_evenly_as_can_be() -> None:
    top = np.array([[1, 2], [3, 4], [5, 6]])  # six slots, eight items
    assert gini(top, 2, 9) > 0
    assert corrected_gini(top, 2, 9) == pytest.approx(0.0)


def test_corrected_gini_by_hand() -> None:
    # 5 slots in 3 lists, 5 items: most uneven 3 2 0 0 0 → (2·2 + 4·3) / 25 = 16/25, even 1 1 1 1 1 → 0
    assert corrected_gini(TOP, 2, 6) == pytest.approx(14 / 16)


def test_corrected_gini_needs_room_to_differ() -> None:
    assert np.isnan(corrected_gini(np.array([[1, 2], [2, 1]]), 2, 3))


def test_novelty_by_hand() -> None:
    counts = np.array([0, 5, 1, 0])  # p = 6/9, 2/9, 1/9
    found = novelty(np.array([[1, 2], [3, 0], [0, 0]]), 2, counts)
    assert found[0] == pytest.approx((np.log2(9 / 6) + np.log2(9 / 2)) / 2)
    assert found[1] == pytest.approx(np.log2(9))
    assert np.isnan(found[2])


def test_lists_shorter_than_the_cutoff_are_refused() -> None:
    with pytest.raises(HabitusError, match="no top 3"):
        coverage(TOP, 3, 6)
