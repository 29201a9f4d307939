"""Accuracy of full rankings: one value a case from the rank of its one target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from habitus.types import HabitusError

CUTOFFS: Final = (1, 5, 10, 20)

Metric = Callable[[NDArray[np.int64], int], NDArray[np.float64]]


def hit_rate(ranks: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """HR@k of each case: 1 if rank ≤ k, else 0. float64 [C].

    Source: Deshpande and Karypis 2004, "Item-based top-N recommendation algorithms". Edge cases: a
    `MISS` is 0 at every k; with fewer than k items every target that can be recommended is a hit.
    """
    return (_checked(ranks, k) <= k).astype(np.float64)


def recall(ranks: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """Recall@k of each case: relevant items in the top k / relevant items. float64 [C].

    Every case has one relevant item, its target, so that Recall@k = HR@k for each case; both names
    are printed because papers use both. Source and edge cases as `hit_rate`.
    """
    return hit_rate(ranks, k)


def ndcg(ranks: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """NDCG@k of each case: 1 / log2(rank + 1) if rank ≤ k, else 0. float64 [C].

    With one relevant item the ideal DCG is 1 / log2(2) = 1. Source: Järvelin and Kekäläinen 2002,
    "Cumulated gain-based evaluation of IR techniques". Edge cases: rank 1 gives 1; `MISS` gives 0.
    """
    return np.where(_checked(ranks, k) <= k, 1.0 / np.log2(ranks.astype(np.float64) + 1.0), 0.0)


def reciprocal_rank(ranks: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """RR@k of each case: 1 / rank if rank ≤ k, else 0; its mean over users is MRR@k. float64 [C].

    Source: Voorhees 1999, "The TREC-8 question answering track report". Edge cases: cut at k, so
    MRR@1 = HR@1; `MISS` gives 0.
    """
    return np.where(_checked(ranks, k) <= k, 1.0 / ranks.astype(np.float64), 0.0)


METRICS: Final[Mapping[str, Metric]] = {
    "HR": hit_rate,
    "NDCG": ndcg,
    "MRR": reciprocal_rank,
    "Recall": recall,
}


def user_means(values: NDArray[np.float64], user: NDArray[np.int64]) -> NDArray[np.float64]:
    """One value a user: the mean over that user's cases. [C] or [C, M] → [U'] or [U', M].

    `user` [C] is each case's user row; U' are the users that have a case, in the order of their
    rows. Every user counts the same, however many cases they have.
    """
    _, dense, counts = np.unique(user, return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), *values.shape[1:]))
    np.add.at(sums, dense, values)
    return np.asarray(sums / counts.reshape(-1, *([1] * (values.ndim - 1))))


def per_user(
    ranks: NDArray[np.int64], user: NDArray[np.int64], cutoffs: tuple[int, ...] = CUTOFFS
) -> dict[str, NDArray[np.float64]]:
    """All of `METRICS` at all cutoffs: "NDCG@10" → one value a user, [U']."""
    return {
        f"{name}@{k}": user_means(metric(ranks, k), user)
        for name, metric in METRICS.items()
        for k in cutoffs
    }


def means(
    ranks: NDArray[np.int64], user: NDArray[np.int64], cutoffs: tuple[int, ...] = CUTOFFS
) -> dict[str, float]:
    """All of `METRICS` at all cutoffs: "NDCG@10" → its mean over users."""
    return {name: float(values.mean()) for name, values in per_user(ranks, user, cutoffs).items()}


def _checked(ranks: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    if k < 1 or (len(ranks) and ranks.min() < 1):
        raise HabitusError(
            f"A metric at {k} needs a cutoff and ranks of at least 1.",
            "Ranks count from 1; a target that cannot be recommended has the rank MISS.",
        )
    return ranks
