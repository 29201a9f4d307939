import numpy as np
import pytest
import torch
from scipy import sparse

from habitus.events.daily import DailyCounts
from habitus.model.trend import AttachedTrend, Prior, Trend
from habitus.testing.conformance.material import numbers
from habitus.types import DAY

END, ITEMS, DIM = 30 * DAY, 6, 4


def daily() -> DailyCounts:
    """Ten days; item d % 5 + 1 is wanted d + 1 times on day d."""
    counts = np.zeros((10, ITEMS), np.float32)
    counts[np.arange(10), np.arange(10) % 5 + 1] = np.arange(10) + 1
    return DailyCounts(END, sparse.csr_matrix(counts))


def trend(*windows: int) -> Trend:
    made = Trend(DIM, windows)
    torch.nn.init.normal_(made.gain.weight, generator=torch.Generator().manual_seed(0))
    return made


def test_a_fresh_trend_adds_nothing() -> None:
    states, now = numbers(3, DIM), torch.tensor([END, 0, END - 4 * DAY])
    prior = Trend(DIM, [7]).prior(states, now, torch.ones(3, dtype=torch.bool), daily())
    assert not prior.everywhere().any()


def test_it_adds_the_gain_times_the_logarithm_of_recent_counts() -> None:
    states, own = numbers(1, DIM), trend(2, 7)
    found = AttachedTrend(own, daily()).added(states, np.array([END + DAY]))[0]
    gain = own.gain(states)[0]
    two_days = torch.tensor([0, 0, 0, 0, 9, 10.0])
    seven_days = torch.tensor([0, 6, 7, 8, 4 + 9, 5 + 10.0])
    torch.testing.assert_close(found, gain[0] * two_days.log1p() + gain[1] * seven_days.log1p())


def test_one_moment_and_several_give_the_same() -> None:
    states, attached = numbers(3, DIM), AttachedTrend(trend(1, 7), daily())
    moments = np.array([END + DAY, END - 3 * DAY, END + DAY])
    together = attached.added(states, moments)
    for at, now in enumerate(moments):
        alone = attached.added(states[[at]], np.array([now]))[0]
        torch.testing.assert_close(together[at], alone)
        own = attached.added_to(states[at].numpy(), int(now))
        np.testing.assert_allclose(own, alone.detach(), rtol=1e-5)


def test_chosen_items_and_the_whole_catalogue_agree_and_hidden_moments_add_nothing() -> None:
    states, now = numbers(4, DIM), torch.tensor([END, END - DAY, END - 8 * DAY, END])
    timed = torch.tensor([True, True, False, True])
    prior = trend(3).prior(states, now, timed, daily())
    whole = prior.everywhere()
    ids = torch.tensor([[1, 2], [5, 0], [3, 3], [4, 1]])
    torch.testing.assert_close(prior.at(ids), whole.gather(1, ids))
    torch.testing.assert_close(prior.at(ids[:, 0]), whole.gather(1, ids[:, :1])[:, 0])
    assert not whole[2].any()
    assert whole[[0, 1, 3]].any(1).all()


def test_some_questions_keep_their_moments() -> None:
    prior = Prior(numbers(3, 1), torch.tensor([0, 1, 0]), numbers(1, 2, ITEMS, seed=1))
    rows = torch.tensor([2, 1])
    torch.testing.assert_close(prior.take(rows).everywhere(), prior.everywhere()[rows])


@pytest.mark.parametrize("rows", [[0, 3, 0, 5], [0, 1, 2, 3, 4, 5]])
def test_another_catalogue_changes_no_item(rows: list[int]) -> None:
    states, own, now = numbers(1, DIM), trend(7), np.array([END])
    here = AttachedTrend(own, daily()).added(states, now)[0]
    there = AttachedTrend(own, daily().for_rows(np.array(rows))).added(states, now)[0]
    torch.testing.assert_close(there, here[rows] * torch.tensor(rows).bool())
