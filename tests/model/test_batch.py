from dataclasses import fields

import numpy as np
import pytest
import torch

from habitus.events.histories import PADDING_TYPE, from_lists
from habitus.model.batch import Batch, collate, collate_one, shifted
from habitus.types import EventType, Role

TYPES = (PADDING_TYPE, EventType("buy", weight=2.0), EventType("skip", Role.NEGATIVE))


def test_collate_pads_on_the_right() -> None:
    histories = from_lists([[3, 4], [], [7]], [[10, 20], [], [5]])
    batch = collate(histories, now=np.array([25, 99, 8]))
    assert batch.item.tolist() == [[3, 4], [0, 0], [7, 0]]
    assert batch.mask.tolist() == [[True, True], [False, False], [True, False]]
    assert batch.time.tolist() == [[10, 20], [0, 0], [5, 0]]
    assert batch.query_time.tolist() == [[20, 25], [0, 0], [8, 0]]
    assert batch.lengths.tolist() == [2, 0, 1]
    assert batch.timed.tolist() == [True] * 3
    assert batch.item.dtype == batch.time.dtype == torch.int64
    assert batch.value.dtype == torch.float32


@pytest.mark.parametrize("ordinal", [False, True])
@pytest.mark.parametrize("now", [None, 99])
@pytest.mark.parametrize("start", [0, 2, 3])
def test_one_history_is_collated_as_many_are(start: int, now: int | None, ordinal: bool) -> None:
    history = from_lists([[3, 4, 1, 2]], [[10, 20, 30, 40]], TYPES, [[1, 2, 1, 1]])
    if ordinal:
        history = history.without_time()
    found = collate_one(history, start, now)
    cut = history.slice(np.array([0]), np.array([start]), np.array([4]))
    expected = collate(cut, None if now is None else np.array([now]))
    for field in fields(Batch):
        one, other = getattr(found, field.name), getattr(expected, field.name)
        torch.testing.assert_close(one, other, rtol=0, atol=0, equal_nan=True)
    found.time.zero_()  # its memory is its own
    assert history.time[-1] > 0


def test_times_are_hidden_where_now_or_time_is_not_known() -> None:
    timed = from_lists([[1]], [[5]])
    assert not collate(timed).timed.any()
    assert not collate(timed.without_time(), now=np.array([9])).timed.any()


def test_hide_time_hides_some_rows() -> None:
    batch = collate(from_lists([[1], [2]], [[5], [6]]), now=np.array([9, 9]))
    assert batch.hide_time(torch.tensor([True, False])).timed.tolist() == [False, True]


def test_first_cuts_columns_and_keeps_query_times() -> None:
    batch = collate(from_lists([[1, 2, 3]], [[5, 6, 7]]), now=np.array([9])).first(2)
    assert batch.item.tolist() == [[1, 2]]
    assert batch.query_time.tolist() == [[6, 7]]
    assert batch.timed.tolist() == [True]


def test_shifted_asks_after_each_event_for_the_next_positive_one() -> None:
    windows = from_lists(
        [[1, 2, 3, 4], [5, 6]], [[10, 20, 30, 40], [1, 2]], TYPES, [[1, 1, 2, 1], [1, 1]]
    )
    batch, targets = shifted(windows)
    assert batch.item.tolist() == [[1, 2, 3], [5, 0, 0]]
    assert batch.query_time.tolist() == [[20, 30, 40], [2, 0, 0]]
    asked = torch.stack((targets.row, targets.slot, targets.item), 1)
    assert asked.tolist() == [[0, 0, 2], [0, 2, 4], [1, 0, 6]]  # 3 was skipped: never a target
    assert targets.weight.tolist() == [2.0, 2.0, 2.0]


def test_last_keeps_the_target_after_the_last_event() -> None:
    windows = from_lists([[1, 2, 3, 4], [5, 6], [7, 8]], None, TYPES, [[1] * 4, [1, 2], [1, 1]])
    batch, targets = shifted(windows)
    last = targets.last(batch.lengths)
    assert torch.stack((last.row, last.slot, last.item), 1).tolist() == [[0, 2, 4], [2, 0, 8]]


def test_an_event_without_an_item_is_no_target() -> None:
    _, targets = shifted(from_lists([[1, 0, 2]]))
    assert targets.item.tolist() == [2]
