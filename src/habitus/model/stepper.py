"""The next events of one user in numpy: what `Network.answer` gives, in a fraction of the time.

A request is some hundred operations on a few hundred numbers each, and torch takes far longer to
begin such an operation than to do it. The parts that step have a second form here; a network with a
part that has none, or that is not on the CPU, is answered by torch. `tests/model/test_stepper.py`
holds the two forms together.

Products of a few rows are `vecdot`, one row after the other: BLAS would wake up other threads for
them, and where the cores are busy a request would wait for those. Products of many rows are torch's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import ndtr
from torch import Tensor
from torch.nn import functional

from habitus.events.histories import Histories
from habitus.model.embed import EventInput, ItemInput
from habitus.model.layers import LayerNorm
from habitus.model.mix import Attention, Block
from habitus.model.network import Network
from habitus.model.seams import TimePart
from habitus.model.time import Calendar, ElapsedBias, Gaps, Rotary
from habitus.types import SECOND

Array = NDArray[np.float32]
Integers = NDArray[np.int64]
Pairs = tuple[Array, Array]  # keys [H, .., D / H] and values [H, D / H, ..]
Turns = tuple[Array, Array]  # factors of a channel itself, and of the one it is turned with

FEW = 8  # rows up to which torch takes longer to begin than numpy to be done
SPARE = 24  # events that a memory can grow by before it is copied


@dataclass(frozen=True, eq=False)
class Events:
    """T ≥ 1 events of one user, of which the first is number `first` of the history.

    item, type   int64 [T]
    value        float32 [T]  NaN = absent
    time         int64 µs [T]
    query_time   int64 µs [T]  when the next event happens; the moment of the question at the end
    timed        false = the times are hidden
    """

    first: int
    item: Integers
    type: Integers
    value: Array
    time: Integers
    query_time: Integers
    timed: bool

    @classmethod
    def since(cls, first: int, history: Histories, now: int | None) -> Self:
        """The events of a history (one row) from number `first` on."""
        time = history.time[first:]
        query_time = np.empty_like(time)
        query_time[:-1] = time[1:]
        query_time[-1] = 0 if now is None else now
        return cls(
            first,
            history.item[first:].astype(np.int64),
            history.type[first:].astype(np.int64),
            history.value[first:].astype(np.float32),
            time,
            query_time,
            now is not None and not history.ordinal,
        )


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


class Stepper:
    """One network and one table of items, as they are now. Threads may share it."""

    def __init__(
        self,
        tokens: _Tokens,
        adds: Sequence[Callable[[Events], Array]],
        turn: _Turn | None,
        elapsed: _Elapsed | None,
        blocks: Sequence[_Block],
        norm: _Norm,
    ) -> None:
        self._tokens, self._adds = tokens, adds
        self._turn, self._elapsed = turn, elapsed
        self._blocks, self._norm = blocks, norm
        heads, width = blocks[0].heads, blocks[0].width
        nothing = Room(len(blocks), heads, 0, width)
        self._nothing = Memory(nothing, tuple(each.tail for each in blocks), np.empty(0, np.int64))

    def nbytes(self, events: int) -> int:
        """Bytes of the memory of so many events."""
        each = sum(2 * block.heads * block.width for block in self._blocks)
        return self._nothing.nbytes + (events + SPARE) * (4 * each + 8)

    def answer(self, memory: Memory | None, events: Events) -> tuple[Array, Memory]:
        """The state [D] at the last of some events, and what is remembered before that one."""
        memory = memory or self._nothing
        x = self._tokens(events)
        turns, bias = None, None
        if events.timed:
            for add in self._adds:
                x += add(events)
        if events.timed and self._elapsed is not None:
            bias = _Bias(self._elapsed, memory.time, events)
        if self._turn is not None:
            turns = self._turn(events)
        new, tails = [], []
        for at, block in enumerate(self._blocks):
            last = at == len(self._blocks) - 1
            added = None if bias is None else bias.of(at, last)
            x, pairs, tail = block(x, memory.past(at), memory.tails[at], added, turns, last)
            new.append(pairs)
            tails.append(tail)
        if len(events.item) > 1:
            memory = memory.after(new, tails, events.time[:-1])
        found: Array = self._norm(x)[-1]
        return found, memory


def stepper(network: Network, table: Tensor) -> Stepper | None:
    """The numpy form of a network; None where a part has none, or is elsewhere than on the CPU."""
    mix, tokens, times = network.mix, network.tokens, network.parts
    turns = [each for each in times if isinstance(each, Rotary)]
    elapsed = [each for each in times if isinstance(each, ElapsedBias)]
    known = {*_ADDS, Rotary, ElapsedBias, ItemInput, EventInput, Attention}
    if table.device.type != "cpu" or len(turns) > 1 or len(elapsed) > 1:
        return None
    if not isinstance(mix, Attention) or not known.issuperset(map(type, [mix, tokens, *times])):
        return None
    return Stepper(
        _Tokens(tokens, table),
        [_ADDS[type(each)](each) for each in times if type(each) in _ADDS],
        _Turn(turns[0]) if turns else None,
        _Elapsed(elapsed[0]) if elapsed else None,
        [_Block(each) for each in mix.blocks if isinstance(each, Block)],
        _Norm(mix.norm),
    )


class _Tokens:
    def __init__(self, part: ItemInput, table: Tensor) -> None:
        self.table, self.scale = _array(table), part.scale
        self.kinds: Array | None = None
        if isinstance(part, EventInput):
            self.kinds, self.value = _array(part.kinds), _array(part.value.t().contiguous())
            self.mean, self.deviation = _array(part.get_buffer("scales")).T

    def __call__(self, events: Events) -> Array:
        x: Array = self.table.take(events.item, 0)
        x *= self.scale
        if self.kinds is None:
            return x
        kind, value = events.type, events.value
        x += self.kinds.take(kind, 0)
        there = value == value  # only NaN differs from itself
        if there.any():
            level = ((value - self.mean[kind]) / self.deviation[kind]).clip(-3, 3)
            known = np.where(there, level, np.float32(0))
            x += product(np.stack((known, there.astype(np.float32)), 1), self.value)
        return x


class _Gaps:
    def __init__(self, part: Gaps) -> None:
        self.table = _array(part.table)

    def __call__(self, events: Events) -> Array:
        bucket = log_bucket(events.query_time - events.time, len(self.table))
        found: Array = self.table.take(bucket, 0)
        return found


class _Calendar:
    def __init__(self, part: Calendar) -> None:
        self.periods = part.get_buffer("periods").numpy()
        self.rates, self.weight = _array(part.get_buffer("rates")), _array(part.linear.weight)

    def __call__(self, events: Events) -> Array:
        into = (events.query_time[:, None] % self.periods).astype(np.float32)
        phase = (into[:, :, None] * self.rates).reshape(len(into), -1)
        return product(np.concatenate((np.sin(phase), np.cos(phase)), 1), self.weight)


class _Turn:
    def __init__(self, part: Rotary) -> None:
        self.rates = _array(part.get_buffer("rates"))

    def __call__(self, events: Events) -> Turns:
        """[T, D / H] and [T, 2, D / 2H]."""
        place = np.arange(events.first, events.first + len(events.item), dtype=np.float32)
        angle = place[:, None] * self.rates
        cos, sin = np.cos(angle), np.sin(angle)
        both, other = np.concatenate((cos, cos), 1), np.concatenate((-sin, sin), 1)
        return both, other.reshape(len(place), 2, -1)


class _Elapsed:
    def __init__(self, part: ElapsedBias) -> None:
        self.tables = list(_array(part.table))  # of each layer, [H, buckets]
        self.buckets = part.buckets


class _Bias:
    """What is added to the logits of the new events about all that were seen."""

    def __init__(self, part: _Elapsed, past: Integers, events: Events) -> None:
        seen = np.concatenate((past, events.time))
        self._tables = part.tables
        self._bucket = log_bucket(events.query_time[:, None] - seen, part.buckets)

    def of(self, layer: int, last: bool) -> Array:
        """[H, T, S] of one layer, with `last` only of the last event [H, 1, S]."""
        found: Array = self._tables[layer].take(self._bucket[-1:] if last else self._bucket, 1)
        return found


class _Block:
    def __init__(self, block: Block) -> None:
        dim = block.out.in_features
        self.heads = block.heads
        self.before, self.between = _Norm(block.before), _Norm(block.between)
        self.local = None if block.local is None else _array(block.local.weight)[::-1].copy()
        weight, bias = _array(block.project.weight), _array(block.project.bias)
        share = np.float32((dim // block.heads) ** -0.5)
        self.query = _Map(weight[:dim] * share, bias[:dim] * share)
        self.rest = _Map(weight[dim:], bias[dim:])  # keys and values
        self.out = _Map(_array(block.out.weight), _array(block.out.bias))
        feed = block.feed
        self.inner = _Map(_array(feed.inner.weight), _array(feed.inner.bias))
        self.outer = _Map(_array(feed.outer.weight), _array(feed.outer.bias))
        self.width = dim // block.heads
        before = 0 if self.local is None else len(self.local) - 1
        self.tail = np.zeros((before, dim), np.float32)

    def __call__(
        self,
        x: Array,
        past: Pairs,
        tail: Array,
        bias: Array | None,
        turns: Turns | None,
        last: bool,
    ) -> tuple[Array, Pairs, Array]:
        """x [T, D] after what is `past` → what comes out, the keys and values of the new events, and
        the tail before the last one. With `last` only the last event comes out, [1, D], and `bias`
        is for it alone."""
        size = len(x)
        inner = self.before(x)
        if self.local is not None:
            longer = np.concatenate((tail, inner))
            for back, weight in enumerate(self.local):
                inner += longer[back : back + size] * weight
            tail = longer[size - 1 : -1].copy()
        asked = inner[-1:] if last else inner
        query = self.query(asked).reshape(len(asked), self.heads, -1).transpose(1, 0, 2)
        rest = self.rest(inner).reshape(size, 2 * self.heads, -1)
        key, value = rest[:, : self.heads].transpose(1, 0, 2), rest[:, self.heads :]
        if turns is not None:
            key = _turned(key, turns)
            query = _turned(query, (turns[0][-1:], turns[1][-1:]) if last else turns)
        x = x[-1:] if last else x
        new = key, value.transpose(1, 2, 0)
        mixed = _attend(query, new, past, bias)
        x = x + self.out(mixed.transpose(1, 0, 2).reshape(x.shape))
        x += self.outer(_gelu(self.inner(self.between(x))))
        return x, new, tail


def _attend(query: Array, new: Pairs, past: Pairs, bias: Array | None) -> Array:
    """The last Q of the new events look at the past ones and at the new up to themselves, [H, Q, D / H]."""
    heads, size, _ = query.shape
    known, seen = past[0].shape[1], new[0].shape[1]
    logits = np.empty((heads, size, known + seen), np.float32)
    logits[:, :, known:] = products(query, new[0])
    if known:
        logits[:, :, :known] = products(query, past[0])
    if bias is not None:
        logits += bias
    if size > 1:  # the last one sees everything
        logits[:, :, known + seen - size :] += _later(size)
    logits -= logits.max(2, keepdims=True)
    weights = np.exp(logits, out=logits)
    found = products(weights[:, :, known:], new[1])
    if known:
        found += products(weights[:, :, :known], past[1])
    found /= weights.sum(2, keepdims=True)
    return found


@lru_cache(maxsize=64)
def _later(size: int) -> Array:
    """−inf at what follows each of `size` events, [size, size]."""
    return np.triu(np.full((size, size), -np.inf, np.float32), 1)


def _turned(x: Array, turns: Turns) -> Array:
    """x [H, T, D / H] turned by its positions: see `Rotary`."""
    cos, sin = turns
    halves = x.reshape(*x.shape[:2], 2, -1)
    found: Array = x * cos
    found += (halves[:, :, ::-1] * sin).reshape(x.shape)
    return found


class _Norm:
    def __init__(self, part: LayerNorm) -> None:
        self.weight, self.bias, self.eps = _array(part.weight), _array(part.bias), part.eps
        self._many = part.weight.detach(), part.bias.detach()

    def __call__(self, x: Array) -> Array:
        if len(x) > FEW:
            weight, bias = self._many
            shape = weight.shape
            many: Array = functional.layer_norm(
                torch.from_numpy(x), shape, weight, bias, self.eps
            ).numpy()
            return many
        share = 1 / x.shape[1]
        found: Array = x - x.sum(1, keepdims=True) * share
        spread = (found * found).sum(1, keepdims=True) * share + self.eps
        found /= np.sqrt(spread)
        found *= self.weight
        found += self.bias
        return found


class _Map:
    """x [T, D] → x · weightᵀ + bias."""

    def __init__(self, weight: Array, bias: Array) -> None:
        self.weight, self.bias = np.ascontiguousarray(weight), bias

    def __call__(self, x: Array) -> Array:
        found = product(x, self.weight)
        found += self.bias
        return found


def product(x: Array, weight: Array) -> Array:
    """x [T, D] · weightᵀ [D, E]."""
    if len(x) <= FEW:
        few: Array = np.vecdot(weight, x[:, None])
        return few
    many: Array = torch.mm(torch.from_numpy(x), torch.from_numpy(weight).t()).numpy()
    return many


def products(x: Array, other: Array) -> Array:
    """x [H, T, D] · otherᵀ [H, D, E], head by head."""
    if x.shape[1] <= FEW:
        few: Array = np.vecdot(other[:, None], x[:, :, None])
        return few
    many: Array = torch.bmm(torch.from_numpy(x), torch.from_numpy(other).transpose(1, 2)).numpy()
    return many


def _gelu(x: Array) -> Array:
    if len(x) <= FEW:
        found: Array = x * ndtr(x)
    else:
        found = functional.gelu(torch.from_numpy(x)).numpy()
    return found


def log_bucket(gap: Integers, buckets: int) -> NDArray[np.int32]:
    """`habitus.model.time.log_bucket` of an array."""
    seconds = gap.astype(np.float32)
    np.maximum(seconds, 0, out=seconds)
    seconds /= SECOND
    seconds += 1
    place = seconds.view(np.int32) >> 21
    place -= 127 << 2
    np.minimum(place, buckets - 1, out=place)
    return place


def _array(x: Tensor) -> Array:
    found: Array = x.detach().to(torch.float32).numpy()
    return found


_ADDS: dict[type[TimePart], Callable[..., Callable[[Events], Array]]] = {
    Gaps: _Gaps,
    Calendar: _Calendar,
}
