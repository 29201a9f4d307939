"""The promises of a way to draw negatives."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from habitus.model.seams import Negatives
from habitus.testing.conformance.material import ITEMS, generator, same

DRAWS = 40_000


class NegativesConformance(ABC):
    """Override `make`: an unfitted part; `count` is its own choice."""

    @abstractmethod
    def make(self) -> Negatives: ...

    def counts(self) -> Tensor:
        """How often training names each of 12 items: from 0 to 33 times."""
        return torch.arange(-1, ITEMS).clamp_min(0) * 3

    def fitted(self) -> Negatives:
        part = self.make()
        part.fit(self.counts())
        return part

    def test_shapes(self) -> None:
        part = self.fitted()
        ids, log_q = part.draw(3, generator())
        assert ids.shape == log_q.shape == (3, part.count)
        assert ids.dtype == torch.int64
        assert log_q.dtype == torch.float32

    def test_only_items_are_drawn(self) -> None:
        part = self.fitted()
        ids, _ = part.draw(-(-DRAWS // part.count), generator())
        assert int(ids.min()) >= 1, "padding was drawn"
        assert int(ids.max()) <= ITEMS

    def test_log_q_is_a_distribution(self) -> None:
        total = self.fitted().log_q(torch.arange(1, ITEMS + 1)).exp().sum()
        same(total, torch.ones(()), "the probabilities do not sum to 1")

    def test_draws_say_their_own_log_q(self) -> None:
        part = self.fitted()
        ids, log_q = part.draw(4, generator())
        same(log_q, part.log_q(ids), "draw and log_q disagree")

    def test_draws_follow_log_q(self) -> None:
        part = self.fitted()
        ids, _ = part.draw(-(-DRAWS // part.count), generator(3))
        share = torch.bincount(ids.flatten(), minlength=ITEMS + 1)[1:] / ids.numel()
        expected = part.log_q(torch.arange(1, ITEMS + 1)).exp()
        assert float((share - expected).abs().max()) < 0.015, f"drew {share}, said {expected}"

    def test_seeds_repeat(self) -> None:
        part = self.fitted()
        assert torch.equal(part.draw(50, generator(1))[0], part.draw(50, generator(1))[0])
        assert not torch.equal(part.draw(50, generator(1))[0], part.draw(50, generator(2))[0])
