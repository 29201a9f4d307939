"""Diversity and calibration against hand-computed values."""

import math

import numpy as np
import pytest

from habitus.evaluate import taste
from habitus.evaluate.protocol import CaseRanks, Now, Seen
from habitus.evaluate.taste import calibration, diversity, taste_of
from habitus.events.catalogue import attribute_column
from habitus.events.histories import PADDING_TYPE, from_lists
from habitus.events.split import leave_one_out
from habitus.types import EventType, Role

#                           0   1      2      3           4      5
GENRES = attribute_column([[], ["a"], ["b"], ["a", "b"], ["a"], []])


def test_lists_of_one_value_have_no_diversity() -> None:
    assert diversity(np.array([[1, 4]]), 2, GENRES).tolist() == [0.0]


def test_items_without_a_common_value_are_at_distance_one() -> None:
    assert diversity(np.array([[1, 2]]), 2, GENRES).tolist() == [1.0]


def test_diversity_is_the_mean_over_pairs() -> None:
    # distances: a–b 1, a–ab 1 − 1/√2, b–ab 1 − 1/√2
    expected = 1 - (2 / math.sqrt(2)) / 3
    assert diversity(np.array([[1, 2, 3]]), 3, GENRES)[0] == pytest.approx(expected)


def test_items_without_values_and_places_beyond_k_are_left_out() -> None:
    found = diversity(np.array([[1, 5, 2, 0, 4]]), 4, GENRES)
    assert found.tolist() == [1.0]


def test_diversity_needs_two_items() -> None:
    assert np.isnan(diversity(np.array([[1, 5], [0, 0]]), 2, GENRES)).all()


def test_a_list_with_the_proportions_of_the_history_is_calibrated() -> None:
    histories = from_lists([[1, 2, 3], [1, 1, 4]])
    found = calibration(np.array([[2, 4], [1, 4]]), 2, histories, GENRES)
    np.testing.assert_allclose(found, [0.0, 0.0], atol=1e-12)


def test_calibration_by_hand() -> None:
    # p: a 3/4, b 1/4 (half of item 3's weight each); q: a 0, b 1, mixed with one percent of p
    found = calibration(np.array([[2]]), 1, from_lists([[1, 3]]), GENRES)
    expected = 0.75 * math.log(0.75 / 0.0075) + 0.25 * math.log(0.25 / (0.99 + 0.0025))
    assert found[0] == pytest.approx(expected)


def test_only_positive_events_are_a_taste() -> None:
    types = (PADDING_TYPE, EventType("like"), EventType("skip", Role.NEGATIVE))
    histories = from_lists([[1, 2]], types=types, kinds=[[1, 2]])
    assert calibration(np.array([[4]]), 1, histories, GENRES)[0] == pytest.approx(0.0)


def test_calibration_needs_values_on_both_sides() -> None:
    found = calibration(np.array([[1], [5], [1]]), 1, from_lists([[5], [1], []]), GENRES)
    assert np.isnan(found).all()


def test_means_leave_out_lists_without_a_value_and_blocks_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = leave_one_out(from_lists([[1, 2], [5, 1], [1, 3]])).test  # histories 1, 5 and 1
    top = np.array([[1, 2], [1, 5], [4, 4]], np.int32)
    ranks = CaseRanks("a", cases, np.ones(3, np.int64), top, 6, Seen.KEEP, Now.HIDDEN)
    found = taste_of(ranks, 2, GENRES)
    assert found["diversity@2"] == pytest.approx((1 + 0) / 2)
    assert found["calibration@2"] == pytest.approx((-math.log(0.495 + 0.01) + 0) / 2)
    monkeypatch.setattr(taste, "BLOCK_LISTS", 1)
    assert taste_of(ranks, 2, GENRES) == pytest.approx(found)
