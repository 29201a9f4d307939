"""The behaviour model: item table, tokens, time, mixer and head put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from habitus.model.batch import Batch
from habitus.model.embed import ItemInput, ItemTable
from habitus.model.seams import Head, Mixer, TimePart, When
from habitus.model.trend import Trend


def when(batch: Batch, first: int = 0) -> When:
    """Positions and moments of a batch whose first event is event number `first` of its history."""
    position = torch.arange(first, first + batch.item.shape[1], device=batch.item.device)
    return When(
        position=position.expand_as(batch.item),
        from_end=batch.lengths[:, None] + (first - 1) - position,
        time=batch.time,
        query_time=batch.query_time,
        timed=batch.timed,
    )


class Network(nn.Module):
    """embed → time → mix; `head` compares what comes out with the item table."""

    def __init__(
        self,
        items: ItemTable,
        tokens: ItemInput,
        times: Sequence[TimePart],
        mix: Mixer[Any],
        head: Head,
        trend: Trend | None = None,
    ) -> None:
        super().__init__()
        self.items = items
        self.tokens = tokens
        self.times = nn.ModuleList(times)
        self.parts = tuple(times)  # iterating over a module list costs a step its microseconds
        self.mix = mix
        self.head = head
        self.trend = trend

    @property
    def steps(self) -> bool:
        """Whether a state can advance by one event and stay exact."""
        return self.mix.steps and all(part.steps for part in self.parts)

    def embed(self, batch: Batch, table: Tensor, at: When) -> Tensor:
        x: Tensor = self.tokens(batch, table)
        for part in self.parts:
            more = part.add(at)
            if more is not None:
                x = x + more
        dropped: Tensor = self.tokens.dropout(x)
        return dropped

    def encode(self, batch: Batch, table: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
        """The state after each event, [B, L, D] in `dtype`."""
        at = when(batch)
        x = self.embed(batch, table, at).to(dtype)
        if dtype == torch.float32:
            out: Tensor = self.mix(x, at, self.parts)
            return out
        narrow = {name: value.to(dtype) for name, value in self.mix.named_parameters()}
        found: Tensor = functional_call(self.mix, narrow, (x, at, self.parts))
        return found

    def answer(
        self, state: Any | None, batch: Batch, table: Tensor, first: int
    ) -> tuple[Tensor, Any | None]:
        """The state [B, D] at the last event of `batch` (no padding; its events are number `first`
        and on), and the mixer's memory before that event. `state`: its memory before the batch."""
        at = when(batch, first)
        return self.mix.answer(state, self.embed(batch, table, at), at, self.parts)
