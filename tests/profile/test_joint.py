"""Tastes that go together: the sums, the posterior, the fit, and what they foretell."""

from dataclasses import replace

import numpy as np
import pytest

from habitus.events.catalogue import Attribute, Catalogue, attribute_column
from habitus.events.histories import Histories
from habitus.profile import joint as tastes
from habitus.profile.columns import Columns
from habitus.profile.joint import Sums, fitted, foretold, posterior, sums
from habitus.profile.known import Items, Joint
from habitus.profile.readings import Readings, read

NOBODY = Items((), np.zeros(1), np.zeros(1), 1.0)
#                           0   1      2           3      4
GENRES = attribute_column([[], ["a"], ["a", "b"], ["c"], []])
EVERY = np.arange(3)


def histories(*users: list[tuple[int, float]]) -> Histories:
    """Rated events (row of the item, value) of users."""
    flat = [one for user in users for one in user]
    return Histories(
        user_ids=np.array([f"u{place}" for place in range(len(users))], object),
        offsets=np.cumsum([0, *map(len, users)]),
        item=np.array([row for row, _ in flat], np.int32),
        type=np.ones(len(flat), np.int16),
        time=np.arange(len(flat), dtype=np.int64),
        value=np.array([value for _, value in flat], np.float32),
        session=np.zeros(len(flat), np.int64),
    )


def readings(of: Histories, genres: Attribute = GENRES) -> Readings:
    ids = [f"i{row}" for row in range(1, len(genres.offsets) - 1)]
    catalogue = replace(Catalogue.of_ids(ids), attributes={"genre": genres})
    return read(Columns.of_histories(of), NOBODY, catalogue)


def summed(of: Readings, genres: Attribute = GENRES, size: int = 3) -> Sums:
    code = np.where(np.arange(len(genres.values)) < size, np.arange(len(genres.values)), -1)
    return sums(of.columns, genres, code, size, of.valued, of.left)


def test_sums_by_hand() -> None:
    found = summed(readings(histories([(1, 5.0), (2, 3.0), (4, 1.0)], [(3, 2.0), (3, 4.0)])))
    assert found.squares[0].tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 0]]
    assert found.squares[1].tolist() == np.diag([0, 0, 2]).tolist()
    assert found.products.tolist() == [
        [2.0, 0.0, 0.0],
        [0.0, 0.0, 0.0],
    ]  # 5 − 3 and 3 − 3; 2 − 3 + 4 − 3
    assert found.events.tolist() == [2.0, 2.0]  # an item without a genre is none


def many(users: int = 40, seed: int = 0) -> tuple[Readings, Attribute]:
    """Users whose tastes for two of three genres are nearly one, of items with several genres."""
    generator = np.random.default_rng(seed)
    names = ["a", "b", "c"]
    drawn = [[]] + [
        [name for name in names if generator.random() < 0.5] or ["a"] for _ in range(60)
    ]
    genres = attribute_column(drawn)
    shape = [[1.0, 0.9, 0.0], [0.9, 1.0, 0.0], [0.0, 0.0, 1.0]]
    made = []
    for _ in range(users):
        likes = dict(zip(names, generator.multivariate_normal(np.zeros(3), shape), strict=True))
        rows = generator.integers(1, 61, 50).tolist()
        made.append(
            [
                (row, 3 + sum(likes[name] for name in drawn[row]) + generator.normal())
                for row in rows
            ]
        )
    return readings(histories(*made), genres), genres


def test_a_few_pairs_at_a_time_make_the_same_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    of, genres = many()
    whole = summed(of, genres, 2)
    for cells in (1, 7, 500):
        monkeypatch.setattr(tastes, "CELLS", cells)
        parts = summed(of, genres, 2)
        np.testing.assert_allclose(parts.squares, whole.squares)
        np.testing.assert_allclose(parts.products, whole.products)


def test_with_one_value_the_posterior_is_the_weighted_mean() -> None:
    known = Joint(np.array([0.2]), np.array([[0.5]]), np.eye(1), np.ones(1))
    mean, spread = posterior(
        known, Sums(np.array([[[4.0]]]), np.array([[2.0]]), np.array([4.0])), np.array([2.0])
    )
    assert spread[0, 0, 0] == pytest.approx(1 / (1 / 0.5 + 4 / 2.0))
    assert mean[0, 0] == pytest.approx((0.2 / 0.5 + 2.0 / 2.0) / (1 / 0.5 + 4 / 2.0))


def test_the_fit_finds_what_goes_together() -> None:
    of, genres = many(users=600)
    found = fitted(of, genres, EVERY, 3)
    deviation = np.sqrt(np.diag(found.covariance))
    alike = found.covariance / np.outer(deviation, deviation)
    assert alike[0, 1] > 0.4  # .9, less what a user's own mean takes away
    assert alike[0, 2] < alike[0, 1] - 0.4
    assert np.diag(found.company).tolist() == [1.0, 1.0, 1.0]
    assert ((found.share > 0.3) & (found.share < 0.9)).all()
    assert np.linalg.eigvalsh(found.covariance).min() > 0


def test_one_taste_foretells_the_other() -> None:
    of, genres = many(users=600)
    found = fitted(of, genres, EVERY, 3)
    alone = attribute_column([[], ["a"], ["b"], ["c"]])
    user = readings(histories([(1, 5.0)] * 8 + [(3, 1.0)] * 8 + [(2, 3.0)]), alone)
    zero = np.zeros(3, np.int64)
    mean, deviation = foretold(found, user, alone, EVERY, zero, EVERY)
    assert mean[0] > 0 > mean[2]
    assert mean[1] > 0.2 * mean[0]  # of which there was one event, and no more than middling
    assert deviation[1] > deviation[0] > 0


def test_of_many_values_each_is_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    of, genres = many()
    monkeypatch.setattr(tastes, "MOST", 2)
    assert len(fitted(of, genres, EVERY, 3)) == 0


def test_without_values_or_ratings_nothing_is_foretold() -> None:
    of, genres = many(users=3)
    mean, deviation = foretold(Joint.none(), of, genres, EVERY, np.zeros(3, np.int64), EVERY)
    assert np.isnan([mean, deviation]).all()
    silent = replace(of, valued=np.zeros_like(of.valued), left=np.zeros_like(of.left))
    found = fitted(silent, genres, EVERY, 3)
    assert found.mean.tolist() == [0.0, 0.0, 0.0]
    mean, deviation = foretold(found, silent, genres, EVERY, np.zeros(3, np.int64), EVERY)
    assert mean.tolist() == [0.0, 0.0, 0.0]
    assert (deviation > 0).all()
