"""Rows are sorted by several numbers, packed into one or not, and ties keep their order."""

import numpy as np
import pytest

from habitus.events.sorting import stable_order


@pytest.mark.parametrize("span", [3, 2**20, 2**62])
def test_order_is_that_of_tuples(span: int) -> None:
    chance = np.random.default_rng(0)
    keys = [chance.integers(-span, span, 500) // (span // 3) * (span // 3) for _ in range(3)]
    rows = list(zip(*(key.tolist() for key in keys), strict=True))
    assert stable_order(*keys).tolist() == sorted(range(500), key=rows.__getitem__)


def test_nothing_to_sort() -> None:
    assert stable_order(np.empty(0, np.int64)).tolist() == []
