"""The promises of a head."""

from __future__ import annotations

import torch
from torch import Tensor

from habitus.model.seams import Head
from habitus.testing.conformance.material import DIM, ITEMS, numbers, same
from habitus.testing.conformance.module import ModuleConformance

STATES = 5


class HeadConformance(ModuleConformance[Head]):
    """Override `make`: a head for states and items of 16 channels."""

    def output(self, part: Head) -> Tensor:
        return part.score(numbers(STATES, DIM), numbers(ITEMS + 1, DIM, seed=1))

    def test_shapes(self) -> None:
        part = self.built()
        assert self.output(part).shape == (STATES, ITEMS + 1)
        assert part.queries(numbers(2, 3, DIM)).shape == (2, 3, DIM)

    def test_the_plain_product_is_the_score(self) -> None:
        part = self.built()
        states, table = numbers(STATES, DIM), numbers(ITEMS + 1, DIM, seed=1)
        product = torch.einsum("md,nd->mn", part.queries(states), part.keys(table))
        same(product, part.score(states, table), "score is not the product of queries and keys")

    def test_a_state_is_scored_alone(self) -> None:
        part, table = self.built(), numbers(ITEMS + 1, DIM, seed=1)
        states = numbers(STATES, DIM)
        same(part.score(states[:1], table)[0], part.score(states, table)[0], "states mix")

    def test_an_empty_item_is_no_trouble(self) -> None:
        """Row 0 of every table is zero."""
        table = numbers(ITEMS + 1, DIM, seed=1)
        table[0] = 0
        assert torch.isfinite(self.built().score(numbers(STATES, DIM), table)).all()
