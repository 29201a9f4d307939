import torch

from habitus.model.head import Cosine, Dot
from habitus.testing.conformance import HeadConformance


class TestDot(HeadConformance):
    def make(self) -> Dot:
        return Dot()


class TestCosine(HeadConformance):
    def make(self) -> Cosine:
        return Cosine(0.05)


def test_dot_by_hand() -> None:
    scores = Dot().score(torch.tensor([[1.0, 2.0]]), torch.tensor([[0.0, 0.0], [3.0, 4.0]]))
    assert scores.tolist() == [[0.0, 11.0]]


def test_cosine_by_hand() -> None:
    scores = Cosine(0.1).score(torch.tensor([[5.0, 0.0]]), torch.tensor([[3.0, 4.0], [0.0, 9.0]]))
    torch.testing.assert_close(scores, torch.tensor([[6.0, 0.0]]))


def test_the_scale_of_cosine_is_bounded() -> None:
    sharp = Cosine(1e-9).score(torch.ones(1, 2), torch.ones(1, 2))
    assert sharp.item() < 149  # e⁵ and a hair
