"""When and in what order: what a network knows of positions, gaps and the moment of the question.

A time part may add to a token (`add`), turn queries and keys (`turn`, linear in the length), or
bias attention (`bias`). Hidden times (`timed` false) must leave no trace of them in any of the three.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from habitus.types import DAY, SECOND


@dataclass(frozen=True, eq=False)
class When:
    """Positions and moments of T tokens.

    position   int64 [B, T]  counted from the first event
    from_end   int64 [B, T]  counted back from the last event (0 = the last)
    time       int64 µs [B, T]
    query_time int64 µs [B, T]
    timed      bool [B]
    """

    position: Tensor
    from_end: Tensor
    time: Tensor
    query_time: Tensor
    timed: Tensor


class TimePart(nn.Module):
    """Nothing of its own: parts override what they do. `steps`: exact when advanced by one event."""

    steps = True

    def add(self, when: When) -> Tensor | None:
        """What is added to the tokens, [B, T, D]."""
        return None

    def turn(self, x: Tensor, when: When) -> Tensor:
        """Queries or keys [B, H, T, D / H], turned so that their product knows their distance."""
        return x

    def bias(self, layer: int, queries: When, keys: When) -> Tensor | None:
        """What is added to the attention logits, [B | 1, H, Tq, Tk]."""
        return None


class LearnedPositions(TimePart):
    """A vector per position counted from the end (SASRec, Kang & McAuley 2018). Cannot step."""

    steps = False

    def __init__(self, dim: int, length: int) -> None:
        super().__init__()
        self.length = length
        self.table = nn.Parameter(torch.randn(length, dim) * 0.02)

    def add(self, when: When) -> Tensor:
        return self.table[when.from_end.clamp(0, self.length - 1)]


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
    """Gaps in µs → bucket: 0 below a second, then three buckets an octave, the last open-ended."""
    seconds = gap.clamp_min(0).float() / SECOND
    return (3 * torch.log2(seconds + 1)).long().clamp_max(buckets - 1)


class Gaps(TimePart):
    """Adds a vector for the gap from an event to the next one (or to `now`), by its logarithm."""

    def __init__(self, dim: int, buckets: int = 88) -> None:
        super().__init__()
        self.buckets = buckets
        self.table = nn.Parameter(torch.randn(buckets, dim) * 0.02)

    def add(self, when: When) -> Tensor:
        found = self.table[log_bucket(when.query_time - when.time, self.buckets)]
        return found * when.timed[:, None, None]


class Calendar(TimePart):
    """Adds the hour of the day and the day of the week of the moment asked about, as harmonics."""

    def __init__(self, dim: int, harmonics: int = 3) -> None:
        super().__init__()
        self.harmonics = harmonics
        self.linear = nn.Linear(4 * harmonics, dim, bias=False)
        nn.init.normal_(self.linear.weight, std=0.02)

    def add(self, when: When) -> Tensor:
        waves = []
        for period in (DAY, 7 * DAY):
            phase = (when.query_time % period).float() * (2 * math.pi / period)
            for harmonic in range(1, self.harmonics + 1):
                waves += [torch.sin(harmonic * phase), torch.cos(harmonic * phase)]
        found: Tensor = self.linear(torch.stack(waves, -1))
        return found * when.timed[:, None, None]


class ElapsedBias(TimePart):
    """A learned bias per head for the logarithm of the time from a past event to the moment asked
    about (the temporal bias of HSTU, Zhai et al. 2024)."""

    def __init__(self, heads: int, layers: int, buckets: int = 88) -> None:
        super().__init__()
        self.buckets = buckets
        self.table = nn.Parameter(torch.zeros(layers, buckets, heads))

    def bias(self, layer: int, queries: When, keys: When) -> Tensor | None:
        if not bool(queries.timed.any()):
            return None
        gap = queries.query_time[:, :, None] - keys.time[:, None, :]
        found = self.table[layer][log_bucket(gap, self.buckets)]  # [B, Tq, Tk, H]
        return (found * queries.timed[:, None, None, None]).permute(0, 3, 1, 2)
