"""From tokens to states: how a history's events are brought together, each seeing only its past.

The contract is `habitus.model.seams.Mixer`; `peek` never changes the state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from habitus.model.layers import Bare, Dropout, FeedForward, LayerNorm, Linear, plus_product
from habitus.model.memory import AttentionState, BlockState, joined
from habitus.model.seams import Mixer, TimePart, When


class CausalConvolution(Bare):
    """Each position plus a learned mixture of itself and the `kernel` − 1 before it, channel by channel."""

    def __init__(self, dim: int, kernel: int) -> None:
        super().__init__()
        self.kernel = kernel
        self.weight = nn.Parameter(torch.randn(kernel, dim) * 0.02)

    def forward(self, x: Tensor, tail: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, T, D] after `tail` [B, ≥ kernel − 1, D] → (mixed, the last inputs, one to spare)."""
        size = x.shape[1]
        before = self.kernel - 1
        longer = torch.cat((tail[:, tail.shape[1] - before :], x), 1)
        mixed = x
        for back, weight in enumerate(self.weight.unbind()):
            mixed = plus_product(mixed, longer.narrow(1, before - back, size), weight)
        return mixed, longer[:, max(size - 1, 0) :]


class Block(Bare):
    """Pre-norm self-attention and feed-forward, with an optional convolution before the attention."""

    def __init__(self, dim: int, heads: int, width: int, dropout: float, kernel: int) -> None:
        super().__init__()
        self.heads = heads
        self.before = LayerNorm(dim)
        self.local = CausalConvolution(dim, kernel) if kernel else None
        self.project = Linear(dim, 3 * dim)
        self.out = Linear(dim, dim)
        self.between = LayerNorm(dim)
        self.feed = FeedForward(dim, width, dropout)
        self.dropout = Dropout(dropout)
        self.attention_dropout = Dropout(dropout)

    def empty(self, x: Tensor) -> BlockState:
        """The state before the first event."""
        batch, _, dim = x.shape
        nothing = x.new_zeros(batch, self.heads, 0, dim // self.heads)
        kernel = self.local.kernel if self.local else 1
        return BlockState(nothing, nothing, x.new_zeros(batch, kernel - 1, dim))

    def forward(
        self,
        x: Tensor,
        past: BlockState,
        bias: Tensor | None,
        when: When,
        times: Sequence[TimePart],
        last: bool = False,
    ) -> tuple[Tensor, BlockState]:
        """x [B, T, D] after the events in `past`; `bias` is added to the attention logits. With
        `last` only the last event's output is worked out, [B, 1, D], and `bias` is for it alone; the
        state is of all of them."""
        batch, size, dim = x.shape
        inner, tail = self.before(x), past.tail
        if self.local is not None:
            inner, tail = self.local(inner, tail)
        split = self.project(inner).view(batch, size, 3 * self.heads, dim // self.heads)
        both, value = split.transpose(1, 2).split((2 * self.heads, self.heads), 1)
        for part in times:
            both = part.turn(both, when)  # queries and keys at once, as if they were more heads
        query, key = both.chunk(2, 1)
        if past.key.shape[2]:
            key = torch.cat((past.key, key), 2)
            value = torch.cat((past.value, value), 2)
        if last:
            x, query, size = x[:, -1:], query[:, :, -1:], 1
        mixed = self.attend(query, key, value, bias)
        x = x + self.dropout(self.out(mixed.transpose(1, 2).reshape(batch, size, dim)))
        x = x + self.dropout(self.feed(self.between(x)))
        return x, BlockState(key, value, tail)

    def attend(self, query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None) -> Tensor:
        """Written out: on a CPU, at these lengths, plain products beat the fused kernel twice over,
        but for a few queries after a long past."""
        batch, heads, size, width = query.shape
        if size < key.shape[2] and not self.training:
            return functional.scaled_dot_product_attention(query, key, value, bias)
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


def attention_bias(
    when: When, seen: When, times: Sequence[TimePart], dtype: torch.dtype
) -> Tensor | None:
    """What the time parts add, [layers, B | 1, H, T, S + T]; None where they add nothing."""
    found: Tensor | None = None
    for part in times:
        more = part.bias(when, seen, dtype)
        if more is not None:
            found = more if found is None else found + more
    return found


def causal_mask(when: When, seen: When, dtype: torch.dtype) -> Tensor | None:
    """−inf at what follows a query, [T, S + T]; None for a single query, which may see everything."""
    size, total = when.time.shape[1], seen.time.shape[1]
    if size == 1:
        return None
    mask = torch.full((size, total), -torch.inf, dtype=dtype, device=when.time.device)
    return mask.triu_(total - size + 1)


def logits_bias(bias: Tensor | None, mask: Tensor | None, layer: int, last: bool) -> Tensor | None:
    """What one layer adds to its logits [B, H, T, S + T], with `last` to those of the last query."""
    found = None if bias is None else bias[layer]
    if last:
        return None if found is None else found[..., -1:, :]
    if found is None or mask is None:
        return mask if found is None else found
    return found + mask


class Attention(Mixer[AttentionState]):
    """A stack of causal self-attention blocks (Vaswani et al. 2017; SASRec, Kang & McAuley 2018)."""

    steps = True

    def __init__(
        self, dim: int, blocks: int, heads: int, width: int, dropout: float, kernel: int = 0
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            Block(dim, heads, width, dropout, kernel) for _ in range(blocks)
        )
        self.norm = LayerNorm(dim)

    def forward(self, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        return self.run(x, when, times, None)[0]

    def start(self, x: Tensor, when: When, times: Sequence[TimePart]) -> AttentionState:
        return self.run(x, when, times, None)[1]

    def commit(
        self, state: AttentionState, x: Tensor, when: When, times: Sequence[TimePart]
    ) -> AttentionState:
        return self.run(x, when, times, state)[1]

    def peek(
        self, state: AttentionState, x: Tensor, when: When, times: Sequence[TimePart]
    ) -> Tensor:
        return self.run(x, when, times, state)[0][:, -1]

    def answer(
        self, state: AttentionState | None, x: Tensor, when: When, times: Sequence[TimePart]
    ) -> tuple[Tensor, AttentionState]:
        out, after = self.run(x, when, times, state, last=True)
        earlier = tuple(layer.without_last() for layer in after.layers)
        return out[:, -1], AttentionState(earlier, after.when[:-1])

    def run(
        self,
        x: Tensor,
        when: When,
        times: Sequence[TimePart],
        state: AttentionState | None,
        last: bool = False,
    ) -> tuple[Tensor, AttentionState]:
        """Through all blocks; with `last` the outputs [B, 1, D] are the last event's alone."""
        seen = when if state is None else joined(state.when, when)
        bias = attention_bias(when, seen, times, x.dtype)
        mask = causal_mask(when, seen, x.dtype)
        layers = []
        for layer, block in enumerate(self.blocks):
            past = block.empty(x) if state is None else state.layers[layer]  # type: ignore[operator]
            only = last and layer == len(self.blocks) - 1
            added = logits_bias(bias, mask, layer, only)
            x, after = block(x, past, added, when, times, only)
            layers.append(after)
        return self.norm(x), AttentionState(tuple(layers), seen)


@dataclass(frozen=True, eq=False)
class GruState:
    """What a recurrent network remembers: its hidden layers [blocks, B, D]."""

    hidden: Tensor


class Gru(Mixer[GruState]):
    """A gated recurrent network (GRU4Rec, Hidasi et al. 2016)."""

    steps = True

    def __init__(self, dim: int, blocks: int, dropout: float) -> None:
        super().__init__()
        self.gru = nn.GRU(dim, dim, num_layers=blocks, batch_first=True)
        self.dropout = Dropout(dropout)
        self.out = nn.Linear(dim, dim)

    def forward(self, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        out: Tensor = self.out(self.dropout(self.gru(x)[0]))
        return out

    def start(self, x: Tensor, when: When, times: Sequence[TimePart]) -> GruState:
        return GruState(self.gru(x)[1])

    def commit(self, state: GruState, x: Tensor, when: When, times: Sequence[TimePart]) -> GruState:
        return GruState(self.gru(x, state.hidden)[1])

    def peek(self, state: GruState, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        out: Tensor = self.out(self.gru(x, state.hidden)[0])
        return out[:, -1]

    def answer(
        self, state: GruState | None, x: Tensor, when: When, times: Sequence[TimePart]
    ) -> tuple[Tensor, GruState | None]:
        if x.shape[1] > 1:
            before = x[:, :-1]
            state = (
                GruState(self.gru(before, state.hidden)[1])
                if state
                else GruState(self.gru(before)[1])
            )
        return super().answer(state, x[:, -1:], when[-1:], times)
