"""Small layers that several parts share."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional


def plus_product(x: Tensor, one: Tensor, other: Tensor) -> Tensor:
    """x + one · other, in one pass over memory where no gradient is asked for."""
    if torch.is_grad_enabled():
        return x + one * other
    return torch.addcmul(x, one, other)


class Bare(nn.Module):
    """A module whose call is its `forward` and nothing else: it has no hooks. The answer to one event
    is two hundred small operations, of which torch's way of calling a module would be a quarter."""

    def __call__(self, *args: Any) -> Any:
        return self.forward(*args)


class Linear(Bare, nn.Linear):
    """`nn.Linear` without hooks."""


class LayerNorm(Bare, nn.LayerNorm):
    """`nn.LayerNorm` without hooks."""


class Dropout(Bare):
    """Dropout in steps of 1/256. On a CPU the mask comes from numpy's generator, which is several
    times faster than torch's there; it is seeded from torch's, so that seeds repeat."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.drop = round(p * 256)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.drop == 0:
            return x
        if x.device.type != "cpu":
            return functional.dropout(x, self.p)
        seed = int(torch.randint(2**62, ()).item())
        noise = np.random.Generator(np.random.SFC64(seed)).bytes(x.numel())
        keep = torch.frombuffer(bytearray(noise), dtype=torch.uint8).view(x.shape) >= self.drop
        return x * (keep.to(x.dtype) * (256 / (256 - self.drop)))


class FeedForward(Bare):
    """Two linear maps with a GELU between, applied to each position alone: [.., D] → [.., D]."""

    def __init__(self, dim: int, width: int, dropout: float) -> None:
        super().__init__()
        self.inner = Linear(dim, width)
        self.outer = Linear(width, dim)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        hidden: Tensor = self.dropout(functional.gelu(self.inner(x)))
        out: Tensor = self.outer(hidden)
        return out
