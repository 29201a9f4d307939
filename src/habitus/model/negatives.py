"""Items that were not the answer, drawn for losses that do not look at the whole catalogue."""

from __future__ import annotations

import torch
from torch import Tensor


class Uniform:
    """Every item is drawn alike."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.log_probability = torch.zeros(1)

    def fit(self, counts: Tensor) -> None:
        """`counts` int64 [N + 1]: how often training names each item."""
        self.rows = len(counts)
        self.log_probability = torch.full((self.rows,), 1 / max(self.rows - 1, 1)).log()

    def draw(self, groups: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """`count` items for each group: ids int64 [G, n] (≥ 1) and their log-probabilities [G, n]."""
        ids = torch.randint(1, self.rows, (groups, self.count), generator=generator)
        return ids, self.log_probability[ids]


class Popular(Uniform):
    """An item is drawn in proportion to (count + 1) ** `power` (Mikolov et al. 2013: 0.75)."""

    def __init__(self, count: int, power: float) -> None:
        super().__init__(count)
        self.power = power

    def fit(self, counts: Tensor) -> None:
        weights = (counts.double() + 1) ** self.power
        weights[0] = 0
        self.cumulative = (weights / weights.sum()).cumsum(0)
        self.log_probability = (weights / weights.sum()).log().float()

    def draw(self, groups: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        points = torch.rand(groups, self.count, generator=generator, dtype=torch.double)
        ids = torch.searchsorted(self.cumulative, points, right=True)
        ids = ids.clamp(1, len(self.cumulative) - 1)
        return ids, self.log_probability[ids]
