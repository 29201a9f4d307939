"""Metrics against hand-computed values, and against a naive reading of ranked lists."""

import math

import numpy as np
import pytest

from habitus.evaluate.metrics import (
    METRICS,
    Metric,
    hit_rate,
    means,
    ndcg,
    per_user,
    recall,
    reciprocal_rank,
    user_means,
)
from habitus.evaluate.ranks import MISS, target_ranks
from habitus.types import HabitusError

RANKS = np.array([1, 2, 3, 10, 11, MISS])


def test_hit_rate_at_ten() -> None:
    assert hit_rate(RANKS, 10).tolist() == [1, 1, 1, 1, 0, 0]


def test_hit_rate_at_one() -> None:
    assert hit_rate(RANKS, 1).tolist() == [1, 0, 0, 0, 0, 0]


def test_recall_of_one_target_is_the_hit_rate() -> None:
    assert recall(RANKS, 5).tolist() == [1, 1, 1, 0, 0, 0]


def test_ndcg_at_ten() -> None:
    expected = [1.0, 0.6309297536, 0.5, 0.2890648263, 0.0, 0.0]  # 1 / log2 of 2, 3, 4, 11
    np.testing.assert_allclose(ndcg(RANKS, 10), expected, rtol=1e-9)


def test_reciprocal_rank_at_ten_is_cut_at_ten() -> None:
    np.testing.assert_allclose(reciprocal_rank(RANKS, 10), [1, 1 / 2, 1 / 3, 1 / 10, 0, 0])


@pytest.mark.parametrize("metric", METRICS.values())
def test_a_miss_is_nothing_at_any_cutoff(metric: Metric) -> None:
    assert metric(np.array([MISS]), 10**12).tolist() == [0.0]


@pytest.mark.parametrize("metric", METRICS.values())
def test_the_first_place_is_everything_at_any_cutoff(metric: Metric) -> None:
    assert metric(np.array([1]), 1).tolist() == [1.0]


@pytest.mark.parametrize("metric", METRICS.values())
def test_ranks_and_cutoffs_below_one_are_refused(metric: Metric) -> None:
    with pytest.raises(HabitusError, match="at least 1"):
        metric(np.array([0, 1]), 10)
    with pytest.raises(HabitusError, match="at least 1"):
        metric(np.array([1]), 0)


def test_user_means_weigh_users_not_cases() -> None:
    values = np.array([1.0, 0.0, 0.0, 1.0, 1.0])
    user = np.array([4, 4, 4, 9, 2])  # user rows with gaps, in no order
    np.testing.assert_allclose(user_means(values, user), [1.0, 1 / 3, 1.0])


def test_user_means_keep_columns_apart() -> None:
    values = np.array([[1.0, 10.0], [3.0, 30.0], [5.0, 50.0]])
    assert user_means(values, np.array([0, 0, 1])).tolist() == [[2.0, 20.0], [5.0, 50.0]]


def test_per_user_names_every_metric_at_every_cutoff() -> None:
    found = per_user(np.array([1, 6]), np.array([0, 1]))
    assert len(found) == 16
    assert found["HR@5"].tolist() == [1.0, 0.0]
    assert found["HR@10"].tolist() == [1.0, 1.0]
    assert found["MRR@20"].tolist() == pytest.approx([1.0, 1 / 6])


def test_means_are_over_users() -> None:
    assert means(np.array([1, MISS, MISS]), np.array([0, 0, 1]))["HR@1"] == 0.25


def test_agrees_with_reading_ranked_lists() -> None:
    """HR and NDCG as others compute them: sort, look where the target stands in the top 10."""
    generator = np.random.default_rng(3)
    scores = generator.normal(size=(300, 61)).astype(np.float32)
    scores[:, 0] = -np.inf
    target = generator.integers(1, 61, 300)
    hits, gains = [], []
    for row, wanted in zip(scores.tolist(), target.tolist(), strict=True):
        listed = sorted(range(len(row)), key=lambda column: -row[column])[:10]
        hits.append(wanted in listed)
        gains.append(1 / math.log2(listed.index(wanted) + 2) if wanted in listed else 0.0)
    found = means(target_ranks(scores, target), np.arange(300))
    assert found["HR@10"] == pytest.approx(sum(hits) / 300)
    assert found["NDCG@10"] == pytest.approx(sum(gains) / 300)
    assert 0.1 < found["HR@10"] < 0.25  # ten of sixty by chance: the comparison is about something
