"""Ragged histories against plain Python lists."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.events.histories import PADDING_TYPE, Histories, from_lists, joined
from habitus.types import EventType, Role

TYPES = (
    PADDING_TYPE,
    EventType("view"),
    EventType("skip", Role.NEGATIVE),
    EventType("shown", Role.IMPRESSION),
)

ITEMS = st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=6)


def lists(histories: Histories) -> list[list[int]]:
    return [
        histories.item[start:stop].tolist()
        for start, stop in zip(histories.offsets, histories.offsets[1:], strict=False)
    ]


def same_shape(histories: Histories) -> None:
    """Every column has one cell an event, every user an id."""
    for column in (histories.type, histories.time, histories.value, histories.session):
        assert len(column) == histories.events
    assert len(histories.user_ids) == len(histories)


def test_from_lists_has_the_documented_types_and_lengths() -> None:
    histories = from_lists([[1, 2], [], [3]], [[5, 6], [], [7]])
    assert (len(histories), histories.events) == (3, 3)
    assert histories.lengths.tolist() == [2, 0, 1]
    assert histories.owners().tolist() == [0, 0, 2]
    assert histories.offsets.dtype == np.int64
    assert (histories.item.dtype, histories.type.dtype) == (np.int32, np.int16)
    assert (histories.time.dtype, histories.value.dtype) == (np.int64, np.float32)
    assert np.isnan(histories.value).all()
    assert not histories.ordinal
    assert histories.time.tolist() == [5, 6, 7]


def test_lists_without_times_are_ordinal_with_positions_as_time() -> None:
    histories = from_lists([[4, 5, 6], [7, 8]])
    assert histories.ordinal
    assert histories.time.tolist() == [0, 1, 2, 0, 1]


def test_slice_cuts_each_user_to_their_own_events() -> None:
    histories = from_lists([[1, 2, 3], [4, 5], [6]])
    cut = histories.slice(np.array([2, 0]), np.array([0, 1]), np.array([1, 3]))
    assert lists(cut) == [[6], [2, 3]]
    assert cut.user_ids.tolist() == ["u2", "u0"]
    same_shape(cut)


def test_slice_with_stop_before_start_is_empty() -> None:
    cut = from_lists([[1, 2, 3], [4]]).slice(np.array([0, 1]), np.array([2, 0]), np.array([1, 1]))
    assert lists(cut) == [[], [4]]


def test_slice_carries_every_column() -> None:
    histories = from_lists([[1, 2, 3]], [[10, 20, 30]], TYPES, [[1, 2, 3]])
    cut = histories.slice(np.array([0]), np.array([1]), np.array([3]))
    assert cut.time.tolist() == [20, 30]
    assert cut.type.tolist() == [2, 3]
    assert cut.types == TYPES


def test_take_may_repeat_and_reorder_users() -> None:
    assert lists(from_lists([[1], [2, 3]]).take(np.array([1, 0, 1]))) == [[2, 3], [1], [2, 3]]


@given(ITEMS, st.integers(0, 7))
def test_last_is_a_python_slice(items: list[list[int]], count: int) -> None:
    cut = from_lists(items).last(count)
    assert lists(cut) == [row[max(len(row) - count, 0) :] for row in items]
    same_shape(cut)


@given(ITEMS, st.integers(0, 9))
def test_where_filters_events_and_keeps_users(items: list[list[int]], least: int) -> None:
    histories = from_lists(items)
    kept = histories.where(histories.item >= least)
    assert lists(kept) == [[item for item in row if item >= least] for row in items]
    same_shape(kept)


def test_two_stretches_of_a_history_joined_are_one() -> None:
    whole = from_lists([[1, 2, 3]], [[10, 20, 30]], TYPES, [[1, 2, 3]])
    row = np.array([0])
    first = whole.slice(row, np.array([0]), np.array([2]))
    second = whole.slice(row, np.array([2]), np.array([3]))
    both = joined(replace(first, types=TYPES[:3]), second)
    assert lists(both) == [[1, 2, 3]]
    assert both.time.tolist() == [10, 20, 30]
    assert both.type.tolist() == [1, 2, 3]
    assert both.types == TYPES
    assert both.offsets.dtype == np.int64
    same_shape(both)


@given(ITEMS, st.integers(1, 4))
def test_blocks_put_together_are_the_whole(items: list[list[int]], size: int) -> None:
    histories = from_lists(items)
    blocks = list(histories.blocks(size))
    assert [row for block in blocks for row in lists(block)] == items
    assert all(0 < len(block) <= size for block in blocks)


def test_roles_choose_events_that_name_an_item() -> None:
    histories = from_lists([[1, 2, 3, 0], [4]], types=TYPES, kinds=[[1, 2, 3, 1], [3]])
    assert lists(histories.positives()) == [[1], []]
    assert lists(histories.with_role(Role.NEGATIVE)) == [[2], []]
    assert lists(histories.with_role(Role.POSITIVE, Role.IMPRESSION)) == [[1, 3], [4]]


def test_without_time_hides_times_and_keeps_order() -> None:
    histories = from_lists([[1, 2], [3]], [[500, 900], [700]])
    hidden = histories.without_time()
    assert hidden.ordinal
    assert hidden.time.tolist() == [0, 1, 0]
    assert lists(hidden) == lists(histories)
    assert histories.time.tolist() == [500, 900, 700]


def test_counts_leave_padding_out() -> None:
    counts = from_lists([[1, 0, 2, 2], [2]]).counts(5)
    assert counts.tolist() == [0, 1, 3, 0, 0]
    assert counts.dtype == np.int64


@pytest.mark.parametrize("items", [[], [[]], [[], []]])
def test_nobody_and_nothing_work(items: list[list[int]]) -> None:
    histories = from_lists(items)
    assert (len(histories), histories.events) == (len(items), 0)
    assert lists(histories.last(3)) == items
    assert lists(histories.positives()) == items
    assert histories.owners().tolist() == []
    assert histories.counts(3).tolist() == [0, 0, 0]
