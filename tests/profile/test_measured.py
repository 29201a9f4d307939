"""What a log says of items and values, against numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.events.histories import Histories, from_lists
from habitus.profile.columns import Columns
from habitus.profile.measured import ITEM_PRIOR, measured_items, measured_values
from habitus.profile.readings import read
from habitus.testing.raters import raters

NAN = float("nan")


def rated(items: list[list[int]], values: list[list[float]]) -> Histories:
    made = from_lists(items)
    return replace(made, value=np.array([x for row in values for x in row], np.float32))


def test_mass_and_quality_of_items() -> None:
    # user 0 has mean 3: +1 on item 1, −1 on item 2; user 1 has mean 4: 0 on item 1; item 3 unrated
    columns = Columns.of_histories(rated([[1, 2, 3], [1]], [[4, 2, NAN], [4]]))
    catalogue = Catalogue.of_ids(["a", "b", "c", "d"])
    items = measured_items(columns, catalogue)
    assert items.ids == ("a", "b", "c")
    assert items.mass.tolist() == [2.0, 1.0, 1.0, 0.0]
    expected = [1 / (2 + ITEM_PRIOR), -1 / (1 + ITEM_PRIOR), 0.0, 0.0]
    assert items.quality.tolist() == pytest.approx(expected)


def test_an_item_that_is_not_known_stands_at_the_mean() -> None:
    catalogue = Catalogue.of_ids(["a", "b"])
    items = measured_items(Columns.of_histories(rated([[1, 1]], [[4, 2]])), catalogue)
    other = Columns.of_histories(rated([[2, 2]], [[5, 1]]))
    readings = read(other, items, catalogue)
    assert readings.quality.tolist() == [0.0, 0.0]
    assert readings.left.tolist() == [2.0, -2.0]


def test_shares_are_of_the_positive_events_that_the_attribute_describes() -> None:
    genres = attribute_column([[], ["x"], ["x", "y"], ["rare"], []])
    catalogue = replace(Catalogue.of_ids(list("abcd")), attributes={"genre": genres})
    row = [1] * 30 + [2] * 20 + [3] * 10 + [4] * 40
    columns = Columns.of_histories(from_lists([row]))
    items = measured_items(columns, catalogue)
    values = measured_values(read(columns, items, catalogue), items, genres, catalogue)
    assert values is not None
    assert values.values == ("x", "y")  # "rare" occurs in too few events
    assert values.share.tolist() == pytest.approx([50 / 60, 20 / 60])
    assert values.mass.tolist() == [50.0, 20.0]
    assert values.all_mass == 60.0


def test_an_attribute_without_frequent_values_is_not_known() -> None:
    genres = attribute_column([[], ["x"]])
    catalogue = replace(Catalogue.of_ids(["a"]), attributes={"genre": genres})
    columns = Columns.of_histories(from_lists([[1] * 3]))
    items = measured_items(columns, catalogue)
    assert measured_values(read(columns, items, catalogue), items, genres, catalogue) is None


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_the_spread_over_users_is_that_of_the_world(strength: float) -> None:
    world = raters(users=500, items=400, length=80, strength=strength, genres=4)
    columns = Columns.of_histories(world.histories)
    items = measured_items(columns, world.catalogue)
    readings = read(columns, items, world.catalogue)
    genres = world.catalogue.attributes["genre"]
    values = measured_values(readings, items, genres, world.catalogue)
    assert values is not None
    # against the user's own mean, which takes the tastes for what they choose with it
    like, share = world.truth["like"], world.truth["share"]
    own = (like * share).sum(axis=1, keepdims=True)
    assert np.sqrt(values.spread.mean()) == pytest.approx((like - own).std(), abs=0.2)
