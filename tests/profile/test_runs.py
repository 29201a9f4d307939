"""Runs are told from chance, a change of taste from runs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from habitus.profile.runs import Runs


def runs_of(values: NDArray[np.int64]) -> Runs:
    """Of a history in which event i is about values[i] alone."""
    return Runs(len(values), np.arange(len(values)), values, np.unique(values))


def drawn(count: int, seed: int, length: int = 1) -> NDArray[np.int64]:
    """Four values, each drawn for `length` events in a row."""
    rng = np.random.default_rng(seed)
    return np.repeat(rng.choice(4, count // length, p=(0.4, 0.3, 0.2, 0.1)), length)


def test_independent_events_have_no_runs() -> None:
    usual = [runs_of(drawn(320, seed)).usual for seed in range(400)]
    assert np.mean([each[16] for each in usual]) == pytest.approx(1, abs=0.05)
    assert np.mean([each[32] for each in usual]) == pytest.approx(1, abs=0.05)


def test_of_values_that_come_eight_in_a_row_there_are_eight_times_fewer() -> None:
    usual = [runs_of(drawn(960, seed, length=8)).usual for seed in range(40)]
    assert np.mean([each[16] for each in usual]) == pytest.approx(8, rel=0.1)


def test_a_change_is_no_run() -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate((rng.choice(4, 320, p=(0.7, 0.1, 0.1, 0.1)), drawn(320, 1)))
    runs = runs_of(values)
    assert runs.usual[16] < 1.3
    mine = np.flatnonzero(values == 0)
    assert runs.dispersion(mine, 160) > runs.dispersion(mine, 320) + 0.2  # cut in the wrong place


def test_one_values_dispersion_leans_on_all() -> None:
    values = drawn(640, 2)
    clustered = np.concatenate((np.zeros(32, int), np.ones(32, int))).repeat(5)
    runs = Runs(640, np.arange(640), values, np.unique(values))
    mine = np.flatnonzero(np.tile(clustered, 2)[:640] == 0)
    alone = Runs(640, mine, np.zeros(len(mine), int), np.array([0]))
    assert 1 < runs.dispersion(mine, 300) < alone.dispersion(mine, 300)


@pytest.mark.parametrize("count", [24, 47, 48, 95, 96])
def test_short_histories_are_cut_into_what_there_is(count: int) -> None:
    runs = runs_of(drawn(count, 0))
    assert runs.usual
    assert all(block * 3 <= count for block in runs.usual)
    assert runs.dispersion(np.arange(0, count, 2), count // 2) >= 1


def test_what_is_not_looked_at_does_not_count() -> None:
    values = np.concatenate((np.repeat(np.arange(4), 40), np.tile([4, 5], 160)))
    order = np.arange(len(values))
    some = Runs(len(values), order, values, np.array([4, 5]))
    every = Runs(len(values), order, values, np.arange(6))
    assert some.usual[16] < every.usual[16]
