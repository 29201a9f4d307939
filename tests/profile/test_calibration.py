"""Calibrators: how much there is to learn from decides, noise is found out, forms are checked."""

import json
import math
from typing import Any

import numpy as np
import pytest

from habitus.profile.calibration import (
    CAUTIOUS,
    FEW_PAIRS,
    SHIPPED,
    SURE,
    Calibrator,
    Pairs,
    fitted,
    shipped,
)
from habitus.profile.evidence import FEATURES
from habitus.types import HabitusError

VALUES = 3


def drawn(count: int, users: int, slope: float, seed: int = 0, crossed: float = 0.0) -> Pairs:
    """Pairs where the log odds are slope · probit + crossed · (a product of two other features)."""
    generator = np.random.default_rng(seed)
    features = generator.normal(size=(count, len(FEATURES)))
    logit = slope * features[:, 0] + crossed * features[:, 2] * features[:, 3]
    holds = generator.random(count) < 1 / (1 + np.exp(-logit))
    owner, code = generator.integers(users, size=count), generator.integers(VALUES, size=count)
    return Pairs(owner, code, features, holds)


def test_by_hand() -> None:
    made = Calibrator("taste", 0.1, 2.0, 0.5, 3.0, np.array([0.0, 1.0]))
    features = np.zeros((3, len(FEATURES)))
    features[:, 0] = [0.0, 0.2, 50.0]
    found = made.probability(features, np.array([0, 1, 0]))
    expected = [1 / (1 + math.exp(-x)) for x in (0.1, 0.1 + 0.4 + 0.5, 3.0)]
    assert found.tolist() == pytest.approx(expected)


def test_few_pairs_have_the_shipped_coefficients_and_are_never_sure() -> None:
    made = fitted("taste", drawn(FEW_PAIRS - 1, 100, 3.0), VALUES, seed=0)
    assert (made.slope, made.limit, made.pairs) == (SHIPPED["taste"], CAUTIOUS, 0)
    features = np.full((1, len(FEATURES)), 1e6)
    assert made.probability(features, np.array([0])).tolist() == pytest.approx([0.8])


def test_pairs_of_few_users_are_few() -> None:
    assert fitted("taste", drawn(2000, 10, 1.0), VALUES, seed=0).pairs == 0


def test_with_more_pairs_the_slope_is_learned() -> None:
    made = fitted("taste", drawn(3000, 300, 1.5), VALUES, seed=0)
    assert made.trees is None
    assert made.slope == pytest.approx(1.5, abs=0.2)
    assert made.limit == SURE


def test_trees_are_kept_where_they_foretell_better() -> None:
    pairs = drawn(8000, 500, 0.5, crossed=2.0)
    made = fitted("taste", pairs, VALUES, seed=0)
    assert made.trees is not None
    fresh = drawn(8000, 500, 0.5, seed=1, crossed=2.0)
    chance = made.probability(fresh.features, fresh.code)
    assert ((chance - fresh.holds) ** 2).mean() < 0.22  # a base rate has .25, a line .24


def test_trees_are_left_where_a_line_says_it_all() -> None:
    assert fitted("taste", drawn(6000, 500, 1.0), VALUES, seed=0).trees is None


@pytest.mark.parametrize("count", [600, 6000])
def test_nothing_is_learned_from_noise(count: int) -> None:
    made = fitted("taste", drawn(count, 300, 0.0), VALUES, seed=0)
    fresh = drawn(2000, 300, 0.0, seed=1)
    chance = made.probability(fresh.features, fresh.code)
    assert np.abs(chance - 0.5).max() < 0.2


@pytest.mark.parametrize("count", [1000, 8000])
def test_chances_of_new_users_come_true_as_often_as_they_say(count: int) -> None:
    made = fitted("taste", drawn(count, 400, 1.0, crossed=1.0), VALUES, seed=0)
    fresh = drawn(20_000, 400, 1.0, seed=1, crossed=1.0)
    chance = made.probability(fresh.features, fresh.code)
    for run in np.array_split(np.argsort(chance), 5):
        assert chance[run].mean() == pytest.approx(fresh.holds[run].mean(), abs=0.07)


@pytest.mark.parametrize("pairs", [drawn(1000, 100, 1.0), drawn(6000, 400, 0.0, crossed=2.0)])
def test_stored_as_json_it_says_the_same(pairs: Pairs) -> None:
    made = fitted("taste", pairs, VALUES, seed=0)
    again = Calibrator.from_json(json.loads(json.dumps(made.to_json())), VALUES)
    found = again.probability(pairs.features, pairs.code)
    assert found.tolist() == made.probability(pairs.features, pairs.code).tolist()


@pytest.mark.parametrize(
    "change",
    [
        {"slope": "steep"},
        {"slope": math.nan},
        {"limit": -1.0},
        {"base": [0.0]},
        {"base": None},
        {"probit": "height"},
        {"trees": {"start": 0.0}},
        {"trees": 3},
    ],
)
def test_broken_forms_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(HabitusError):
        Calibrator.from_json(shipped("taste", VALUES).to_json() | change, VALUES)


def test_a_form_without_a_field_is_refused() -> None:
    form = shipped("interest", VALUES).to_json()
    del form["lean"]
    with pytest.raises(HabitusError):
        Calibrator.from_json(form, VALUES)
