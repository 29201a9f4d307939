"""The promises of an objective."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace

import torch
from torch import Tensor

from habitus.model.batch import Targets
from habitus.model.seams import Objective
from habitus.model.trend import Prior
from habitus.testing.conformance.material import DIM, ITEMS, generator, numbers, same

ROWS, SLOTS = 3, 4


class ObjectiveConformance(ABC):
    """Override `make`: an unfitted objective."""

    @abstractmethod
    def make(self) -> Objective: ...

    def fitted(self) -> Objective:
        part = self.make()
        part.fit(torch.arange(-1, ITEMS).clamp_min(0))
        return part

    def targets(self) -> Targets:
        """Three histories of four targets; weights 1 or 2."""
        places = torch.arange(ROWS * SLOTS)
        return Targets(
            row=places // SLOTS,
            slot=places % SLOTS,
            item=places % ITEMS + 1,
            weight=1.0 + places % 2,
        )

    def loss(
        self,
        query: Tensor,
        table: Tensor,
        targets: Targets,
        seed: int = 0,
        prior: Prior | None = None,
    ) -> Tensor:
        return self.fitted().loss(query, table, targets, generator(seed), prior)

    def vectors(self) -> tuple[Tensor, Tensor]:
        """Queries [M, D] and a table [N + 1, D] that want gradients; row 0 of the table is zero."""
        table = numbers(ITEMS + 1, DIM, seed=1)
        table[0] = 0
        return numbers(ROWS * SLOTS, DIM).requires_grad_(), table.requires_grad_()

    def test_the_loss_is_one_finite_number(self) -> None:
        found = self.loss(*self.vectors(), self.targets())
        assert found.shape == ()
        assert torch.isfinite(found)

    def test_a_prior_is_part_of_the_score(self) -> None:
        """What a moment adds is worth as much as one more channel of queries and items; where the
        moment is hidden it is worth nothing."""
        query, table = self.vectors()
        gain = numbers(len(query), 1, seed=2).requires_grad_()
        level = numbers(ITEMS + 1, 1, seed=3)
        level[0] = 0
        hidden = torch.arange(len(query)) % 3 == 0
        moment = torch.where(hidden, -1, 0)
        channel = gain * ~hidden[:, None]
        longer = torch.cat((query, channel), 1), torch.cat((table, level), 1)
        prior = Prior(gain, moment, level.t()[None])
        found = self.loss(query, table, self.targets(), prior=prior)
        torch.testing.assert_close(found, self.loss(*longer, self.targets()))
        (given,) = torch.autograd.grad(found, gain)
        (wanted,) = torch.autograd.grad(self.loss(*longer, self.targets()), gain)
        torch.testing.assert_close(given, wanted)

    def test_it_says_where_it_asks(self) -> None:
        assert self.make().slots in ("every", "last")

    def test_gradients_reach_queries_and_items_but_not_padding(self) -> None:
        query, table = self.vectors()
        self.loss(query, table, self.targets()).backward()  # type: ignore[no-untyped-call]
        assert query.grad is not None
        assert table.grad is not None
        assert query.grad.any(1).all(), "a target moves nothing"
        assert table.grad[self.targets().item].any(1).all(), "an answer is not moved"
        assert not table.grad[0].any(), "the padding row is an answer"
        assert torch.isfinite(query.grad).all()
        assert torch.isfinite(table.grad).all()

    def test_a_step_against_the_gradient_lowers_it(self) -> None:
        query, table = self.vectors()
        before = self.loss(query, table, self.targets())
        before.backward()  # type: ignore[no-untyped-call]
        assert query.grad is not None
        with torch.no_grad():
            after = self.loss(query - 0.1 * query.grad, table, self.targets())
        assert after.item() < before.item()

    def test_a_right_answer_costs_less_than_a_wrong_one(self) -> None:
        targets, table = self.targets(), torch.eye(ITEMS + 1, DIM) * 5
        right = self.loss(table[targets.item], table, targets)
        wrong = self.loss(-table[targets.item], table, targets)
        assert right.item() < wrong.item()

    def test_it_is_a_mean_weighted_by_the_targets(self) -> None:
        query, table = self.vectors()
        targets = self.targets()
        doubled = replace(targets, weight=targets.weight * 2)
        same(
            self.loss(query, table, doubled),
            self.loss(query, table, targets),
            "doubling all weights changes the mean",
        )

    def test_a_target_of_no_weight_teaches_nothing(self) -> None:
        query, table = self.vectors()
        targets = self.targets()
        weight = targets.weight.clone()
        weight[0] = 0
        self.loss(query, table, replace(targets, weight=weight)).backward()  # type: ignore[no-untyped-call]
        assert query.grad is not None
        assert not query.grad[0].any()
        assert query.grad[1:].any(1).all()

    def test_large_scores_stay_finite(self) -> None:
        query, table = self.vectors()
        loss = self.loss(query * 30, table * 30, self.targets())
        loss.backward()  # type: ignore[no-untyped-call]
        assert torch.isfinite(loss)
        assert query.grad is not None
        assert torch.isfinite(query.grad).all()

    def test_seeds_repeat(self) -> None:
        vectors, targets = self.vectors(), self.targets()
        assert torch.equal(self.loss(*vectors, targets, 4), self.loss(*vectors, targets, 4))
