"""The suites must be able to fail: each is tried on parts with one fault."""

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from torch import Tensor

from habitus.model.batch import Targets
from habitus.model.embed import ItemTable
from habitus.model.head import Dot
from habitus.model.mix import Gru, GruState
from habitus.model.negatives import Uniform
from habitus.model.objective import Softmax
from habitus.model.seams import Mixer, TimePart, When
from habitus.model.time import Gaps
from habitus.testing.conformance import (
    HeadConformance,
    ItemsConformance,
    MixConformance,
    NegativesConformance,
    ObjectiveConformance,
    TimeConformance,
    check,
)


class Ahead(Mixer[None]):
    """Says that it is causal and looks one event ahead."""

    def forward(self, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        return x + torch.roll(x, -1, 1)


class Padded(Mixer[None]):
    """Takes the mean over padding too."""

    causal = False

    def forward(self, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        return x + x.mean(1, keepdim=True)


class Forgetful(Gru):
    """Forgets all but the newest event when it steps."""

    def commit(self, state: GruState, x: Tensor, when: When, times: Sequence[TimePart]) -> GruState:
        return GruState(self.gru(x)[1])


class Scribbling(Gru):
    """Its peek changes the state."""

    def peek(self, state: GruState, x: Tensor, when: When, times: Sequence[TimePart]) -> Tensor:
        found = super().peek(state, x, when, times)
        with torch.no_grad():
            state.hidden.add_(1)
        return found


class Idle(Gru):
    """Has weights that nothing reads."""

    def __init__(self, dim: int, blocks: int, dropout: float) -> None:
        super().__init__(dim, blocks, dropout)
        self.idle = torch.nn.Linear(2, 2)


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        (lambda: Ahead(), "depends on"),
        (lambda: Padded(), "depends on padding"),
        (lambda: Forgetful(16, 1, 0.0), "event 2 of a history begun with 1"),
        (lambda: Scribbling(16, 1, 0.0), "changed the state"),
        (lambda: Idle(16, 1, 0.0), "no gradient reaches idle"),
    ],
)
def test_a_faulty_mixer_is_found(part: Any, fault: str) -> None:
    class Suite(MixConformance):
        def make(self) -> Mixer[Any]:
            made: Mixer[Any] = part()
            return made

    with pytest.raises(AssertionError, match=fault):
        check(Suite)


class Leaking(Gaps):
    """Shows hidden times."""

    def add(self, when: When) -> Tensor:
        return self.table[(when.time // 10**6 % self.buckets)]


class Prophet(TimePart):
    """Knows when the whole history ends."""

    def add(self, when: When) -> Tensor:
        last = when.query_time[:, -1:, None].expand(-1, when.time.shape[1], 16).float() / 1e18
        return last * 1e4 * when.timed[:, None, None]


class Counting(TimePart):
    """Counts from the end and says that it steps."""

    def add(self, when: When) -> Tensor:
        return when.from_end[..., None].expand(-1, -1, 16).float()


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        (lambda: Leaking(16), "a hidden time shows"),
        (Prophet, "looks ahead"),
        (Counting, "a stepped event is added otherwise"),
    ],
)
def test_a_faulty_time_part_is_found(part: Any, fault: str) -> None:
    class Suite(TimeConformance):
        def make(self) -> TimePart:
            made: TimePart = part()
            return made

    with pytest.raises(AssertionError, match=fault):
        check(Suite)


class WithPadding(Uniform):
    def draw(self, groups: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        ids, log_q = super().draw(groups, generator)
        return ids - 1, log_q


class Skewed(Uniform):
    def draw(self, groups: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        ids, log_q = super().draw(groups, generator)
        return ids.clamp_max(8), log_q


@pytest.mark.parametrize(("kind", "fault"), [(WithPadding, "drew"), (Skewed, "drew")])
def test_faulty_negatives_are_found(kind: type[Uniform], fault: str) -> None:
    class Suite(NegativesConformance):
        def make(self) -> Uniform:
            return kind(4)

    with pytest.raises(AssertionError, match=fault):
        check(Suite)


class Summed(Softmax):
    """A sum where a mean is asked for."""

    def loss(
        self, query: Tensor, table: Tensor, targets: Targets, generator: Any, prior: Any = None
    ) -> Tensor:
        total = super().loss(query, table, targets, generator, prior)
        return total * targets.weight.sum()


class Backwards(Softmax):
    def loss(
        self, query: Tensor, table: Tensor, targets: Targets, generator: Any, prior: Any = None
    ) -> Tensor:
        return super().loss(-query, table, targets, generator, prior)


class Timeless(Softmax):
    """Asks the same whatever the moment."""

    def loss(
        self, query: Tensor, table: Tensor, targets: Targets, generator: Any, prior: Any = None
    ) -> Tensor:
        return super().loss(query, table, targets, generator)


@pytest.mark.parametrize(
    ("kind", "fault"),
    [(Summed, "doubling all weights"), (Backwards, None), (Timeless, "not close")],
)
def test_a_faulty_objective_is_found(kind: type[Softmax], fault: str | None) -> None:
    class Suite(ObjectiveConformance):
        def make(self) -> Softmax:
            return kind()

    with pytest.raises(AssertionError, match=fault):
        check(Suite)


class Crossed(Dot):
    """Its score is not the product of what it shows."""

    def score(self, states: Tensor, table: Tensor) -> Tensor:
        return super().score(states, table) + 1


def test_a_faulty_head_is_found() -> None:
    class Suite(HeadConformance):
        def make(self) -> Dot:
            return Crossed()

    with pytest.raises(AssertionError, match="not the product"):
        check(Suite)


class Filled(ItemTable):
    """Has a vector for padding."""

    def forward(self) -> Tensor:
        return self.ids + 0


def test_a_faulty_item_table_is_found() -> None:
    class Suite(ItemsConformance):
        def make(self) -> ItemTable:
            return Filled(13, 16)

    with pytest.raises(AssertionError):
        check(Suite)


def test_check_says_what_passed_and_what_does_not_apply() -> None:
    class Suite(HeadConformance):
        def make(self) -> Dot:
            return Dot()

    found = check(Suite)
    assert found["test_shapes"] == "passed"
    assert found["test_gradients_reach_every_parameter"] == "the part has no parameters"
