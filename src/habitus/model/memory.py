"""What attention remembers of the events it has read."""

from __future__ import annotations

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
