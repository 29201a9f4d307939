"""The promises of an item table."""

from __future__ import annotations

import torch
from scipy import sparse
from torch import Tensor

from habitus.model.embed import ItemTable
from habitus.testing.conformance.material import DIM, ITEMS, same
from habitus.testing.conformance.module import ModuleConformance

ROWS = ITEMS + 1


class ItemsConformance(ModuleConformance[ItemTable]):
    """Override `make`: a table of 12 items (13 rows) and 16 channels; `features` where it reads some."""

    def features(self) -> sparse.csr_matrix | None:
        """The features [13, F] that `make` uses; row 0 is empty."""
        return None

    def output(self, part: ItemTable) -> Tensor:
        found: Tensor = part()
        return found

    def attached(self, part: ItemTable, order: list[int], known: list[bool]) -> Tensor:
        """The vectors for a catalogue whose row r is row order[r] of the trained one."""
        features = self.features()
        own = None if features is None else features[order]
        return part.vectors_for(torch.tensor(order), torch.tensor(known), own)[0]

    def test_shapes(self) -> None:
        found = self.output(self.built())
        assert found.shape == (ROWS, DIM)
        assert torch.isfinite(found).all()

    def test_padding_is_zero(self) -> None:
        assert not self.output(self.built())[0].any()

    def test_items_differ(self) -> None:
        found = self.output(self.built())[1:]
        assert len(torch.unique(found, dim=0)) == ITEMS

    def test_the_trained_catalogue_keeps_its_vectors(self) -> None:
        part = self.built()
        order = list(range(ROWS))
        found = self.attached(part, order, [row > 0 for row in order])
        same(found, self.output(part), "attaching the trained catalogue changes vectors")

    def test_a_reordered_catalogue_keeps_vectors_by_item(self) -> None:
        part = self.built()
        order = [0, *range(ITEMS, 0, -1)]
        found = self.attached(part, order, [row > 0 for row in order])
        same(found, self.output(part)[order], "a vector did not follow its item")

    def test_an_item_that_training_never_saw_has_no_id(self) -> None:
        """Its vector is its content alone; a table without content says that it has none."""
        part = self.built()
        place, known = torch.zeros(ROWS, dtype=torch.int64), torch.zeros(ROWS, dtype=torch.bool)
        vectors, described = part.vectors_for(place, known, self.features())
        assert not vectors[~described].any()
        assert not described[0]
