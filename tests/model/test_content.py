import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.model.content import TOKEN, _counts, fit_content

WORDS = ("red apple pie", "red apple tart", "green lime pie", "green lime tart", "red lime jam")


@pytest.fixture
def catalogue() -> Catalogue:
    plain = Catalogue.of_ids([f"i{row}" for row in range(1, 6)])
    genre = attribute_column([[], ["a", "b"], ["a"], ["b", "rare"], ["a"], []])
    price = np.array([np.nan, 1, 2, 3, np.nan, 100], np.float32)
    return replace(plain, text=("", *WORDS), attributes={"genre": genre}, numbers={"price": price})


def trained(*rows: int) -> np.ndarray:
    return np.isin(np.arange(6), rows)


def test_attributes_share_a_weight_of_one(catalogue: Catalogue) -> None:
    content = fit_content(catalogue, trained(1, 2, 3, 4, 5), 0, text_width=0)
    assert content.attributes == {"genre": ("a", "b")}  # "rare" is on one item only
    found = content.features(catalogue).toarray()[:, :2]
    half = np.sqrt(0.5)
    np.testing.assert_allclose(
        found, [[0, 0], [half, half], [1, 0], [0, 1], [1, 0], [0, 0]], rtol=1e-6
    )


def test_numbers_are_standardised_clipped_and_may_be_absent(catalogue: Catalogue) -> None:
    content = fit_content(catalogue, trained(1, 2, 3), 0, text_width=0)
    found = content.features(catalogue).toarray()[:, -2:]
    step = np.sqrt(1.5)  # 1 / standard deviation of 1, 2, 3
    expected = [[0, 0], [-step, 1], [0, 1], [step, 1], [0, 0], [3, 1]]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_only_trained_items_are_looked_at(catalogue: Catalogue) -> None:
    content = fit_content(catalogue, trained(1, 2), 0, text_width=0)
    assert content.attributes == {"genre": ("a",)}
    assert content.numbers["price"] == pytest.approx((1.5, 0.5))


def test_texts_with_common_words_are_near(catalogue: Catalogue) -> None:
    content = fit_content(replace(catalogue, attributes={}, numbers={}), trained(1, 2, 3, 4), 0, 3)
    found = content.features(catalogue).toarray()
    assert found[1] @ found[2] > found[1] @ found[4]
    np.testing.assert_allclose(np.linalg.norm(found[1:5], axis=1), 1, rtol=1e-5)


def test_texts_are_counted_as_the_vectoriser_that_was_fitted_counts_them(
    catalogue: Catalogue,
) -> None:
    """Case, repeated and one-letter words, other scripts, marks between words, unknown words."""
    texts = (
        "",
        "Red RED a apple",
        "äpfel Äpfel-red_pie, x",
        "",
        "林檎 パイ red",
        "APPLE pie's пирог",
    )
    words = ("apple", "pie", "red", "äpfel", "林檎", "пирог")
    told = TfidfVectorizer(
        vocabulary=list(words), use_idf=False, norm=None, sublinear_tf=True, token_pattern=TOKEN
    ).fit_transform(texts)
    found = _counts(words, replace(catalogue, text=texts))
    np.testing.assert_allclose(found.toarray(), told.toarray(), rtol=1e-6)
    assert found.nnz == 8


def test_reading_a_model_does_not_load_scikit_learn() -> None:
    """It would be most of the time that a server takes to start."""
    code = "import sys, habitus.model.trained; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_item_without_words_has_no_text(catalogue: Catalogue) -> None:
    bare = replace(catalogue, attributes={}, numbers={})
    content = fit_content(bare, trained(1, 2, 3, 4), 0, 3)
    other = replace(bare, text=("", "zebra", *WORDS[1:]))
    assert not content.features(other).toarray()[1].any()


def test_text_that_leaves_no_word_is_no_feature(catalogue: Catalogue) -> None:
    odd = replace(catalogue, text=("", "a", "b", "", "", ""), attributes={}, numbers={})
    content = fit_content(odd, trained(1, 2, 3, 4, 5), 0, 3)
    assert content.width == 0
    assert content.features(odd).shape == (6, 0)


def test_another_catalogue_may_lack_the_attributes(catalogue: Catalogue) -> None:
    content = fit_content(catalogue, trained(1, 2, 3, 4), 0, 2)
    found = content.features(Catalogue.of_ids(["x", "y"]))
    assert found.shape == (3, content.width)
    assert found.nnz == 0


def test_the_width_is_that_of_the_features(catalogue: Catalogue) -> None:
    content = fit_content(catalogue, trained(1, 2, 3, 4), 0, 2)
    assert content.features(catalogue).shape == (6, content.width)


def test_row_zero_is_empty(catalogue: Catalogue) -> None:
    content = fit_content(catalogue, trained(1, 2, 3, 4), 0, 2)
    assert not content.features(catalogue).toarray()[0].any()
