"""The promises of a mixer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unittest import SkipTest

import torch
from torch import Tensor

from habitus.model.seams import Mixer, TimePart
from habitus.testing.conformance.material import (
    DIM,
    LENGTHS,
    cut,
    moments,
    numbers,
    only,
    same,
    upto,
)
from habitus.testing.conformance.module import ModuleConformance

EVENTS = 7


class MixConformance(ModuleConformance[Mixer[Any]]):
    """Override `make`: a mixer of 16 channels; `times`, where it reads time parts, names some."""

    def times(self) -> Sequence[TimePart]:
        """Time parts that the mixer is tried with."""
        return ()

    def output(self, part: Mixer[Any]) -> Tensor:
        found: Tensor = part(numbers(len(LENGTHS), max(LENGTHS), DIM), moments(), self.times())
        return torch.cat([found[row, :size].flatten() for row, size in enumerate(LENGTHS)])

    def test_shapes(self) -> None:
        x = numbers(len(LENGTHS), max(LENGTHS), DIM)
        found = self.built()(x, moments(), self.times())
        assert found.shape == x.shape
        assert torch.isfinite(found).all()

    def test_padding_changes_nothing(self) -> None:
        part, when, times = self.built(), moments(), self.times()
        x = numbers(len(LENGTHS), max(LENGTHS), DIM)
        padded = part(x, when, times)
        for row, size in enumerate(LENGTHS):
            rows, columns = slice(row, row + 1), slice(size)
            alone = part(x[rows, columns], cut(when, rows, columns), times)
            same(alone[0], padded[row, :size], "an output depends on padding")

    def test_rows_do_not_mix(self) -> None:
        part, when, times = self.built(), moments((EVENTS, EVENTS)), self.times()
        x = numbers(2, EVENTS, DIM)
        both = part(x, when, times)
        x[1] = numbers(EVENTS, DIM, seed=1)
        same(part(x, when, times)[0], both[0], "one history depends on another")

    def test_no_position_sees_the_future(self) -> None:
        part, when, times = self.built(), moments((EVENTS, EVENTS)), self.times()
        if not part.causal:
            raise SkipTest("the mixer says that it sees the future")
        x = numbers(2, EVENTS, DIM)
        before = part(x, when, times)
        x[:, 4:] = numbers(2, EVENTS - 4, DIM, seed=1)
        after = part(x, when, times)
        same(after[:, :4], before[:, :4], "a position depends on a later one")
        assert not torch.allclose(after[:, 4:], before[:, 4:]), "the events change nothing at all"

    def test_stepping_gives_the_same_as_the_whole_sequence(self) -> None:
        part, times = self._stepping(), self.times()
        when, x = moments((EVENTS, EVENTS)), numbers(2, EVENTS, DIM)
        whole = part(x, when, times)
        for begun in (1, 4):
            state = part.start(x[:, :begun], upto(when, begun), times)
            for at in range(begun, EVENTS):
                one = x[:, at : at + 1]
                peeked = part.peek(state, one, only(when, at), times)
                same(peeked, whole[:, at], f"event {at} of a history begun with {begun}")
                state = part.commit(state, one, only(when, at), times)

    def test_peek_and_commit_leave_the_state_as_it_is(self) -> None:
        part, times = self._stepping(), self.times()
        when, x = moments((EVENTS, EVENTS)), numbers(2, EVENTS, DIM)
        state = part.start(x[:, :4], upto(when, 4), times)
        one, other = x[:, 4:5], x[:, 5:6]
        first = part.peek(state, one, only(when, 4), times)
        part.peek(state, other, only(when, 4), times)
        part.commit(state, other, only(when, 4), times)
        again = part.peek(state, one, only(when, 4), times)
        same(again, first, "peek or commit changed the state it was given")

    def test_the_answer_to_several_events_is_that_of_stepping(self) -> None:
        part, times = self._stepping(), self.times()
        when, x = moments((EVENTS, EVENTS)), numbers(2, EVENTS, DIM)
        whole = part(x, when, times)
        first, _ = part.answer(None, x[:, :1], when[:1], times)
        same(first, whole[:, 0], "the answer to the first event")
        some, state = part.answer(None, x[:, :4], when[:4], times)
        same(some, whole[:, 3], "the answer to four events")
        for stop in (4, 7, 5):  # the state goes on from the third event, and stays as it is
            found, _ = part.answer(state, x[:, 3:stop], when[3:stop], times)
            same(found, whole[:, stop - 1], f"the answer to events 3 to {stop} after a state")

    def _stepping(self) -> Mixer[Any]:
        part = self.built()
        if not part.steps:
            raise SkipTest("the mixer does not step")
        return part
