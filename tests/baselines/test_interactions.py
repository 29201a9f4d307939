"""The matrix of who wanted what, and the answer where it says nothing."""

import numpy as np

from habitus.baselines.interactions import Fallback, interactions
from habitus.events.histories import PADDING_TYPE, from_lists
from habitus.types import EventType, Role


def test_repeats_count_once_and_only_positive_items_count() -> None:
    types = (PADDING_TYPE, EventType("like"), EventType("hate", Role.NEGATIVE))
    histories = from_lists(
        [[3, 1, 3, 2, 0], [], [2]], types=types, kinds=[[1, 1, 1, 2, 1], [], [1]]
    )
    before = histories.item.copy()
    matrix = interactions(histories, 4)
    assert matrix.toarray().tolist() == [[0, 1, 0, 1], [0, 0, 0, 0], [0, 0, 1, 0]]
    assert np.array_equal(histories.item, before)


def test_only_blind_rows_become_popularity_and_only_untrained_items_are_excluded() -> None:
    fallback = Fallback(interactions(from_lists([[1, 2], [1]]), 4))
    raw = np.array([[0, 0, 0, 0], [0, -1, 0, 0]], np.float32)
    assert fallback.blind(raw).tolist() == [True, False]
    assert fallback.apply(raw).tolist() == [[0, 2, 1, -np.inf], [0, -1, 0, -np.inf]]
