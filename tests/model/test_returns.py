import pytest
import torch

from habitus.events.histories import Histories, from_lists
from habitus.model.batch import shifted
from habitus.model.returns import MOST, return_weight, weighted
from habitus.types import MINUTE


def log(*users: list[int]) -> Histories:
    """Users' events so many minutes after the beginning."""
    times = [[minute * MINUTE for minute in user] for user in users]
    return from_lists([[1] * len(user) for user in users], times)


def test_returns_get_their_share_of_the_loss() -> None:
    """Two of eight targets come after more than half an hour; a first event follows nothing."""
    found = return_weight(log([0, 1, 2, 100, 101], [500, 501, 600, 630, 631]), 0.5)
    assert found == pytest.approx(6 / 2)
    assert 2 * found / (2 * found + 6) == pytest.approx(0.5)


def test_returns_that_have_their_share_count_as_others() -> None:
    assert return_weight(log([0, 100, 200, 201]), 0.2) == 1


def test_rare_returns_do_not_decide_everything() -> None:
    assert return_weight(log([*range(1000), 5000]), 0.5) == MOST


@pytest.mark.parametrize("histories", [log([0, 1, 2]), log([0]), log([0, 100]).without_time()])
def test_where_nobody_comes_back_all_count_the_same(histories: Histories) -> None:
    assert return_weight(histories, 0.5) == 1


def test_only_returns_whose_time_is_shown_are_weighted() -> None:
    batch, targets = shifted(log([0, 1, 100], [0, 100, 101]))
    hidden = batch.hide_time(torch.tensor([False, True]))
    assert weighted(batch, targets, 5.0).weight.tolist() == [1, 5, 5, 1]
    assert weighted(hidden, targets, 5.0).weight.tolist() == [1, 5, 1, 1]
    assert weighted(batch, targets, 1.0) is targets
