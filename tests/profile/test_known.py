"""Items and values find their places in whatever catalogue there is, and come back from JSON."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.profile.known import Items, Joint, Values
from habitus.types import HabitusError

ITEMS = Items(("x", "y"), np.array([6.0, 4.0, 0.0]), np.array([0.5, -0.5, 0.0]), 1.0)
VALUES = Values(("a", "b"), *(np.array([0.5, 0.25]),) * 5, 10.0, 1.0)


def test_items_are_found_by_id_and_others_stand_past_the_last() -> None:
    assert ITEMS.of(np.array([3, 1, 2]), Catalogue.of_ids(["new", "y", "x"])).tolist() == [0, 2, 1]
    assert ITEMS.of(np.array([1]), Catalogue.of_ids(["x"])).tolist() == [0]


def test_values_are_found_by_their_text() -> None:
    assert VALUES.codes(attribute_column([[], ["b", "c"], ["a"]])).tolist() == [0, 1, -1]
    assert VALUES.codes(attribute_column([[], ["b"]])).tolist() == [1]


def test_both_come_back_from_json() -> None:
    items = Items.from_json(json.loads(json.dumps(ITEMS.to_json())))
    assert items.to_json() == ITEMS.to_json()
    values = Values.from_json(json.loads(json.dumps(VALUES.to_json())))
    assert values.to_json() == VALUES.to_json()


@pytest.mark.parametrize("change", [{"mass": [1.0]}, {"noise": 0.0}, {"quality": [0, 0, np.inf]}])
def test_items_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(HabitusError):
        Items.from_json(ITEMS.to_json() | change)


@pytest.mark.parametrize("change", [{"values": ["a", "a"]}, {"spread": [0, 1]}, {"share": [[1]]}])
def test_values_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(HabitusError):
        Values.from_json(VALUES.to_json() | change)


def test_a_catalogue_is_not_kept_alive() -> None:
    catalogue = replace(Catalogue.of_ids(["x"]))
    items = replace(ITEMS)
    items.of(np.array([1]), catalogue)
    assert len(items._made) == 1
    del catalogue
    assert len(items._made) == 0


TOGETHER = Joint(
    np.array([0.1, 0.2]), np.array([[1.0, 0.5], [0.5, 1.0]]), np.eye(2),
    np.array([0.5, 0.5]),
)  # fmt: skip


@pytest.mark.parametrize("joint", [TOGETHER, Joint.none()])
def test_what_goes_together_comes_back_from_json(joint: Joint) -> None:
    form = replace(VALUES, joint=joint).to_json()
    again = Values.from_json(json.loads(json.dumps(form)))
    assert again.to_json() == form
    assert again.joint.covariance.shape == joint.covariance.shape


@pytest.mark.parametrize(
    "change",
    [
        {"mean": [0.0]},
        {"mean": [0.0, 0.0, 0.0]},
        {"mean": [0.0, float("inf")]},
        {"covariance": [[1.0, 2.0], [2.0, 1.0]]},
        {"company": [1.0, 1.0]},
    ],
)
def test_what_cannot_go_together_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises((HabitusError, ValueError)):
        Joint.from_json(TOGETHER.to_json() | change, 2)
