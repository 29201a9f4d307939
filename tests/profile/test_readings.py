"""Each value against the user's mean and the item's quality, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from habitus.events.catalogue import Catalogue
from habitus.events.histories import from_lists
from habitus.profile.columns import Columns
from habitus.profile.known import Items
from habitus.profile.readings import NOISE_PRIOR, Readings, deviations, read

ITEMS = Items(("x",), np.array([6.0, 0.0]), np.array([0.5, 0.0]), 2.0)
CATALOGUE = Catalogue.of_ids(["x", "y"])


def made() -> Readings:
    histories = from_lists([[1, 2, 1], [2]])
    value = np.array([5, 3, np.nan, np.nan], np.float32)
    return read(Columns.of_histories(replace(histories, value=value)), ITEMS, CATALOGUE)


def test_values_are_taken_against_the_users_own_mean() -> None:
    valued, against = deviations(made().columns)
    assert valued.tolist() == [1.0, 1.0, 0.0, 0.0]
    assert against.tolist() == [1.0, -1.0, 0.0, 0.0]


def test_what_is_left_once_the_items_quality_is_taken_away() -> None:
    found = made()
    assert found.quality.tolist() == [0.5, 0.0, 0.5, 0.0]
    assert found.left.tolist() == [0.5, -1.0, 0.0, 0.0]
    first = (0.25 + 1.0 + NOISE_PRIOR * 2.0) / (2 + NOISE_PRIOR)
    assert found.noise.tolist() == pytest.approx([first, 2.0])


def test_the_first_event_of_each_item_of_each_user() -> None:
    assert made().first.tolist() == [True, True, False, True]


def test_a_block_of_users_reads_the_same() -> None:
    block = made().block(1, 2)
    assert block.columns.item.tolist() == [2]
    assert block.noise.tolist() == pytest.approx([2.0])
    assert block.first.tolist() == [True]
