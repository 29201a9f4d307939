import torch

from habitus.model.negatives import Popular, Uniform
from habitus.testing.conformance import NegativesConformance


class TestUniform(NegativesConformance):
    def make(self) -> Uniform:
        return Uniform(4)


class TestPopular(NegativesConformance):
    def make(self) -> Popular:
        return Popular(4, power=0.75)


def test_popular_by_hand() -> None:
    part = Popular(4, power=0.5)
    part.fit(torch.tensor([0, 0, 3, 8]))  # (count + 1) ** ½ = 1, 2, 3
    torch.testing.assert_close(
        part.log_q(torch.tensor([1, 2, 3])).exp(), torch.tensor([1 / 6, 1 / 3, 1 / 2])
    )


def test_uniform_by_hand() -> None:
    part = Uniform(2)
    part.fit(torch.tensor([0, 5, 1, 0, 0]))
    torch.testing.assert_close(part.log_q(torch.tensor([3])).exp(), torch.tensor([0.25]))


def test_popular_with_power_zero_is_uniform() -> None:
    part = Popular(4, power=0.0)
    part.fit(torch.tensor([0, 0, 3, 8]))
    torch.testing.assert_close(part.log_q(torch.tensor([1, 2, 3])).exp(), torch.full((3,), 1 / 3))
