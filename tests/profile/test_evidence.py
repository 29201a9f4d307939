"""Evidence and outcomes of small histories against values worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.events.histories import PADDING_TYPE, Histories, from_lists
from habitus.profile.columns import Columns
from habitus.profile.evidence import FEATURES, Evidence, evidence
from habitus.profile.known import Items, Values
from habitus.profile.readings import read
from habitus.testing.raters import raters
from habitus.types import EventType, Role

NAN = float("nan")
#                           0   1      2           3
GENRES = attribute_column([[], ["a"], ["a", "b"], []])
CATALOGUE = replace(Catalogue.of_ids(["x", "y", "z"]), attributes={"genre": GENRES})
ITEMS = Items(("x", "y"), np.array([6.0, 4.0, 0.0]), np.array([0.5, -0.5, 0.0]), 1.0)
VALUES = Values(
    values=("a", "b"),
    share=np.array([0.75, 0.25]),
    mean=np.zeros(2),
    spread=np.full(2, 0.5),
    mass=np.array([10.0, 4.0]),
    quality=np.array([1.0, -2.0]),
    all_mass=10.0,
    all_quality=1.0,
)


def of(histories: Histories) -> Evidence:
    readings = read(Columns.of_histories(histories), ITEMS, CATALOGUE)
    return evidence(readings, ITEMS, VALUES, GENRES)


def feature(found: Evidence, name: str) -> np.ndarray:
    return found.features[:, FEATURES.index(name)]


def rated(items: list[list[int]], values: list[list[float]]) -> Histories:
    made = from_lists(items)
    return replace(made, value=np.array([x for row in values for x in row], np.float32))


def test_a_value_with_few_events_has_no_row() -> None:
    found = of(from_lists([[1, 1, 2, 2, 2], [1, 1, 1, 1, 2]]))
    assert found.owner.tolist() == [0, 1]
    assert found.code.tolist() == [0, 0]


def test_shares_count_events_that_the_attribute_describes_and_negatives_take_back() -> None:
    types = (PADDING_TYPE, EventType("buy"), EventType("return", Role.NEGATIVE))
    found = of(from_lists([[2] * 6 + [1] * 2 + [3] * 4 + [2]], None, types, [[1] * 12 + [2]]))
    assert found.code.tolist() == [0, 1]
    assert found.count.tolist() == [8.0, 6.0]
    assert found.share.tolist() == [7 / 8, 5 / 8]
    assert found.population.tolist() == [0.75, 0.25]


def test_means_are_of_the_events_that_carry_a_value() -> None:
    found = of(rated([[1, 1, 1, 1, 1, 3, 3]], [[5, 4, NAN, 4, 5, 1, 1]]))
    assert found.rated.tolist() == [4.0]
    assert found.mean.tolist() == pytest.approx([4.5])
    assert found.own.tolist() == pytest.approx([20 / 6])
    assert feature(found, "difference").tolist() == pytest.approx([4.5 - 20 / 6])


def test_without_values_there_is_no_mean_and_every_feature_is_a_number() -> None:
    found = of(from_lists([[1, 2, 1, 2, 1, 2, 3]]))
    assert np.isnan(found.mean).all()
    assert np.isfinite(found.features).all()
    assert feature(found, "taste").tolist() == [0.0]


def test_the_probit_of_a_taste_is_the_posterior_mean_over_its_later_deviation() -> None:
    # six values at 1 above the mean of all twelve: values 4 on genre a, 2 elsewhere
    found = of(rated([[1] * 6 + [3] * 6], [[4] * 6 + [2] * 6]))
    # left: 1 − quality .5 on item x, −1 on item z; noise (6 · .25 + 6 · 1 + 5 · 1) / (12 + 5)
    noise = 12.5 / 17
    precision = 1 / 0.5 + 6 / noise
    later = np.sqrt(1 / precision + noise / 5)
    assert feature(found, "taste").tolist() == pytest.approx([6 / noise / precision / later])


def test_recent_events_weigh_more() -> None:
    early = of(from_lists([[1] * 10 + [2] * 10]))
    late = of(from_lists([[2] * 10 + [1] * 10]))
    half = 0.5 ** (np.arange(20) / 10)
    assert feature(early, "share_10")[1] == pytest.approx(half[:10].sum() / half.sum())
    assert feature(late, "share_10")[1] == pytest.approx(half[10:].sum() / half.sum())
    assert feature(early, "share")[1] == feature(late, "share")[1] == 0.5


def test_items_not_had_yet_are_what_is_to_come() -> None:
    found = of(from_lists([[2] * 6]))  # item y is had, item x is left
    assert found.code.tolist() == [0, 1]
    # for a: mass 6 of 6 left, quality 3 / 6 = that of all left; for b nothing is left
    assert feature(found, "unseen_share").tolist() == pytest.approx(
        [np.log(1 / 0.75), np.log(1e-4 / 0.25)]
    )
    assert feature(found, "unseen_quality")[0] == pytest.approx(0.0)


def test_blocks_of_users_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = raters(users=30, items=60, length=25)
    columns = Columns.of_histories(world.histories)
    items = Items((), np.zeros(1), np.zeros(1), 1.0)
    genres = world.catalogue.attributes["genre"]
    listed = genres.values
    readings = read(columns, items, world.catalogue)
    size = len(listed)
    values = Values(
        listed, np.full(size, 1 / size), *np.zeros((1, size)), np.ones(size),
        np.ones(size), np.zeros(size), float(size), 0.0,
    )  # fmt: skip
    whole = evidence(readings, items, values, genres)
    monkeypatch.setattr("habitus.profile.evidence.CELLS", 4 * size)
    parts = evidence(readings, items, values, genres)
    assert parts.owner.tolist() == whole.owner.tolist()
    np.testing.assert_allclose(parts.features, whole.features)
