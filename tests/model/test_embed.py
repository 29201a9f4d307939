from dataclasses import replace

import numpy as np
import torch
from scipy import sparse

from habitus.events.histories import from_lists
from habitus.model.batch import collate
from habitus.model.embed import ContentTable, EventInput, ItemInput, ItemTable
from habitus.testing.conformance import ItemsConformance


class TestItemTable(ItemsConformance):
    def make(self) -> ItemTable:
        return ItemTable(13, 16)


class TestContentTable(ItemsConformance):
    def features(self) -> sparse.csr_matrix:
        dense = np.random.default_rng(0).normal(size=(13, 6)) * (np.arange(13)[:, None] > 0)
        return sparse.csr_matrix(dense.astype(np.float32))

    def make(self) -> ContentTable:
        return ContentTable(13, 16, self.features(), id_dropout=0.3)


FEATURES = sparse.csr_matrix(np.array([[0, 0], [1, 0], [0, 1], [0, 0]], np.float32))


def test_an_item_is_its_id_plus_its_content() -> None:
    part = ContentTable(4, 8, FEATURES, id_dropout=0.0)
    torch.testing.assert_close(part()[1], part.ids[1] + part.weight[0])
    torch.testing.assert_close(part()[3], part.ids[3])


def test_a_new_item_is_its_content_alone() -> None:
    part = ContentTable(4, 8, FEATURES, id_dropout=0.0)
    place, known = torch.tensor([0, 2, 0, 0]), torch.tensor([False, True, False, False])
    own = FEATURES[[0, 2, 1, 3]]
    vectors, described = part.vectors_for(place, known, own)
    torch.testing.assert_close(vectors[1], part()[2])
    torch.testing.assert_close(vectors[2], part.weight[0])
    assert described.tolist() == [False, True, True, False]
    assert not vectors[3].any()


def test_id_dropout_silences_a_share_of_the_ids_in_training_only() -> None:
    features = sparse.csr_matrix((2001, 1), dtype=np.float32)
    part = ContentTable(2001, 2, features, id_dropout=0.3)
    silent = (part.train()()[1:] == 0).all(1).float().mean()
    assert 0.25 < float(silent) < 0.35
    assert part.eval()()[1:].any(1).all()


def test_a_token_is_its_item_scaled() -> None:
    table = torch.randn(5, 16)
    found = ItemInput(16, 0.5)(collate(from_lists([[3, 1]])), table)
    torch.testing.assert_close(found[0], table[[3, 1]] * 4)


def test_an_event_adds_its_type_and_its_standardised_value() -> None:
    histories = from_lists([[1, 1, 1]])
    values = np.array([5.0, np.nan, 100.0], np.float32)
    batch = collate(replace(histories, value=values))
    part = EventInput(16, 0.0, types=2, scales=torch.tensor([[0.0, 1.0], [3.0, 2.0]]))
    table = torch.zeros(2, 16)
    found = part(batch, table)[0]
    torch.testing.assert_close(found[0], part.kinds[1] + 1.0 * part.value[0] + part.value[1])
    torch.testing.assert_close(found[1], part.kinds[1])
    torch.testing.assert_close(found[2], part.kinds[1] + 3.0 * part.value[0] + part.value[1])
