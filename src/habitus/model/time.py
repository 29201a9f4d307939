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

from habitus.model.layers import Linear, plus_product
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
        turns = when.known.get(self)  # every layer turns by the same angles
        if turns is None or turns[0].dtype != x.dtype:
            turns = when.known[self] = self._turns(when, x.dtype)
        cos, sin = turns
        return plus_product(x * cos, x.roll(x.shape[-1] // 2, -1), sin)

    def _turns(self, when: When, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """The factors [B, 1, T, D / H] of a channel itself and of the one that it is turned with."""
        rates: Tensor = self.get_buffer("rates")
        angle = when.position[:, None, :, None] * rates
        cos, sin = angle.cos().to(dtype), angle.sin().to(dtype)
        return torch.cat((cos, cos), -1), torch.cat((-sin, sin), -1)


def log_bucket(gap: Tensor, buckets: int) -> Tensor:
    """Gaps in µs → bucket, int64: four an octave of 1 + seconds, the last open-ended.

    Read off the bits of a float32, exponent and two places of the mantissa: no logarithm is taken.
    """
    seconds = gap.float().clamp_min_(0).div_(SECOND).add_(1)
    place = seconds.view(torch.int32).bitwise_right_shift_(21).sub_(127 << 2)
    return place.clamp_(max=buckets - 1).long()


def shown(found: Tensor, when: When) -> Tensor:
    """`found` [B, T, D] where times are known, zero in the rows that hide them."""
    return found if when.all_timed else found * when.timed[:, None, None]


class Gaps(TimePart):
    """Adds a vector for the gap from an event to the next one (or to `now`), by its logarithm."""

    def __init__(self, dim: int, buckets: int = BUCKETS) -> None:
        super().__init__()
        self.buckets = buckets
        self.table = nn.Parameter(torch.randn(buckets, dim) * 0.02)

    def add(self, when: When) -> Tensor:
        bucket = log_bucket(when.query_time - when.time, self.buckets)
        return shown(functional.embedding(bucket, self.table), when)


class Calendar(TimePart):
    """Adds the hour of the day and the day of the week of the moment asked about, as harmonics."""

    def __init__(self, dim: int, harmonics: int = 3) -> None:
        super().__init__()
        periods = torch.tensor([DAY, 7 * DAY])
        rates = 2 * math.pi * torch.arange(1, harmonics + 1) / periods[:, None]
        self.register_buffer("periods", periods, persistent=False)
        self.register_buffer("rates", rates, persistent=False)
        self.linear = Linear(4 * harmonics, dim, bias=False)
        nn.init.normal_(self.linear.weight, std=0.02)

    def add(self, when: When) -> Tensor:
        into = (when.query_time[..., None] % self.get_buffer("periods")).float()
        phase = (into[..., None] * self.get_buffer("rates")).flatten(-2)
        found: Tensor = self.linear(torch.cat((phase.sin(), phase.cos()), -1))
        return shown(found, when)


class ElapsedBias(TimePart):
    """A learned bias per head for the logarithm of the time from a past event to the moment asked
    about (the temporal bias of HSTU, Zhai et al. 2024)."""

    def __init__(self, heads: int, layers: int, buckets: int = BUCKETS) -> None:
        super().__init__()
        self.buckets = buckets
        self.table = nn.Parameter(torch.zeros(layers, heads, buckets))

    def bias(self, queries: When, keys: When, dtype: torch.dtype) -> Tensor | None:
        if not queries.all_timed and not bool(queries.timed.any()):
            return None
        gap = queries.query_time[:, :, None] - keys.time[:, None, :]
        bucket, table = log_bucket(gap, self.buckets), self.table
        if not queries.all_timed:
            bucket = torch.where(queries.timed[:, None, None], bucket, self.buckets)
            table = torch.cat((table, table.new_zeros(*table.shape[:2], 1)), 2)  # type: ignore[assignment]
        if not torch.is_grad_enabled():
            return look_up(table, bucket, dtype)
        found: Tensor = _LookUp.apply(table, bucket, dtype)  # type: ignore[no-untyped-call]
        return found


def look_up(table: Tensor, bucket: Tensor, dtype: torch.dtype) -> Tensor:
    """table [L, H, K] at bucket [B, Q, S] → [L, B, H, Q, S] in `dtype`."""
    layers, heads, _ = table.shape
    batch, rows, columns = bucket.shape
    found = table.to(dtype).flatten(0, 1).index_select(1, bucket.flatten())
    return found.view(layers, heads, batch, rows, columns).transpose(1, 2)


class _LookUp(torch.autograd.Function):
    """`look_up` with a gradient that is a weighted count per bucket, many times faster than torch's
    own scatter on a CPU."""

    @staticmethod
    def forward(ctx: Any, table: Tensor, bucket: Tensor, dtype: torch.dtype) -> Tensor:
        ctx.save_for_backward(bucket)
        ctx.shape = table.shape
        return look_up(table, bucket, dtype)

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
