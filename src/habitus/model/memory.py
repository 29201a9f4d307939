"""What attention remembers of one user, and of several users at once: padded, and taken apart again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from habitus.model.seams import When


@dataclass(frozen=True, eq=False)
class BlockState:
    """What one block remembers: keys and values [B, H, S, D / H], the last inputs of its convolution."""

    key: Tensor
    value: Tensor
    tail: Tensor

    def without_last(self) -> BlockState:
        """The state one event earlier; only of a state that a whole history has just made."""
        return BlockState(self.key[:, :, :-1], self.value[:, :, :-1], self.tail[:, :-1])


@dataclass(frozen=True, eq=False)
class AttentionState:
    """What attention remembers of S events; `when` holds their positions and times."""

    layers: tuple[BlockState, ...]
    when: When


def joined(past: When, new: When) -> When:
    """Two stretches of time, one after the other."""
    return When(
        position=torch.cat((past.position, new.position), 1),
        from_end=torch.cat((past.from_end, new.from_end), 1),
        time=torch.cat((past.time, new.time), 1),
        query_time=torch.cat((past.query_time, new.query_time), 1),
        timed=new.timed,
    )


@dataclass(frozen=True, eq=False)
class Pasts:
    """What several users remember, padded on the right to `width` events; `when` None: nothing."""

    layers: tuple[BlockState, ...]
    when: When | None
    counts: tuple[int, ...]
    width: int


def padded_pasts(
    states: Sequence[AttentionState | None], empty: Sequence[BlockState], when: When
) -> Pasts:
    """The states of B users as one; `empty` is what each layer remembers of nothing, [1, …]."""
    counts = tuple(0 if state is None else state.when.time.shape[1] for state in states)
    width = max(counts)
    layers = []
    for layer, nothing in enumerate(empty):
        own = [nothing if state is None else state.layers[layer] for state in states]
        kernel = nothing.tail.shape[1]  # a state may hold one input to spare
        layers.append(
            BlockState(
                torch.cat([padded(each.key, width, 2) for each in own]),
                torch.cat([padded(each.value, width, 2) for each in own]),
                torch.cat([each.tail[:, each.tail.shape[1] - kernel :] for each in own]),
            )
        )
    if not width:
        return Pasts(tuple(layers), None, counts, width)
    moments = [
        when.row(at, slice(0)) if each is None else each.when for at, each in enumerate(states)
    ]
    return Pasts(
        tuple(layers),
        When(
            position=torch.cat([padded(each.position, width, 1) for each in moments]),
            from_end=torch.cat([padded(each.from_end, width, 1) for each in moments]),
            time=torch.cat([padded(each.time, width, 1) for each in moments]),
            query_time=torch.cat([padded(each.query_time, width, 1) for each in moments]),
            timed=when.timed,
        ),
        counts,
        width,
    )


def padded(x: Tensor, width: int, axis: int) -> Tensor:
    """The same with zeros after it, up to `width` along an axis."""
    short = width - x.shape[axis]
    if not short:
        return x
    shape = list(x.shape)
    shape[axis] = short
    return torch.cat((x, x.new_zeros(shape)), axis)


def hidden_keys(
    past: Sequence[int], counts: Sequence[int], seen: When, dtype: torch.dtype
) -> Tensor:
    """−inf at keys that are padding, after the past events and after the new ones, [B, 1, 1, S + T]."""
    place = torch.arange(seen.time.shape[1], device=seen.time.device)
    width = max(past)
    before, new = torch.tensor([past, counts], device=place.device)[:, :, None]
    shown = (place < before) | ((place >= width) & (place < width + new))
    hidden = torch.zeros(shown.shape, dtype=dtype, device=place.device)
    return hidden.masked_fill_(~shown, -torch.inf)[:, None, None]


def of_the_last(bias: Tensor, ends: Tensor) -> Tensor:
    """The rows of a bias [B | 1, H, T, S] at each history's last query, [B, H, 1, S]."""
    rows = torch.arange(len(ends), device=ends.device)
    return bias.expand(len(ends), -1, -1, -1)[rows, :, ends][:, :, None]


def after_answer(
    state: AttentionState | None,
    layers: Sequence[BlockState],
    width: int,
    at: int,
    count: int,
    when: When,
) -> AttentionState:
    """What row `at` remembers before the last of its `count` events; copied, so that it does
    not hold the others' in memory."""
    if count == 1 and state is not None:
        return state
    one, new = slice(at, at + 1), slice(width, width + count - 1)
    rows = [
        BlockState(each.key[one, :, new], each.value[one, :, new], each.tail[one, :-1].clone())
        for each in layers
    ]
    own = when.row(at, slice(count - 1))
    if state is None:
        copies = [BlockState(row.key.clone(), row.value.clone(), row.tail) for row in rows]
        return AttentionState(tuple(copies), own)
    longer = [
        BlockState(torch.cat((old.key, row.key), 2), torch.cat((old.value, row.value), 2), row.tail)
        for old, row in zip(state.layers, rows, strict=True)
    ]
    return AttentionState(tuple(longer), joined(state.when, own))
