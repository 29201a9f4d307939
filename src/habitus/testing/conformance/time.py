"""The promises of a time part."""

from __future__ import annotations

from dataclasses import replace
from unittest import SkipTest

import torch
from torch import Tensor

from habitus.model.seams import TimePart, When
from habitus.testing.conformance.material import (
    DIM,
    HEADS,
    LENGTHS,
    cut,
    moments,
    numbers,
    only,
    same,
    upto,
)
from habitus.testing.conformance.module import ModuleConformance


class TimeConformance(ModuleConformance[TimePart]):
    """Override `make`: a part for 16 channels, 2 heads and at least one layer, at most 7 events.

    Everything is checked for rows that are padded, for a row of one event, and for hidden times.
    """

    def output(self, part: TimePart) -> Tensor:
        return torch.cat([x.flatten() for x in self.effects(part, moments())])

    def effects(self, part: TimePart, when: When) -> tuple[Tensor, Tensor, Tensor]:
        """What the part does: what it adds [B, T, D], the products of queries and keys that it turned
        [B, 1, H, T, T], and its bias [B, layers, H, T, T]."""
        rows, width = when.time.shape
        x = numbers(1, HEADS, 1, DIM // HEADS).expand(rows, HEADS, width, -1)
        turned = part.turn(x, when)
        assert turned.shape == x.shape, "turn changes the shape"
        added, bias = part.add(when), self.bias(part, when, when)
        return (
            torch.zeros(rows, width, DIM) if added is None else added,
            (turned @ turned.transpose(2, 3))[:, None],
            torch.zeros(rows, 1, HEADS, width, width) if bias is None else bias,
        )

    def bias(self, part: TimePart, queries: When, keys: When) -> Tensor | None:
        """[B, layers, H, Tq, Tk]."""
        found = part.bias(queries, keys, torch.float32)
        if found is None:
            return None
        assert found.dtype == torch.float32, "the bias is not of the type that was asked for"
        rows, size = queries.time.shape
        return found.expand(-1, rows, HEADS, size, keys.time.shape[1]).transpose(0, 1)

    def test_shapes(self) -> None:
        found = self.effects(self.built(), moments())
        assert found[0].shape == (len(LENGTHS), max(LENGTHS), DIM)
        for one in found:
            assert torch.isfinite(one).all()

    def test_padding_changes_nothing(self) -> None:
        part, when = self.built(), moments()
        padded = self.effects(part, when)
        for row, size in enumerate(LENGTHS):
            alone = self.effects(part, cut(when, slice(row, row + 1), slice(size)))
            same(alone[0][0], padded[0][row, :size], "what is added depends on padding")
            for one, many in zip(alone[1:], padded[1:], strict=True):
                same(one[0], many[row, ..., :size, :size], "a relation depends on padding")

    def test_hidden_times_leave_no_trace(self) -> None:
        part = self.built()
        hidden = torch.zeros(len(LENGTHS), dtype=torch.bool)
        first = self.effects(part, replace(moments(seed=1), timed=hidden))
        second = self.effects(part, replace(moments(seed=2), timed=hidden))
        for one, other in zip(first, second, strict=True):
            same(one, other, "a hidden time shows")

    def test_one_hidden_row_does_not_hide_the_others(self) -> None:
        part, when = self.built(), moments()
        some = replace(when, timed=torch.tensor([True, False, True]))
        for whole, partly in zip(self.effects(part, when), self.effects(part, some), strict=True):
            same(whole[0], partly[0], "a row depends on whether another row's times are hidden")

    def test_no_position_sees_the_future(self) -> None:
        """Position p may know when event p + 1 happens (its `query_time`), and nothing after."""
        part, seen = self.built(), 4
        when = moments((7, 7, 7))
        later = torch.arange(7) >= seen
        other = replace(
            when,
            time=torch.where(later, when.time + 10**12, when.time),
            query_time=torch.where(later, when.query_time + 10**12, when.query_time),
        )
        first, second = self.effects(part, when), self.effects(part, other)
        same(first[0][:, :seen], second[0][:, :seen], "what is added looks ahead")
        for one, two in zip(first[1:], second[1:], strict=True):
            same(one[..., :seen, :seen], two[..., :seen, :seen], "a relation looks ahead")

    def test_stepping_gives_the_same(self) -> None:
        part = self.built()
        if not part.steps:
            raise SkipTest("the part does not step")
        when = moments((7, 7, 7))
        added, _, bias = self.effects(part, when)
        for at in range(7):
            one, past = only(when, at), upto(when, at + 1)
            alone = part.add(one)
            if alone is not None:
                same(alone[:, 0], added[:, at], "a stepped event is added otherwise")
            row = self.bias(part, one, past)
            if row is not None:
                same(row[..., 0, :], bias[..., at, : at + 1], "a stepped event is biased otherwise")
            x = numbers(3, HEADS, 7, DIM // HEADS)
            whole = part.turn(x, when)[:, :, at]
            same(part.turn(x[:, :, at : at + 1], one)[:, :, 0], whole, "a step turns otherwise")
