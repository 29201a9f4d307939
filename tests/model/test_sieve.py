"""The sieve never drops an item that is among the best, and drops most of the others."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from habitus.model import sieve as module
from habitus.model.sieve import LOWEST, Sieve, left, usable

ROWS, WIDTH = 20_001, 16


def drawn(seed: int, rows: int = ROWS) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((rows, WIDTH)).astype(np.float32)


def sieved(
    sieve: Sieve, queries: NDArray[np.float32], allowed: NDArray[np.bool_], k: int
) -> list[NDArray[np.int64] | None]:
    pictures, slack = sieve.pictures(queries)
    return [
        left(each, float(wrong), allowed, k) for each, wrong in zip(pictures, slack, strict=True)
    ]


def best(scores: NDArray[np.float64], allowed: NDArray[np.bool_], k: int) -> set[int]:
    """All rows that reach the k-th best score."""
    values = np.where(allowed, scores, -np.inf)
    return set(np.flatnonzero(values >= np.sort(values)[-k]).tolist())


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    k=st.integers(1, 40),
    stretch=st.sampled_from([1e-12, 1.0, 1e9]),
    share=st.sampled_from([0.01, 0.5, 1.0]),
)
def test_the_best_are_left(seed: int, k: int, stretch: float, share: float) -> None:
    """Whatever the scale of keys, of columns and of queries, and however few are allowed."""
    rng = np.random.default_rng(seed)
    columns = np.float32(10.0) ** rng.integers(-3, 3, WIDTH).astype(np.float32)
    keys = drawn(seed) * columns * np.float32(stretch)
    queries = drawn(seed + 1, 3) / columns
    allowed = rng.random(ROWS) < share
    found = sieved(Sieve.of(keys), queries, allowed, k)
    exact = queries.astype(np.float64) @ keys.astype(np.float64).T
    for rows, scores in zip(found, exact, strict=True):
        assert rows is not None
        assert best(scores, allowed, k) <= set(rows.tolist())
        assert allowed[rows].all()
        assert (np.diff(rows) > 0).all()


def test_columns_may_come_later() -> None:
    keys, queries = drawn(1), drawn(2, 2)
    whole, parts = Sieve.of(keys), Sieve.of(keys[:, :13]).and_columns(Sieve.of(keys[:, 13:]))
    np.testing.assert_array_equal(parts.pictures(queries)[0], whole.pictures(queries)[0])
    np.testing.assert_allclose(parts.pictures(queries)[1], whole.pictures(queries)[1])


def test_a_picture_errs_by_less_than_it_says() -> None:
    keys, queries = drawn(5), drawn(6, 4)
    sieve = Sieve.of(keys)
    pictures, slack = sieve.pictures(queries)
    unit = np.abs(queries * sieve.scale).max(1) / 127
    exact = queries.astype(np.float64) @ keys.astype(np.float64).T
    wrong = np.abs(pictures - exact / unit[:, None]).max(1)
    assert (wrong <= slack).all()
    assert (wrong > slack / 20).all()  # or the bound would say nothing


def test_little_is_left() -> None:
    for rows in sieved(Sieve.of(drawn(7)), drawn(8, 8), np.ones(ROWS, bool), 10):
        assert rows is not None
        assert len(rows) < 300


def test_too_few_or_too_many_is_for_all_to_be_scored() -> None:
    same, some = np.ones(ROWS, np.int32), np.arange(ROWS, dtype=np.int32)
    none = np.zeros(ROWS, bool)
    assert left(same, 0.1, ~none, 10) is None  # everything may be the best
    assert left(some, 0.0, ~none, ROWS) is None
    assert left(some, 0.0, ~none, 0) is None
    assert left(some, abs(LOWEST), ~none, 10) is None
    none[:9] = True
    assert left(some, 0.0, none, 10) is None  # nine of ten


def test_a_query_of_nothing_and_keys_of_nothing() -> None:
    allowed, nothing = np.ones(ROWS, bool), np.zeros((1, WIDTH), np.float32)
    assert sieved(Sieve.of(drawn(10) * 0), drawn(11, 1), allowed, 5) == [None]
    assert sieved(Sieve.of(drawn(10)), nothing, allowed, 5) == [None]


def test_only_finite_keys_of_many_items_are_sieved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: True)
    keys = torch.from_numpy(drawn(11))
    assert usable(keys)
    assert not usable(keys[: module.FEWEST])
    keys[3, 4] = torch.inf
    assert not usable(keys)
    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: False)
    assert not usable(torch.from_numpy(drawn(11)))
