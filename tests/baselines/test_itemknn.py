"""Item neighbourhoods against dense algebra and numbers made by hand."""

import numpy as np
import pytest

from habitus.baselines import itemknn
from habitus.baselines.interactions import interactions
from habitus.baselines.itemknn import ItemKNN, bm25, cosine, nearest, tfidf
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories, from_lists
from habitus.types import HabitusError

CATALOGUE = Catalogue.of_ids(list("abcd"))
LOG = from_lists([[1, 2], [1, 2, 3], [1], [3, 4]])


def random_log(users: int = 60, items: int = 25, seed: int = 0) -> Histories:
    rng = np.random.default_rng(seed)
    return from_lists(
        [rng.integers(1, items + 1, rng.integers(1, 9)).tolist() for _ in range(users)]
    )


def test_cosine_by_hand() -> None:
    # users of a: 3, b: 2, c: 2, d: 1; together ab 2, ac 1, bc 1, cd 1
    model = ItemKNN("cosine").fit(LOG, CATALOGUE)
    expected = [0, 0, 2 / np.sqrt(6), 1 / np.sqrt(6), 0]
    np.testing.assert_allclose(model.score(from_lists([[1]]))[0], expected, rtol=1e-6)
    both = [0, 1 / np.sqrt(6), 0.5, 0, 1 / np.sqrt(2)]
    np.testing.assert_allclose(model.score(from_lists([[3]]))[0], both, rtol=1e-6)
    together = np.add(expected, both)
    np.testing.assert_allclose(model.score(from_lists([[1, 3, 1]]))[0], together, rtol=1e-6)


def test_bm25_by_hand() -> None:
    # N = 4 and 2 users an item on average; a user of 2 items has idf ln(1 + 2.5 / 2.5) = ln 2;
    # item a has 3 users: K1 (1 − B + B 3/2) = 1.65; item d has 1: K1 (1 − B + B / 2) = 0.75
    weights = bm25(interactions(LOG, 5)).toarray()
    assert weights[0, 1] == pytest.approx(np.log(2) * 2.2 / 2.65)
    assert weights[1, 1] == pytest.approx(np.log(1 + 1.5 / 3.5) * 2.2 / 2.65)
    assert weights[3, 4] == pytest.approx(np.log(2) * 2.2 / 1.75)


def test_bm25_weights_are_positive_even_for_who_wants_everything() -> None:
    assert (bm25(interactions(from_lists([[1, 2], [1]]), 3)).data > 0).all()


def test_tfidf_has_columns_of_length_one() -> None:
    weights = tfidf(interactions(random_log(), 26)).toarray()
    np.testing.assert_allclose(np.linalg.norm(weights[:, 1:], axis=0), 1.0, rtol=1e-5)


@pytest.mark.parametrize("block_bytes", [1, 4_000, 2**20])
def test_neighbours_like_dense_cosine_whatever_the_block(
    monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    monkeypatch.setattr(itemknn, "BLOCK_BYTES", block_bytes)
    weighted = cosine(interactions(random_log(), 26))
    dense = (weighted.T @ weighted).toarray()
    np.fill_diagonal(dense, 0.0)
    found = nearest(weighted, 5).toarray()
    for row in range(26):
        largest = np.sort(dense[row])[::-1][:5]
        np.testing.assert_allclose(np.sort(found[row])[::-1][:5], largest, rtol=1e-6)
        kept = found[row] > 0
        assert kept.sum() <= 5
        np.testing.assert_allclose(found[row][kept], dense[row][kept], rtol=1e-6)


def test_a_user_of_whom_nothing_is_known_gets_popularity() -> None:
    scores = ItemKNN().fit(LOG, CATALOGUE).score(from_lists([[]]))
    assert scores[0, 1:].tolist() == [3, 2, 2, 1]


def test_an_item_without_training_events_cannot_be_scored() -> None:
    scores = (
        ItemKNN("cosine").fit(LOG, Catalogue.of_ids(list("abcde"))).score(from_lists([[1], [5]]))
    )
    assert np.isneginf(scores[:, 5]).all()
    assert np.isfinite(scores[:, :5]).all()
    assert scores[1, 1:5].tolist() == [3, 2, 2, 1]


def test_wrong_settings_are_clear_errors() -> None:
    with pytest.raises(HabitusError, match="cosine, tfidf, bm25"):
        ItemKNN("cosinus")
    with pytest.raises(HabitusError, match="neighbours"):
        ItemKNN(neighbours=0)


def test_its_name_says_the_weighting() -> None:
    assert ItemKNN("cosine").name == "item-kNN cosine"
