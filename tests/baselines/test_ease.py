"""EASE against the formula written naively in double precision."""

import numpy as np
import pytest
from numpy.typing import NDArray

from habitus.baselines import ease
from habitus.baselines.ease import EASE, memory_need
from habitus.baselines.interactions import interactions
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories, from_lists
from habitus.types import HabitusError

ITEMS = 30
CATALOGUE = Catalogue.of_ids([f"i{row}" for row in range(ITEMS)])


def random_log(users: int = 200, seed: int = 0) -> Histories:
    rng = np.random.default_rng(seed)
    return from_lists(
        [rng.integers(1, ITEMS + 1, rng.integers(1, 9)).tolist() for _ in range(users)]
    )


def naive(histories: Histories, regularisation: float) -> NDArray[np.float64]:
    seen = interactions(histories, ITEMS + 1).toarray()[:, 1:].astype(float)
    inverse = np.linalg.inv(seen.T @ seen + regularisation * np.eye(ITEMS))
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return weights


@pytest.mark.parametrize("scratch", [1, 1_000, 2**20])
def test_like_the_naive_inverse_whatever_the_block(
    monkeypatch: pytest.MonkeyPatch, scratch: int
) -> None:
    monkeypatch.setattr(ease, "SCRATCH_BYTES", scratch)
    train, asked = random_log(), random_log(users=20, seed=1)
    scores = EASE(regularisation=20.0).fit(train, CATALOGUE).score(asked)
    expected = interactions(asked, ITEMS + 1).toarray()[:, 1:] @ naive(train, 20.0)
    np.testing.assert_allclose(scores[:, 1:], expected, atol=2e-6)
    assert scores.dtype == np.float32


def test_two_items_by_hand() -> None:
    # XᵀX + 1 = [[3, 1], [1, 2]]; its inverse is [[2, −1], [−1, 3]] / 5; B_12 = 1/3, B_21 = 1/2
    model = EASE(regularisation=1.0).fit(from_lists([[1, 2], [1]]), Catalogue.of_ids(["a", "b"]))
    np.testing.assert_allclose(
        model.score(from_lists([[1], [2]]))[:, 1:], [[0, 1 / 3], [1 / 2, 0]], rtol=1e-6
    )


def test_a_user_of_whom_nothing_is_known_gets_popularity() -> None:
    scores = (
        EASE().fit(from_lists([[1, 2], [1]]), Catalogue.of_ids(list("abc"))).score(from_lists([[]]))
    )
    assert scores[0, 1:].tolist() == [2, 1, -np.inf]


def test_items_without_training_events_take_no_memory_and_no_score() -> None:
    model = EASE(memory_limit=memory_need(2))
    scores = model.fit(from_lists([[2, 4], [4]]), CATALOGUE).score(from_lists([[2], [7]]))
    assert np.flatnonzero(np.isfinite(scores[0])).tolist() == [0, 2, 4]
    assert scores[1, [2, 4]].tolist() == [1, 2]


def test_it_refuses_above_its_memory_limit_and_names_both() -> None:
    with pytest.raises(HabitusError, match=r"GiB for 30 items.*limit of 0\.2 GiB.*memory_limit"):
        EASE(memory_limit=memory_need(29)).fit(random_log(), CATALOGUE)


def test_memory_need_is_one_square_and_scratch() -> None:
    assert memory_need(12_101) - memory_need(0) == 4 * 12_101**2


def test_nothing_to_learn_from_is_popularity_of_nothing() -> None:
    scores = EASE().fit(from_lists([[]]), Catalogue.of_ids(["a"])).score(from_lists([[1]]))
    assert scores.tolist() == [[0, -np.inf]]


def test_regularisation_has_to_be_positive() -> None:
    with pytest.raises(HabitusError, match="regularisation"):
        EASE(regularisation=0.0)
