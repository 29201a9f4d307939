"""The numpy form of a network against its torch form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from habitus.events.histories import Histories, from_lists
from habitus.model.batch import collate_one
from habitus.model.build import build_network
from habitus.model.embed import EventInput
from habitus.model.network import Network
from habitus.model.stepper import Events, Stepper, log_bucket, stepper
from habitus.model.time import log_bucket as torch_log_bucket
from habitus.testing.conformance import tiny
from habitus.types import DAY, SECOND

EVENTS, ITEMS = 14, 9
PLANS = {
    "default": {},
    "one block": {"mix.blocks": 1},
    "three blocks": {"mix.blocks": 3},
    "no convolution": {"mix.kernel": 0},
    "items alone": {"tokens.kind": "item"},
    "only positions": {"time": [{"kind": "rotary"}]},
    "no positions": {"time": [{"kind": "gaps"}, {"kind": "elapsed"}]},
    "no times": {"time": []},
    "cosine": {"head": {"kind": "cosine", "temperature": 0.1}},
}


class Other(EventInput):
    """It might read events otherwise."""


def network(changes: dict[str, object], name: str = "default") -> Network:
    torch.manual_seed(0)
    scales = torch.tensor([[0.0, 1.0], [0.5, 2.0], [1.0, 0.1]])
    made = build_network(tiny(name, changes), rows=ITEMS, types=3, scales=scales, features=None)
    with torch.no_grad():
        for value in made.parameters():
            value.normal_(std=0.3)
    return made.eval()


def history(ordinal: bool = False) -> Histories:
    """One user: repeats, two types, values and gaps in them, two events at one moment."""
    rng = np.random.default_rng(0)
    items = rng.integers(1, ITEMS, EVENTS).tolist()
    gaps = [0, 0, 1, 30, 3600, 3600, 86400, 0, 59, 7 * 86400, 2, 2, 86400 * 400, 5]
    times = (np.cumsum(gaps) * SECOND + 50 * 365 * DAY).tolist()
    made = from_lists([items], None if ordinal else [times])
    kinds = rng.integers(1, 3, EVENTS).astype(np.int16)
    values = rng.normal(size=EVENTS).astype(np.float32)
    values[::3] = np.nan
    return replace(made, type=kinds, value=values)


def upto(whole: Histories, stop: int) -> Histories:
    return whole.slice(np.array([0]), np.array([0]), np.array([stop]))


@pytest.mark.parametrize("moment", ["known", "hidden", "ordinal"])
@pytest.mark.parametrize("plan", PLANS)
@torch.no_grad()
def test_it_answers_as_torch_does(plan: str, moment: str) -> None:
    """From the beginning and after a memory, by one event and by several."""
    part = network(PLANS[plan])
    table = part.items()
    own = stepper(part, table)
    assert own is not None
    whole = history(ordinal=moment == "ordinal")
    last = None if moment != "known" else int(whole.time[-1]) + DAY
    memory, first = None, 0
    for stop in (1, 2, 3, 7, EVENTS - 1, EVENTS):
        past = upto(whole, stop)
        now = last if stop == EVENTS or last is None else int(whole.time[stop])
        expected, _ = part.answer(None, collate_one(past, 0, now), table, 0)
        fresh, _ = own.answer(None, Events.since(0, past, now))
        np.testing.assert_allclose(fresh, expected[0], rtol=1e-4, atol=1e-5)
        stepped, memory = own.answer(memory, Events.since(first, past, now))
        np.testing.assert_allclose(stepped, expected[0], rtol=1e-4, atol=1e-5)
        first = stop - 1
        assert len(memory.time) == first


def test_a_memory_stays_as_it_is() -> None:
    part = network({})
    own = stepper(part, part.items().detach())
    assert own is not None
    whole, now = history(), int(history().time[-1]) + DAY
    _, memory = own.answer(None, Events.since(0, upto(whole, 6), now))
    before = own.answer(memory, Events.since(5, upto(whole, 6), now))[0]
    own.answer(memory, Events.since(5, whole, now))
    again = own.answer(memory, Events.since(5, upto(whole, 6), now))[0]
    np.testing.assert_array_equal(before, again)


def test_the_size_of_a_memory_is_known_before_it_is_made() -> None:
    part = network({})
    own = stepper(part, part.items().detach())
    assert own is not None
    _, memory = own.answer(None, Events.since(0, history(), None))
    assert memory.nbytes <= own.nbytes(EVENTS) < 1.2 * memory.nbytes


def test_two_steps_from_one_memory_do_not_disturb_each_other() -> None:
    part = network({})
    own = stepper(part, part.items().detach())
    assert own is not None
    whole, other = history(), replace(history(), item=history().item[::-1].copy())
    _, memory = own.answer(None, Events.since(0, upto(whole, 6), None))
    expected = [own.answer(memory, Events.since(5, each, None))[0] for each in (whole, other)]
    _, one = own.answer(memory, Events.since(5, upto(whole, 9), None))
    _, two = own.answer(memory, Events.since(5, upto(other, 9), None))
    for after, each, answer in zip((one, two), (whole, other), expected, strict=True):
        found, _ = own.answer(after, Events.since(8, each, None))
        np.testing.assert_allclose(found, answer, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["sasrec", "gru4rec"])
def test_a_part_without_a_numpy_form_is_left_to_torch(name: str) -> None:
    part = network({}, name)
    assert stepper(part, part.items().detach()) is None


def test_parts_derived_from_known_ones_are_left_to_torch() -> None:
    part = network({})
    assert isinstance(stepper(part, part.items().detach()), Stepper)
    part.tokens.__class__ = Other
    assert stepper(part, part.items().detach()) is None


def test_gaps_fall_into_the_same_buckets() -> None:
    edges = np.round(2.0 ** (np.arange(130) / 4) * SECOND).astype(np.int64)
    gaps = np.concatenate([edges - SECOND + by for by in (-1, 0, 1)] + [[-5, 0, 2**62]])
    np.testing.assert_array_equal(
        log_bucket(gaps, 120), torch_log_bucket(torch.from_numpy(gaps), 120)
    )
