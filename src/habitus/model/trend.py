"""What everybody wants these days, and how far a user goes along with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from habitus.events.daily import DailyCounts

DAYS_KEPT = 8  # most questions are of today


@dataclass(frozen=True, eq=False)
class Prior:
    """What the moment adds to the scores of M questions: Σ_k gain[m, k] · level[k, moment[m], item].

    gain    [M, K]         how far each question goes along
    moment  int64 [M]      which of P moments it is asked at; −1 = the moment is hidden
    level   float32 [K, P, N + 1]  how much each item is wanted at each moment
    """

    gain: Tensor
    moment: Tensor
    level: Tensor

    def at(self, ids: Tensor) -> Tensor:
        """What is added for ids [M] or [M, n], in their shape."""
        flat = ids.reshape(len(ids), -1)
        level = self.level[:, self.moment.clamp_min(0)[:, None], flat]
        found = torch.einsum("mk,kmn->mn", self.gain.float(), level)
        return (found * (self.moment >= 0)[:, None]).view(ids.shape)

    def everywhere(self) -> Tensor:
        """What is added for the whole catalogue, [M, N + 1]."""
        gain = self.gain.float() * (self.moment >= 0)[:, None]
        found = self.gain.new_zeros(len(gain), self.level.shape[2])
        for at, level in enumerate(self.level):
            found.addcmul_(gain[:, at, None], level[self.moment.clamp_min(0)])
        return found

    def take(self, rows: Tensor) -> Prior:
        """Some of the M questions."""
        return Prior(self.gain[rows], self.moment[rows], self.level)


class Trend(nn.Module):
    """Adds gain_k(state) × log(1 + how often an item was wanted in the last `windows`[k] days).

    The state knows how long the user was away, so that the gain is learned to be high where they
    come back to what is new, and low within a sitting. Only days that ended before the question
    count. The idea of the time-aware popularity of Ji et al. 2020, with a learned weight for it.
    """

    def __init__(self, dim: int, windows: Sequence[int]) -> None:
        super().__init__()
        self.windows = tuple(windows)
        self.gain = nn.Linear(dim, len(self.windows))
        nn.init.zeros_(self.gain.weight)
        nn.init.zeros_(self.gain.bias)

    def level(self, daily: DailyCounts, days: NDArray[np.int64]) -> NDArray[np.float32]:
        """How much each item was wanted before each of `days` [P], [K, P, N + 1]."""
        return np.stack([np.log1p(daily.before(days, window)) for window in self.windows])

    def prior(self, states: Tensor, now: Tensor, timed: Tensor, daily: DailyCounts) -> Prior:
        """For states [M, D] asked at `now` int64 µs [M] where `timed` bool [M]."""
        days, place = np.unique(daily.day(now.cpu().numpy()), return_inverse=True)
        level = torch.from_numpy(self.level(daily, days)).to(states.device)
        moment = torch.from_numpy(place).to(states.device)
        gain = self.gain(states.float())
        return Prior(gain, torch.where(timed, moment, -1), level)


class AttachedTrend:
    """A trend over one catalogue, at the moments of questions."""

    def __init__(self, trend: Trend, daily: DailyCounts) -> None:
        self.trend, self.daily = trend, daily
        self.level = lru_cache(DAYS_KEPT)(self._level)

    def added(self, states: Tensor, now: NDArray[np.int64]) -> Tensor:
        """What the moments now [U] add to the scores of states [U, D], [U, N + 1]."""
        days, place = np.unique(self.daily.day(now), return_inverse=True)
        gain: Tensor = self.trend.gain(states)
        if len(days) == 1:
            return gain @ self.level(int(days[0]))
        level = torch.from_numpy(self.trend.level(self.daily, days)).to(states.device)
        moment = torch.from_numpy(place).to(states.device)
        return Prior(gain, moment, level).everywhere()

    def added_to(self, state: NDArray[np.float32], now: int) -> NDArray[np.float32]:
        """The same for one state [D] on the CPU, [N + 1]."""
        [share] = self.shares(torch.from_numpy(state[None]))
        return self.along(share, int(self.daily.day(np.array([now]))[0]))

    def along(
        self, share: NDArray[np.float32], day: int, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """What a day adds to the scores of a state of such a share [K], [N + 1], or of some rows [n]."""
        level = self.level(day).numpy()
        level = level if rows is None else level[:, rows]
        found: NDArray[np.float32] = level[0] * share[0]
        for each, own in zip(level[1:], share[1:], strict=True):
            found += each * own
        return found

    def shares(self, states: Tensor) -> NDArray[np.float32]:
        """How far states [U, D] on the CPU go along with each level, [U, K]."""
        weight, bias = (
            self.trend.gain.weight.detach().numpy(),
            self.trend.gain.bias.detach().numpy(),
        )
        found: NDArray[np.float32] = np.vecdot(weight, states.numpy()[:, None]) + bias
        return found

    def _level(self, day: int) -> Tensor:
        """How much each item is wanted on a day, [K, N + 1]."""
        level = self.trend.level(self.daily, np.array([day]))[:, 0]
        return torch.from_numpy(level).to(self.trend.gain.weight.device)
