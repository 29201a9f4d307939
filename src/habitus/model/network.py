"""The behaviour model: item table, tokens, time, mixer and head put together."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call

from habitus.model.batch import Batch
from habitus.model.embed import ItemInput, ItemTable
from habitus.model.head import Dot
from habitus.model.mix import Attention, Gru, MixState
from habitus.model.time import TimePart, When


def when(batch: Batch, first: int = 0) -> When:
    """Positions and moments of a batch whose first event is event number `first` of its history."""
    steps = torch.arange(batch.item.shape[1], device=batch.item.device)
    return When(
        position=(steps + first).expand_as(batch.item),
        from_end=batch.lengths[:, None] - 1 - steps,
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
        mix: Attention | Gru,
        head: Dot,
    ) -> None:
        super().__init__()
        self.items = items
        self.tokens = tokens
        self.times = nn.ModuleList(times)
        self.mix = mix
        self.head = head

    @property
    def steps(self) -> bool:
        """Whether a state can advance by one event and stay exact."""
        return self.mix.steps and all(part.steps for part in self._times())

    def embed(self, batch: Batch, table: Tensor, at: When) -> Tensor:
        x: Tensor = self.tokens(batch, table)
        for part in self._times():
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
            out: Tensor = self.mix(x, at, self._times())
            return out
        narrow = {name: value.to(dtype) for name, value in self.mix.named_parameters()}
        found: Tensor = functional_call(self.mix, narrow, (x, at, self._times()))
        return found

    def start(self, batch: Batch, table: Tensor) -> MixState:
        """What the mixer remembers of whole histories (no padding), ready to advance."""
        at = when(batch)
        return self.mix.start(self.embed(batch, table, at), at, self._times())

    def commit(self, state: MixState | None, batch: Batch, table: Tensor, first: int) -> MixState:
        """The mixer's memory after one more event, number `first` of its history [B, 1]."""
        at = when(batch, first)
        x = self.embed(batch, table, at)
        if state is None:
            return self.mix.start(x, at, self._times())
        return self.mix.commit(state, x, at, self._times())

    def peek(self, state: MixState | None, batch: Batch, table: Tensor, first: int) -> Tensor:
        """The state [B, D] that one more event would give; the mixer's memory stays as it is."""
        at = when(batch, first)
        x = self.embed(batch, table, at)
        if state is None:
            alone: Tensor = self.mix(x, at, self._times())
            return alone[:, -1]
        return self.mix.peek(state, x, at, self._times())

    def _times(self) -> list[TimePart]:
        return list(self.times)  # type: ignore[arg-type]
