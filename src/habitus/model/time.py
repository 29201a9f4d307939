"""When and in what order: what a network knows of positions, gaps and the moment of the question.

A time part may add to a token (`add`), turn queries and keys (`turn`, linear in the length), or
bias attention (`bias`). Hidden times (`timed` false) must leave no trace of them in any of the three.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from habitus.model.seams import TimePart, When
from habitus.types import DAY, SECOND

BUCKETS = 120  # of log_bucket: up to 34 years


class LearnedPositions(TimePart):
    """A vector per position counted from the end (SASRec, Kang & McAuley 2018). Cannot step."""

    steps = False

    def __init__(self, dim: int, length: int) -> None:
        super().__init__()
        self.length = length
        self.table = nn.Parameter(torch.randn(length, dim) * 0.02)

    def add(self, when: When) -> Tensor:
        return functional.embedding(when.from_end.clamp(0, self.length - 1), self.table)


class Rotary(TimePart):
    """Rotary positions (Su et al. 2021): the product of query and key depends on their distance."""

    def __init__(self, dim: int, base: float = 1000.0) -> None:
        super().__init__()
        half = dim // 2
        self.register_buffer("rates", base ** (-torch.arange(half) / half), persistent=False)

    def turn(self, x: Tensor, when: When) -> Tensor:
        rates: Tensor = self.get_buffer("rates")
        angle = when.position[:, None, :, None] * rates
        cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
        first, second = x.chunk(2, -1)
        return torch.cat((first * cos - second * sin, first * sin + second * cos), -1)


def log_bucket(gap: Tensor, buckets: int) -> Tensor:
    """Gaps in µs → bucket, int64: four an octave of 1 + seconds, the last open-ended.

    Read off the bits of a float32, exponent and two places of the mantissa: no logarithm is taken.
    """
    seconds = 1 + gap.clamp_min(0).float() / SECOND
    return ((seconds.view(torch.int32) >> 21) - (127 << 2)).clamp_(0, buckets - 1).long()


class Gaps(TimePart):
    """Adds a vector for the gap from an event to the next one (or to `now`), by its logarithm."""

    def __init__(self, dim: int, buckets: int = BUCKETS) -> None:
        super().__init__()
        self.buckets = buckets
        self.table = nn.Parameter(torch.randn(buckets, dim) * 0.02)

    def add(self, when: When) -> Tensor:
        bucket = log_bucket(when.query_time - when.time, self.buckets)
        return functional.embedding(bucket, self.table) * when.timed[:, None, None]


class Calendar(TimePart):
    """Adds the hour of the day and the day of the week of the moment asked about, as harmonics."""

    def __init__(self, dim: int, harmonics: int = 3) -> None:
        super().__init__()
        periods = torch.tensor([DAY, 7 * DAY])
        rates = 2 * math.pi * torch.arange(1, harmonics + 1) / periods[:, None]
        self.register_buffer("periods", periods, persistent=False)
        self.register_buffer("rates", rates, persistent=False)
        self.linear = nn.Linear(4 * harmonics, dim, bias=False)
        nn.init.normal_(self.linear.weight, std=0.02)

    def add(self, when: When) -> Tensor:
        into = (when.query_time[..., None] % self.get_buffer("periods")).float()
        phase = (into[..., None] * self.get_buffer("rates")).flatten(-2)
        found: Tensor = self.linear(torch.cat((phase.sin(), phase.cos()), -1))
        return found * when.timed[:, None, None]


class ElapsedBias(TimePart):
    """A learned bias per head for the logarithm of the time from a past event to the moment asked
    about (the temporal bias of HSTU, Zhai et al. 2024)."""

    def __init__(self, heads: int, layers: int, buckets: int = BUCKETS) -> None:
        super().__init__()
        self.buckets = buckets
        self.table = nn.Parameter(torch.zeros(layers, heads, buckets))

    def bias(self, queries: When, keys: When, dtype: torch.dtype) -> Tensor | None:
        if not bool(queries.timed.any()):
            return None
        gap = queries.query_time[:, :, None] - keys.time[:, None, :]
        bucket = log_bucket(gap, self.buckets)
        bucket = torch.where(queries.timed[:, None, None], bucket, self.buckets)
        hidden = self.table.new_zeros(*self.table.shape[:2], 1)
        found: Tensor = _LookUp.apply(  # type: ignore[no-untyped-call]
            torch.cat((self.table, hidden), 2), bucket, dtype
        )
        return found


class _LookUp(torch.autograd.Function):
    """table [L, H, K] at bucket [B, Q, S] → [L, B, H, Q, S] in `dtype`. The gradient is a weighted
    count per bucket, many times faster than torch's own scatter on a CPU."""

    @staticmethod
    def forward(ctx: Any, table: Tensor, bucket: Tensor, dtype: torch.dtype) -> Tensor:
        ctx.save_for_backward(bucket)
        ctx.shape = table.shape
        layers, heads, _ = table.shape
        batch, rows, columns = bucket.shape
        narrow = table.to(dtype)
        found = narrow.flatten(0, 1).index_select(1, bucket.flatten())
        return found.view(layers, heads, batch, rows, columns).transpose(1, 2)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        (bucket,) = ctx.saved_tensors
        layers, heads, size = ctx.shape
        place = bucket.flatten()
        found = grad.new_zeros(ctx.shape, dtype=torch.float32)
        for layer in range(layers):
            for head in range(heads):
                weights = grad[layer, :, head].flatten().float()
                found[layer, head] = torch.bincount(place, weights, minlength=size)
        return found, None, None
