import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habitus.events.histories import Histories, from_lists
from habitus.model.windows import batches, windows


def numbered(lengths: list[int]) -> Histories:
    """Histories whose items are all different."""
    first = np.cumsum([1, *lengths])
    return from_lists(
        [list(range(at, at + n)) for at, n in zip(first[:-1].tolist(), lengths, strict=True)]
    )


@settings(max_examples=60, deadline=None)
@given(
    lengths=st.lists(st.integers(0, 40), min_size=1, max_size=8),
    length=st.integers(1, 12),
    seed=st.integers(0, 1000),
)
def test_every_event_but_the_first_is_a_target_exactly_once(
    lengths: list[int], length: int, seed: int
) -> None:
    histories = numbered(lengths)
    user, start, stop = windows(histories, length, np.random.default_rng(seed))
    cut = histories.slice(user, start, stop)
    assert (cut.lengths >= 2).all()
    assert (cut.lengths <= length + 1).all()
    targets = np.delete(cut.item, cut.offsets[:-1])
    expected = np.delete(histories.item, histories.offsets[:-1][histories.lengths > 0])
    assert sorted(targets.tolist()) == sorted(expected.tolist())


def test_the_cuts_move_from_epoch_to_epoch() -> None:
    histories = numbered([100])
    starts = {tuple(windows(histories, 10, np.random.default_rng(seed))[1]) for seed in range(8)}
    assert len(starts) > 3


def test_a_short_history_is_one_window() -> None:
    user, start, stop = windows(numbered([5, 1, 0]), 10, np.random.default_rng(0))
    assert (user.tolist(), start.tolist(), stop.tolist()) == ([0], [0], [5])


@pytest.mark.parametrize("tokens", [1, 30, 200])
def test_batches_keep_their_budget(tokens: int) -> None:
    histories = numbered(list(range(60)))
    found = list(batches(histories, 10, tokens, np.random.default_rng(0)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * batch.lengths.max() <= tokens
    targets = sum(batch.events - len(batch) for batch in found)
    assert targets == sum(n - 1 for n in range(1, 60))


def test_batches_come_in_random_order_and_repeat_with_the_seed() -> None:
    def order(seed: int) -> list[int]:
        every = batches(numbered([9, 8, 7, 6, 5, 4]), 10, 10, np.random.default_rng(seed))
        return [int(batch.item[0]) for batch in every]

    assert order(1) == order(1)
    assert any(order(seed) != order(1) for seed in range(2, 6))
