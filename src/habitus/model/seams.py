"""The contracts between the parts of a behaviour model: what each seam takes, gives and promises.

B histories of T tokens, D channels, H heads, N items (row 0 = padding), M targets. A part says in
class attributes what it promises; `habitus.testing.conformance` holds it to that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Literal, Protocol, TypeVar

import torch
from torch import Tensor, nn

from habitus.model.batch import Targets
from habitus.model.trend import Prior

State = TypeVar("State")


@dataclass(frozen=True, eq=False)
class When:
    """Positions and moments of T tokens.

    position   int64 [B, T]  counted from the first event
    from_end   int64 [B, T]  counted back from the last event (0 = the last, below 0 = padding)
    time       int64 µs [B, T]
    query_time int64 µs [B, T]
    timed      bool [B]      false = the times of this row are hidden
    """

    position: Tensor
    from_end: Tensor
    time: Tensor
    query_time: Tensor
    timed: Tensor

    @cached_property
    def known(self) -> dict[object, Any]:
        """What parts worked out of these tokens and need again, in the next layer: part → value."""
        return {}

    @cached_property
    def all_timed(self) -> bool:
        """Whether no row hides its times."""
        return bool(self.timed.all())

    def __getitem__(self, steps: slice) -> When:
        """Some of the T tokens."""
        return When(
            self.position[:, steps],
            self.from_end[:, steps],
            self.time[:, steps],
            self.query_time[:, steps],
            self.timed,
        )


class TimePart(nn.Module):
    """When and in what order. Nothing of its own: parts override what they do.

    Hidden times (`timed` false) must leave no trace of them in any of the three.
    `steps`: exact when advanced by one event.
    """

    steps = True

    def add(self, when: When) -> Tensor | None:
        """What is added to the tokens, [B, T, D]."""
        return None

    def turn(self, x: Tensor, when: When) -> Tensor:
        """Queries or keys [B, H, T, D / H], turned so that their product knows their distance."""
        return x

    def bias(self, queries: When, keys: When, dtype: torch.dtype) -> Tensor | None:
        """What is added to the attention logits of every layer, [layers, B | 1, H, Tq, Tk]."""
        return None


class Mixer(nn.Module, ABC, Generic[State]):
    """From tokens to states: how a history's events are brought together.

    `causal`: no position sees a later one. `steps`: `start`, `commit` and `peek` advance one event
    at a time and give what `forward` gives for the whole history; a part that steps overrides them.
    """

    causal = True
    steps = False

    @abstractmethod
    def forward(self, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        """[B, T, D] → [B, T, D]. Padding is on the right and changes no other position."""

    def start(self, x: Tensor, when: When, times: Sequence[TimePart]) -> State:
        """The state after whole histories [B, T, D] without padding."""
        raise NotImplementedError(f"{type(self).__name__} does not step.")

    def commit(self, state: State, x: Tensor, when: When, times: Sequence[TimePart]) -> State:
        """A new state after one more event [B, 1, D]; the old one stays as it is."""
        raise NotImplementedError(f"{type(self).__name__} does not step.")

    def peek(self, state: State, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        """The output [B, D] that one more event would have; the state stays as it is."""
        raise NotImplementedError(f"{type(self).__name__} does not step.")

    def answer(
        self, state: State | None, x: Tensor, when: When, times: Sequence[TimePart]
    ) -> tuple[Tensor, State | None]:
        """The output [B, D] at the last of some more events [B, T, D], and the state before that
        one: `commit` and `peek` in one, which a part may do in one pass. None = no event yet."""
        for at in range(x.shape[1] - 1):
            one = slice(at, at + 1)
            if state is None:
                state = self.start(x[:, one], when[one], times)
            else:
                state = self.commit(state, x[:, one], when[one], times)
        if state is None:
            return self(x, when, times)[:, -1], None
        return self.peek(state, x[:, -1:], when[-1:], times), state


class Head(nn.Module, ABC):
    """From states to scores: a map into a space where the plain product is the score."""

    @abstractmethod
    def queries(self, states: Tensor) -> Tensor:
        """[.., D] → [.., D]."""

    @abstractmethod
    def keys(self, table: Tensor) -> Tensor:
        """[N + 1, D] → [N + 1, D]."""

    def score(self, states: Tensor, table: Tensor) -> Tensor:
        """states [M, D], table [N + 1, D] → [M, N + 1]."""
        return self.queries(states) @ self.keys(table).t()


class Negatives(Protocol):
    """Items that were not the answer, drawn for losses that do not look at the whole catalogue."""

    @property
    def count(self) -> int:
        """Items drawn for each group."""

    def fit(self, counts: Tensor) -> None:
        """`counts` int64 [N + 1]: how often training names each item. Comes before any draw."""

    def draw(self, groups: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """`count` items for each group, on the device of `counts`: ids int64 [G, count], 1 … N, and
        the log-probability float32 [G, count] of drawing each.

        The generator lives on the CPU, so that a seed gives the same draws on every device.
        """

    def log_q(self, ids: Tensor) -> Tensor:
        """The log-probability of drawing each of `ids`, float32 of the same shape."""


class Objective(Protocol):
    """What training asks of the states: a loss over next-event targets.

    `slots`: "every" position is a question, or only the "last" of each window.
    """

    @property
    def slots(self) -> Literal["every", "last"]: ...

    def fit(self, counts: Tensor) -> None:
        """`counts` int64 [N + 1]: how often training names each item. Comes before any loss."""

    def loss(
        self,
        query: Tensor,
        table: Tensor,
        targets: Targets,
        generator: torch.Generator,
        prior: Prior | None = None,
    ) -> Tensor:
        """The mean over targets, weighted by `targets.weight`: a scalar.

        query [M, D] and table [N + 1, D] are such that their product, plus the `prior` of the M
        questions where there is one, is the score; targets sit at (row, slot) of the batch, no two
        at one place.
        """
