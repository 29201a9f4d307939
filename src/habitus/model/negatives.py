"""Items that were not the answer; the contract is `habitus.model.seams.Negatives`."""

from __future__ import annotations

import torch
from torch import Tensor


class Uniform:
    """Every item is drawn alike."""

    def __init__(self, count: int) -> None:
        self.count = count

    def fit(self, counts: Tensor) -> None:
        self.rows = len(counts)
        self.like = counts.new_zeros((), dtype=torch.float32)

    def draw(self, groups: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        ids = torch.randint(1, self.rows, (groups, self.count), generator=generator)
        ids = ids.to(self.like.device)
        return ids, self.log_q(ids)

    def log_q(self, ids: Tensor) -> Tensor:
        return self.like.new_full(ids.shape, 1 / max(self.rows - 1, 1)).log()


class Popular:
    """An item is drawn in proportion to (count + 1) ** `power` (Mikolov et al. 2013: 0.75)."""

    def __init__(self, count: int, power: float) -> None:
        self.count = count
        self.power = power

    def fit(self, counts: Tensor) -> None:
        weights = (counts.cpu().double() + 1) ** self.power
        weights[0] = 0
        self.cumulative = (weights / weights.sum()).cumsum(0)
        self.log_probability = (weights / weights.sum()).log().float().to(counts.device)

    def draw(self, groups: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        points = torch.rand(groups, self.count, generator=generator, dtype=torch.double)
        ids = torch.searchsorted(self.cumulative, points, right=True)
        ids = ids.clamp(1, len(self.cumulative) - 1).to(self.log_probability.device)
        return ids, self.log_q(ids)

    def log_q(self, ids: Tensor) -> Tensor:
        return self.log_probability[ids]
