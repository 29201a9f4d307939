"""From tokens to states: how a history's events are brought together, each seeing only its past.

A mixer has `forward(x, when, times)` → [B, T, D] for whole sequences, and, where `steps` is true,
`start`, `commit` and `peek` to advance one event at a time; `peek` never changes the state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from habitus.model.layers import Dropout, FeedForward
from habitus.model.time import TimePart, When


@dataclass(frozen=True, eq=False)
class LayerState:
    """What one block remembers: keys and values [B, H, S, D / H], the last inputs of its convolution."""

    key: Tensor
    value: Tensor
    tail: Tensor


@dataclass(frozen=True, eq=False)
class MixState:
    """What a mixer remembers of S events; `when` holds their positions and times."""

    layers: tuple[LayerState, ...]
    when: When | None


class CausalConvolution(nn.Module):
    """Each position plus a learned mixture of itself and the `kernel` − 1 before it, channel by channel."""

    def __init__(self, dim: int, kernel: int) -> None:
        super().__init__()
        self.kernel = kernel
        self.weight = nn.Parameter(torch.randn(kernel, dim) * 0.02)

    def forward(self, x: Tensor, tail: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, T, D] after `tail` [B, kernel − 1, D] → (mixed, new tail)."""
        longer = torch.cat((tail, x), 1)
        size = x.shape[1]
        mixed = x
        for back in range(self.kernel):
            at = self.kernel - 1 - back
            mixed = mixed + longer[:, at : at + size] * self.weight[back]
        return mixed, longer[:, longer.shape[1] - (self.kernel - 1) :]


class Block(nn.Module):
    """Pre-norm self-attention and feed-forward, with an optional convolution before the attention."""

    def __init__(self, dim: int, heads: int, width: int, dropout: float, kernel: int) -> None:
        super().__init__()
        self.heads = heads
        self.before = nn.LayerNorm(dim)
        self.local = CausalConvolution(dim, kernel) if kernel else None
        self.project = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)
        self.between = nn.LayerNorm(dim)
        self.feed = FeedForward(dim, width, dropout)
        self.dropout = Dropout(dropout)
        self.attention_dropout = Dropout(dropout)

    def empty(self, x: Tensor) -> LayerState:
        """The state before the first event."""
        batch, _, dim = x.shape
        nothing = x.new_zeros(batch, self.heads, 0, dim // self.heads)
        kernel = self.local.kernel if self.local else 1
        return LayerState(nothing, nothing, x.new_zeros(batch, kernel - 1, dim))

    def forward(
        self,
        layer: int,
        x: Tensor,
        past: LayerState,
        when: When,
        seen: When,
        times: Sequence[TimePart],
    ) -> tuple[Tensor, LayerState]:
        """x [B, T, D] after the events in `past`; `seen` describes past and new ones together."""
        batch, size, dim = x.shape
        inner, tail = self.before(x), past.tail
        if self.local is not None:
            inner, tail = self.local(inner, tail)
        split = self.project(inner).view(batch, size, 3, self.heads, dim // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        for part in times:
            query, key = part.turn(query, when), part.turn(key, when)
        if past.key.shape[2]:
            key = torch.cat((past.key, key), 2)
            value = torch.cat((past.value, value), 2)
        mixed = self.attend(query, key, value, self.bias(layer, query, when, seen, times))
        x = x + self.dropout(self.out(mixed.transpose(1, 2).reshape(batch, size, dim)))
        x = x + self.dropout(self.feed(self.between(x)))
        return x, LayerState(key, value, tail)

    def attend(self, query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None) -> Tensor:
        """Written out: on a CPU, at these lengths, plain products beat the fused kernel twice over."""
        batch, heads, size, width = query.shape
        query = query.reshape(batch * heads, size, width) * width**-0.5
        key = key.reshape(batch * heads, -1, width)
        logits = torch.bmm(query, key.transpose(1, 2)).view(batch, heads, size, -1)
        if bias is not None:
            logits = logits + bias
        weights = self.attention_dropout(torch.softmax(logits, -1))
        flat = value.reshape(batch * heads, -1, width)
        return torch.bmm(weights.view(batch * heads, size, -1), flat).view(
            batch, heads, size, width
        )

    def bias(
        self, layer: int, like: Tensor, when: When, seen: When, times: Sequence[TimePart]
    ) -> Tensor | None:
        """The causal mask and what the time parts add; a single query at the end needs no mask."""
        size, total = when.time.shape[1], seen.time.shape[1]
        found: Tensor | None = None
        if size > 1:
            future = torch.ones(size, total, dtype=torch.bool, device=like.device)
            future = future.triu(total - size + 1)
            found = like.new_zeros(size, total).masked_fill(future, -torch.inf)
        for part in times:
            more = part.bias(layer, when, seen)
            if more is not None:
                found = more.to(like.dtype) if found is None else found + more.to(like.dtype)
        return found


class Attention(nn.Module):
    """A stack of causal self-attention blocks (Vaswani et al. 2017; SASRec, Kang & McAuley 2018)."""

    causal = True
    steps = True

    def __init__(
        self, dim: int, blocks: int, heads: int, width: int, dropout: float, kernel: int = 0
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            Block(dim, heads, width, dropout, kernel) for _ in range(blocks)
        )
        self.norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        return self.run(x, when, times, None)[0]

    def start(self, x: Tensor, when: When, times: Sequence[TimePart]) -> MixState:
        """The state after whole histories [B, T, D] without padding."""
        return self.run(x, when, times, None)[1]

    def commit(self, state: MixState, x: Tensor, when: When, times: Sequence[TimePart]) -> MixState:
        """The state after one more event [B, 1, D]."""
        return self.run(x, when, times, state)[1]

    def peek(self, state: MixState, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        """The output [B, D] that one more event would have; the state stays as it is."""
        return self.run(x, when, times, state)[0][:, -1]

    def run(
        self, x: Tensor, when: When, times: Sequence[TimePart], state: MixState | None
    ) -> tuple[Tensor, MixState]:
        seen = when if state is None or state.when is None else joined(state.when, when)
        layers = []
        for layer, block in enumerate(self.blocks):
            past = block.empty(x) if state is None else state.layers[layer]  # type: ignore[operator]
            x, after = block(layer, x, past, when, seen, times)
            layers.append(after)
        return self.norm(x), MixState(tuple(layers), seen)


def joined(past: When, new: When) -> When:
    """Two stretches of time, one after the other."""
    return When(
        position=torch.cat((past.position, new.position), 1),
        from_end=torch.cat((past.from_end, new.from_end), 1),
        time=torch.cat((past.time, new.time), 1),
        query_time=torch.cat((past.query_time, new.query_time), 1),
        timed=new.timed,
    )


class Gru(nn.Module):
    """A gated recurrent network (GRU4Rec, Hidasi et al. 2016)."""

    causal = True
    steps = True

    def __init__(self, dim: int, blocks: int, dropout: float) -> None:
        super().__init__()
        self.gru = nn.GRU(dim, dim, num_layers=blocks, batch_first=True)
        self.dropout = Dropout(dropout)
        self.out = nn.Linear(dim, dim)

    def forward(self, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        out: Tensor = self.out(self.dropout(self.gru(x)[0]))
        return out

    def start(self, x: Tensor, when: When, times: Sequence[TimePart]) -> MixState:
        hidden = self.gru(x)[1]
        return MixState((LayerState(hidden, hidden, hidden),), None)

    def commit(self, state: MixState, x: Tensor, when: When, times: Sequence[TimePart]) -> MixState:
        hidden = self.gru(x, state.layers[0].key)[1]
        return MixState((LayerState(hidden, hidden, hidden),), None)

    def peek(self, state: MixState, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        out: Tensor = self.out(self.gru(x, state.layers[0].key)[0])
        return out[:, -1]
