"""What a stepped network remembers of one user: room for keys and values that grows in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Integers = NDArray[np.int64]
Pairs = tuple[Array, Array]  # keys [H, .., D / H] and values [H, D / H, ..]

SPARE = 24  # events that a memory can grow by before it is copied


class Room:
    """Keys [layers, H, C, D / H] and values [layers, H, D / H, C] of up to C events, `used` of them
    written.

    Memories of one user's history share it: an event is appended in place where it is the next one,
    so that a step copies nothing, and what an older memory reads never changes.
    """

    def __init__(self, layers: int, heads: int, events: int, width: int) -> None:
        self.key = np.empty((layers, heads, events, width), np.float32)
        self.value = np.empty((layers, heads, width, events), np.float32)
        self.used = 0
        self._lock = Lock()

    def take(self, first: int, count: int) -> bool:
        """Reserve places `first` and on; False where they are taken or there are too few."""
        with self._lock:
            free = self.used == first and first + count <= self.key.shape[2]
            if free:
                self.used = first + count
        return free


@dataclass(frozen=True, eq=False)
class Memory:
    """What attention remembers of S events of one user.

    room   the first S places of it
    tails  of each layer, the last inputs of its convolution [kernel − 1, D]
    time   int64 µs [S]
    """

    room: Room
    tails: tuple[Array, ...]
    time: Integers

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps from being freed."""
        own = sum(each.nbytes for each in self.tails) + self.time.nbytes
        return own + self.room.key.nbytes + self.room.value.nbytes

    def past(self, layer: int) -> Pairs:
        """Keys [H, S, D / H] and values [H, D / H, S] of one layer."""
        known = len(self.time)
        return self.room.key[layer, :, :known], self.room.value[layer, :, :, :known]

    def after(self, new: Sequence[Pairs], tails: Sequence[Array], time: Integers) -> Memory:
        """The memory of n more events: of each layer keys [H, ≥ n, D / H], values [H, D / H, ≥ n]."""
        known, count = len(self.time), len(time)
        room, total = self.room, len(self.time) + len(time)
        if not room.take(known, count):
            layers, heads, _, width = room.key.shape
            room = Room(layers, heads, total + SPARE, width)
            room.key[:, :, :known] = self.room.key[:, :, :known]
            room.value[:, :, :, :known] = self.room.value[:, :, :, :known]
            room.used = total
        for layer, (key, value) in enumerate(new):
            room.key[layer, :, known:total] = key[:, :count]
            room.value[layer, :, :, known:total] = value[:, :, :count]
        return Memory(room, tuple(tails), np.concatenate((self.time, time)))
