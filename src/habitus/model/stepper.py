"""The next events of one user in numpy: what `Network.answer` gives, in a fraction of the time.

A request is some hundred operations on a few hundred numbers each, and torch takes far longer to
begin such an operation than to do it. The parts that step have a second form here; a network with a
part that has none, or that is not on the CPU, is answered by torch. `tests/model/test_stepper.py`
holds the two forms together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from habitus.events.histories import Histories
from habitus.model.embed import EventInput, ItemInput
from habitus.model.mix import Attention, Block
from habitus.model.network import Network
from habitus.model.products import Map, Norm, array, gelu, product, products
from habitus.model.room import SPARE, Array, Integers, Memory, Pairs, Room
from habitus.model.seams import TimePart
from habitus.model.time import Calendar, ElapsedBias, Gaps, Rotary
from habitus.types import SECOND

Turns = tuple[Array, Array]  # factors of a channel itself, and of the one it is turned with


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


class Stepper:
    """One network and one table of items, as they are now. Threads may share it."""

    def __init__(
        self,
        tokens: _Tokens,
        adds: Sequence[Callable[[Events], Array]],
        turn: _Turn | None,
        elapsed: _Elapsed | None,
        blocks: Sequence[_Block],
        norm: Norm,
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
        Norm(mix.norm),
    )


class _Tokens:
    def __init__(self, part: ItemInput, table: Tensor) -> None:
        self.table, self.scale = array(table), part.scale
        self.kinds: Array | None = None
        if isinstance(part, EventInput):
            self.kinds, self.value = array(part.kinds), array(part.value.t().contiguous())
            self.mean, self.deviation = array(part.get_buffer("scales")).T

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
        self.table = array(part.table)

    def __call__(self, events: Events) -> Array:
        bucket = log_bucket(events.query_time - events.time, len(self.table))
        found: Array = self.table.take(bucket, 0)
        return found


class _Calendar:
    def __init__(self, part: Calendar) -> None:
        self.periods = part.get_buffer("periods").numpy()
        self.rates, self.weight = array(part.get_buffer("rates")), array(part.linear.weight)

    def __call__(self, events: Events) -> Array:
        into = (events.query_time[:, None] % self.periods).astype(np.float32)
        phase = (into[:, :, None] * self.rates).reshape(len(into), -1)
        return product(np.concatenate((np.sin(phase), np.cos(phase)), 1), self.weight)


class _Turn:
    def __init__(self, part: Rotary) -> None:
        self.rates = array(part.get_buffer("rates"))

    def __call__(self, events: Events) -> Turns:
        """[T, D / H] and [T, 2, D / 2H]."""
        place = np.arange(events.first, events.first + len(events.item), dtype=np.float32)
        angle = place[:, None] * self.rates
        cos, sin = np.cos(angle), np.sin(angle)
        both, other = np.concatenate((cos, cos), 1), np.concatenate((-sin, sin), 1)
        return both, other.reshape(len(place), 2, -1)


class _Elapsed:
    def __init__(self, part: ElapsedBias) -> None:
        self.tables = list(array(part.table))  # of each layer, [H, buckets]
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
        self.before, self.between = Norm(block.before), Norm(block.between)
        self.local = None if block.local is None else array(block.local.weight)[::-1].copy()
        weight, bias = array(block.project.weight), array(block.project.bias)
        share = np.float32((dim // block.heads) ** -0.5)
        self.query = Map(weight[:dim] * share, bias[:dim] * share)
        self.rest = Map(weight[dim:], bias[dim:])  # keys and values
        self.out = Map(array(block.out.weight), array(block.out.bias))
        feed = block.feed
        self.inner = Map(array(feed.inner.weight), array(feed.inner.bias))
        self.outer = Map(array(feed.outer.weight), array(feed.outer.bias))
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
        x += self.outer(gelu(self.inner(self.between(x))))
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


_ADDS: dict[type[TimePart], Callable[..., Callable[[Events], Array]]] = {
    Gaps: _Gaps,
    Calendar: _Calendar,
}
