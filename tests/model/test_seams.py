from dataclasses import replace

import pytest
import torch

from habitus.model.seams import Mixer, TimePart, When
from habitus.testing.conformance.material import moments


class Still(Mixer[None]):
    """Gives back what it gets."""

    def forward(self, x: torch.Tensor, when: When, times: object) -> torch.Tensor:
        return x


def test_a_mixer_that_does_not_step_says_so() -> None:
    x, when = torch.zeros(1, 1, 4), moments((1,))
    for call in (
        lambda: Still().start(x, when, ()),
        lambda: Still().commit(None, x, when, ()),
        lambda: Still().peek(None, x, when, ()),
    ):
        with pytest.raises(NotImplementedError, match="Still does not step"):
            call()


def test_a_mixer_that_does_not_step_answers_a_single_event() -> None:
    x = torch.ones(2, 1, 4)
    answer, state = Still().answer(None, x, moments((1, 1)), ())
    assert torch.equal(answer, x[:, 0])
    assert state is None


def test_some_moments_of_many() -> None:
    when = moments((4, 4))
    assert torch.equal(when[1:3].time, when.time[:, 1:3])
    assert torch.equal(when[-1:].position, torch.tensor([[3], [3]]))
    assert torch.equal(when[1:3].timed, when.timed)


def test_a_time_part_does_nothing_of_its_own() -> None:
    part, when, x = TimePart(), moments(), torch.zeros(3, 2, 7, 8)
    assert part.add(when) is None
    assert part.turn(x, when) is x
    assert part.bias(when, when, torch.float32) is None


def test_all_are_timed_only_if_no_row_hides_its_times() -> None:
    when = moments((2, 3))
    assert when.all_timed
    assert not replace(when, timed=torch.tensor([True, False])).all_timed


def test_some_of_the_tokens_know_nothing_of_all_of_them() -> None:
    when = moments((3,))
    when.known["part"] = 1
    assert not when[:2].known
