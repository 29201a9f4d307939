import math

import pytest
import torch
from torch import Tensor

from habitus.model.batch import Targets
from habitus.model.negatives import Popular, Uniform
from habitus.model.objective import Binary, GeneralisedBinary, SampledSoftmax, Softmax
from habitus.model.seams import Objective
from habitus.testing.conformance import ObjectiveConformance
from habitus.testing.conformance.material import generator


class TestSoftmax(ObjectiveConformance):
    def make(self) -> Softmax:
        return Softmax()


class TestBinary(ObjectiveConformance):
    def make(self) -> Binary:
        return Binary(Uniform(3))


class TestGeneralisedBinary(ObjectiveConformance):
    def make(self) -> GeneralisedBinary:
        return GeneralisedBinary(Uniform(6), 0.75)


class TestSampledSoftmax(ObjectiveConformance):
    def make(self) -> SampledSoftmax:
        return SampledSoftmax(Popular(6, 0.5))


class Given:
    """Negatives that a test names."""

    count = 2

    def __init__(self, ids: list[list[int]]) -> None:
        self.ids = torch.tensor(ids)

    def fit(self, counts: Tensor) -> None:
        self.rows = len(counts)

    def draw(self, groups: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        assert groups == len(self.ids)
        return self.ids, self.log_q(self.ids)

    def log_q(self, ids: Tensor) -> Tensor:
        return (ids.float() / 10).log()  # item 1 with 1/10, item 4 with 4/10


# one target: item 1 scores 2, item 2 scores −1, item 3 scores 0.5, item 4 scores 0
QUERY = torch.tensor([[1.0]])
TABLE = torch.tensor([[0.0], [2.0], [-1.0], [0.5], [0.0]])
ONE = Targets(torch.tensor([0]), torch.tensor([0]), torch.tensor([1]), torch.tensor([1.0]))


def value(objective: Objective) -> float:
    objective.fit(torch.tensor([0, 1, 1, 1, 1]))
    return float(objective.loss(QUERY, TABLE, ONE, generator()))


def minus_log_sigmoid(x: float) -> float:
    return math.log(1 + math.exp(-x))


def test_softmax_by_hand() -> None:
    total = math.exp(2) + math.exp(-1) + math.exp(0.5) + 1
    assert value(Softmax()) == pytest.approx(math.log(total) - 2)


def test_binary_by_hand() -> None:
    expected = minus_log_sigmoid(2) + minus_log_sigmoid(1) + minus_log_sigmoid(-0.5)
    assert value(Binary(Given([[2, 3]]))) == pytest.approx(expected, rel=1e-5)


def test_a_negative_that_is_the_answer_counts_nothing() -> None:
    expected = minus_log_sigmoid(2) + minus_log_sigmoid(1)
    assert value(Binary(Given([[2, 1]]))) == pytest.approx(expected, rel=1e-5)


def test_generalised_binary_by_hand() -> None:
    alpha = 2 / 3  # two negatives of three items that are not the answer
    beta = alpha * (0.75 * (1 - 1 / alpha) + 1 / alpha)
    expected = beta * minus_log_sigmoid(2) + minus_log_sigmoid(1) + minus_log_sigmoid(-0.5)
    assert value(GeneralisedBinary(Given([[2, 3]]), 0.75)) == pytest.approx(expected, rel=1e-5)


def test_without_calibration_generalised_binary_is_binary() -> None:
    plain = value(Binary(Given([[2, 3]])))
    assert value(GeneralisedBinary(Given([[2, 3]]), 0.0)) == pytest.approx(plain, rel=1e-5)


def test_more_negatives_than_items_do_not_overweigh_the_answer() -> None:
    part = GeneralisedBinary(Uniform(50), 0.75)
    part.fit(torch.zeros(5, dtype=torch.int64))
    assert part.beta == pytest.approx(1.0)


def test_sampled_softmax_by_hand() -> None:
    scores = [2 - math.log(0.1), -1 - math.log(0.2), 0.5 - math.log(0.3)]
    expected = math.log(sum(math.exp(score) for score in scores)) - scores[0]
    assert value(SampledSoftmax(Given([[2, 3]]))) == pytest.approx(expected, rel=1e-5)


def test_shared_negatives_belong_to_their_history() -> None:
    """Two histories, each with its own negatives, slots apart: nothing may slip."""
    targets = Targets(
        torch.tensor([0, 1, 1]), torch.tensor([2, 0, 3]), torch.tensor([1, 1, 4]), torch.ones(3)
    )
    query = torch.tensor([[1.0], [2.0], [-1.0]])
    shared = GeneralisedBinary(Given([[2, 3], [2, 4]]), 0.0)
    shared.fit(torch.zeros(5))
    each = [
        minus_log_sigmoid(2) + minus_log_sigmoid(1) + minus_log_sigmoid(-0.5),
        minus_log_sigmoid(4) + minus_log_sigmoid(2) + minus_log_sigmoid(0),
        minus_log_sigmoid(0) + minus_log_sigmoid(-1),  # item 4 is the answer itself
    ]
    found = float(shared.loss(query, TABLE, targets, generator()))
    assert found == pytest.approx(sum(each) / 3, rel=1e-5)
