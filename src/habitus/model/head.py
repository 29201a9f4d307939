"""From a state to scores: how near a user is to each item."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from habitus.model.seams import Head


class Dot(Head):
    """Score = state · item."""

    def queries(self, states: Tensor) -> Tensor:
        return states

    def keys(self, table: Tensor) -> Tensor:
        return table


class Cosine(Head):
    """Score = cosine(state, item) × a learned scale, begun at 1 / `temperature`."""

    def __init__(self, temperature: float) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(-torch.tensor(temperature).log())

    def queries(self, states: Tensor) -> Tensor:
        scale = self.log_scale.clamp_max(5.0).exp()
        return functional.normalize(states.float(), dim=-1) * scale

    def keys(self, table: Tensor) -> Tensor:
        return functional.normalize(table, dim=-1)
