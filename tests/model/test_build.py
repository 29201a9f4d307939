from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from habitus.events.histories import PADDING_TYPE, from_lists
from habitus.model import head, mix, objective, time
from habitus.model.build import (
    build_network,
    build_objective,
    refuse_illegal_pair,
    value_scales,
)
from habitus.model.recipe import recipe_names
from habitus.model.seams import Mixer, When
from habitus.testing.conformance import tiny
from habitus.types import EventType, HabitusError


class Mean(Mixer[None]):
    """A made-up mixer that sees the future: every position is the mean of all."""

    causal = False

    def forward(self, x: Tensor, when: When, times: object) -> Tensor:
        there = (when.from_end >= 0)[..., None]
        return ((x * there).sum(1, keepdim=True) / there.sum(1, keepdim=True)).expand_as(x)


class LastOnly(objective.Softmax):
    slots = "last"  # type: ignore[assignment]


def test_a_mixer_that_sees_the_future_is_refused_at_every_position() -> None:
    with pytest.raises(HabitusError, match=r"Mean sees the events that follow.*Use a causal mix"):
        refuse_illegal_pair(Mean(), objective.Softmax())


def test_a_mixer_that_sees_the_future_may_be_asked_at_the_last_position() -> None:
    refuse_illegal_pair(Mean(), LastOnly())


@pytest.mark.parametrize("name", recipe_names())
def test_the_recipes_are_legal_pairs(name: str) -> None:
    plan = tiny(name)
    network = build_network(plan, 7, 2, torch.zeros(2, 2), None)
    refuse_illegal_pair(network.mix, build_objective(plan))


def test_kinds_become_parts() -> None:
    plan = tiny("default", {"head": {"kind": "cosine"}})
    network = build_network(plan, 7, 2, torch.ones(2, 2), None)
    assert isinstance(network.mix, mix.Attention)
    assert isinstance(network.head, head.Cosine)
    kinds = [time.Rotary, time.Gaps, time.Calendar, time.ElapsedBias]
    assert [type(part) for part in network.times] == kinds
    assert isinstance(build_objective(tiny("gsasrec")), objective.GeneralisedBinary)


def test_value_scales_by_hand() -> None:
    types = (PADDING_TYPE, EventType("rate"), EventType("view"), EventType("tip"))
    histories = from_lists([[1] * 6], None, types, [[1, 1, 1, 2, 3, 3]])
    values = np.array([1, 3, np.nan, np.nan, 5, 5], np.float32)
    found = value_scales(replace(histories, value=values))
    assert found.tolist() == [[0, 1], [2, 1], [0, 1], [0, 1]]
