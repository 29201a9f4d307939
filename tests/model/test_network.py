import numpy as np
import pytest
import torch

from habitus.events.histories import from_lists
from habitus.model.batch import collate
from habitus.model.build import build_network
from habitus.model.network import Network, when
from habitus.model.recipe import recipe_names
from habitus.testing.conformance import tiny
from habitus.testing.conformance.material import numbers
from habitus.types import DAY

TIMES = [[1 * DAY, 2 * DAY, 2 * DAY + 5, 9 * DAY], [3 * DAY]]
HISTORIES = from_lists([[1, 2, 3, 4], [5]], TIMES)
NOW = np.array([10 * DAY, 11 * DAY])


def network(name: str) -> Network:
    torch.manual_seed(0)
    scales = torch.tensor([[0.0, 1.0]] * 2)
    return build_network(tiny(name), rows=7, types=2, scales=scales, features=None).eval()


def test_when_counts_positions_from_both_ends() -> None:
    found = when(collate(HISTORIES, NOW), first=5)
    assert found.position.tolist() == [[5, 6, 7, 8]] * 2
    assert found.from_end.tolist() == [[3, 2, 1, 0], [0, -1, -2, -3]]


@pytest.mark.parametrize("name", recipe_names())
def test_narrow_states_and_gradients_are_near_the_wide_ones(name: str) -> None:
    part, batch = network(name), collate(HISTORIES, NOW)
    found = []
    for dtype in (torch.float32, torch.bfloat16):
        part.zero_grad()
        states = part.encode(batch, part.items(), dtype)
        assert states.dtype == dtype
        (states.float()[batch.mask] * numbers(5, 16)).sum().backward()
        grads = torch.cat([value.grad.flatten() for value in part.mix.parameters()])
        found.append((states.float()[batch.mask].detach(), grads))
    for wide, narrow in zip(*found, strict=True):
        assert float((wide - narrow).norm() / wide.norm()) < 0.05


@pytest.mark.parametrize("name", ["default", "gru4rec"])
@pytest.mark.parametrize("read", [0, 1, 3])
def test_the_answer_after_a_state_is_the_encoded_state(name: str, read: int) -> None:
    part = network(name)
    assert part.steps
    with torch.no_grad():
        table, one = part.items(), HISTORIES.take(np.array([0]))
        whole = part.encode(collate(one, NOW[:1]), table)[0]
        state = None
        if read:
            begun = one.slice(np.array([0]), np.array([0]), np.array([read + 1]))
            batch = collate(begun, one.time[read + 1 : read + 2] if read < 3 else NOW[:1])
            answer, state = part.answer(None, batch, table, 0)
            torch.testing.assert_close(answer[0], whole[read], rtol=1e-4, atol=1e-5)
        rest = collate(one.slice(np.array([0]), np.array([read]), np.array([4])), NOW[:1])
        answer, _ = part.answer(state, rest, table, read)
        torch.testing.assert_close(answer[0], whole[3], rtol=1e-4, atol=1e-5)


def test_learned_positions_do_not_step() -> None:
    assert not network("sasrec").steps
