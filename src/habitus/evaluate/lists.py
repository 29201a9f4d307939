"""What recommendation lists are like, whoever they hit: coverage, concentration, novelty."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from habitus.types import HabitusError


def coverage(top: NDArray[np.integer], k: int, rows: int) -> float:
    """Catalogue coverage@k: distinct items in all top-k lists / N items. In [0, 1].

    `top` int [C, ≥ k], best first, 0 = nothing; `rows` = N + 1. Source: Ge, Delgado-Battenfeld and
    Jannach 2010, "Beyond accuracy". Edge cases: C · k < N bounds it by C · k / N, so it compares
    only tables with the same cases; no recommendation at all gives 0.
    """
    return float(np.count_nonzero(exposure(top, k, rows)) / (rows - 1))


def gini(top: NDArray[np.integer], k: int, rows: int) -> float:
    """Gini index@k of how often each item is recommended: 0 = all equally, (N − 1) / N = one item.

    G = Σᵢ (2i − N − 1) xᵢ / (N Σ x) with x ascending over all N items, never-recommended ones
    included. Source: Fleder and Hosanagar 2009, "Blockbuster culture's next rise or fall". Edge
    cases: NaN where nothing is recommended. With C · k slots and few users 0 is out of reach: see
    `corrected_gini`.
    """
    return _gini(exposure(top, k, rows))


def corrected_gini(top: NDArray[np.integer], k: int, rows: int) -> float:
    """Gini@k rescaled between the least and the most that this number of lists can have: [0, 1].

    (G − G₀) / (G₁ − G₀): G₀ where the slots are spread over the catalogue as evenly as whole
    numbers allow, G₁ where every list holds the same k items. Source: Rampisela, Maistro, Ruotsalo
    and Lioma 2024, "Evaluation measures of individual item fairness". Edge cases: NaN where nothing
    is recommended or where one distribution alone is possible (k ≥ N); a list that is not full
    (nothing left to recommend) lowers the number of slots; masked items may put G₁ out of reach.
    """
    counts = exposure(top, k, rows)
    items, slots = len(counts), int(counts.sum())
    if not slots:
        return float("nan")
    even = np.full(items, slots // items)
    even[: slots % items] += 1
    lists = np.count_nonzero(top[:, 0] > 0)
    same = np.zeros(items, np.int64)
    same[: slots // lists] = lists
    if slots % lists:
        same[slots // lists] = slots % lists
    least, most = _gini(even), _gini(same)
    return (_gini(counts) - least) / (most - least) if most > least else float("nan")


def novelty(
    top: NDArray[np.integer], k: int, train_counts: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Novelty@k of each list: mean self-information −log2 p(item) of its items, bits. float64 [C].

    p(i) = (count of i in training + 1) / (training events + N): `train_counts` int [N + 1], padding
    0. The added 1 gives items that training never saw a finite value. Source: Zhou et al. 2010,
    "Solving the apparent diversity-accuracy dilemma"; Vargas and Castells 2011. Edge cases: NaN for
    an empty list.
    """
    _check(top, k)
    chosen = top[:, :k]
    share = (train_counts + 1.0) / (train_counts.sum() + len(train_counts) - 1.0)
    information = np.where(chosen > 0, -np.log2(share)[chosen], 0.0).sum(axis=1)
    filled = np.count_nonzero(chosen > 0, axis=1)
    return np.where(filled > 0, information / np.maximum(filled, 1), np.nan)


def exposure(top: NDArray[np.integer], k: int, rows: int) -> NDArray[np.int64]:
    """How often each item stands in a top-k list, int64 [N]; padding is left out."""
    _check(top, k)
    return np.bincount(top[:, :k].ravel(), minlength=rows)[1:].astype(np.int64)


def _gini(counts: NDArray[np.int64]) -> float:
    total, items = int(counts.sum()), len(counts)
    if not total:
        return float("nan")
    order = 2 * np.arange(1, items + 1) - items - 1
    return float(np.sum(order * np.sort(counts)) / (items * total))


def _check(top: NDArray[np.integer], k: int) -> None:
    if not 1 <= k <= top.shape[1]:
        raise HabitusError(
            f"Lists of {top.shape[1]} items have no top {k}.",
            "Evaluate with a longer list_length, or ask for a smaller cutoff.",
        )
