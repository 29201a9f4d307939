"""Lists against attributes: how varied they are, and whether they keep the proportions of a taste."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from habitus.evaluate.protocol import CaseRanks
from habitus.events.catalogue import Attribute
from habitus.events.histories import Histories

SMOOTHING: Final = 0.01  # Steck's α: keeps the divergence finite where a list lacks a value

BLOCK_CELLS: Final = 2_000_000  # (list, value) pairs held at once
BLOCK_LISTS: Final = 1024


def taste_of(ranks: CaseRanks, k: int, attribute: Attribute) -> dict[str, float]:
    """Mean diversity@k and calibration@k of an evaluation's lists, those that have none left out.

    NaN where no list has one. Works in blocks: memory does not grow with the number of cases.
    """
    size = int(np.clip(BLOCK_CELLS // max(len(attribute.values), 1), 1, BLOCK_LISTS))
    varied, kept = [], []
    for chosen, histories in ranks.cases.blocks(size):
        varied.append(diversity(ranks.top[chosen], k, attribute))
        kept.append(calibration(ranks.top[chosen], k, histories, attribute))
    return {f"diversity@{k}": _mean(varied), f"calibration@{k}": _mean(kept)}


def _mean(parts: list[NDArray[np.float64]]) -> float:
    values = np.concatenate(parts)
    values = values[~np.isnan(values)]
    return float(values.mean()) if len(values) else float("nan")


def diversity(top: NDArray[np.integer], k: int, attribute: Attribute) -> NDArray[np.float64]:
    """Intra-list diversity@k: mean cosine distance of all pairs of a list's items. float64 [C].

    An item is the 0/1 vector of its attribute values, so that items without a common value are at
    distance 1, with the same values at 0. `top` int [C, ≥ k], 0 = nothing. Source: Smyth and McClave
    2001, "Similarity vs. diversity"; Ziegler et al. 2005. Edge cases: items without a value are left
    out; NaN for a list with fewer than two others.
    """
    chosen = top[:, :k].astype(np.int64)
    sizes = np.diff(attribute.offsets)[chosen]
    counted = np.count_nonzero(sizes, axis=1)
    unit = 1 / np.sqrt(np.maximum(sizes, 1)).ravel()
    sums = _spread(chosen, np.repeat(np.arange(len(chosen)), k), unit, len(chosen), attribute)
    pairs = counted * (counted - 1)
    similar = (sums**2).sum(axis=1) - counted  # Σ over ordered pairs of x·y = |Σx|² − Σ|x|²
    return np.where(pairs > 0, 1 - similar / np.maximum(pairs, 1), np.nan)


def calibration(
    top: NDArray[np.integer], k: int, histories: Histories, attribute: Attribute
) -> NDArray[np.float64]:
    """Taste (mis)calibration@k: KL(p ‖ q̃) of history and list over attribute values. float64 [C].

    p(g) and q(g) are the mean over items of p(g | item) = 1 / (number of its values); q̃ = (1 − α) q
    + α p with α = 0.01; natural logarithm; 0 = the list has the proportions of the history, larger =
    worse. `histories` [C]: each list's own; their positive events count. Source: Steck 2018,
    "Calibrated recommendations". Edge cases: items without a value are left out; NaN where the
    history or the list has no value at all.
    """
    liked = histories.positives()
    chosen = top[:, :k].astype(np.int64)
    p = _proportions(liked.item.astype(np.int64), liked.owners(), len(top), attribute)
    q = _proportions(chosen.ravel(), np.repeat(np.arange(len(top)), k), len(top), attribute)
    mixed = (1 - SMOOTHING) * q + SMOOTHING * p
    ratio = np.divide(p, mixed, out=np.ones_like(p), where=p > 0)
    divergence = (p * np.log(ratio)).sum(axis=1)
    both = (p.sum(axis=1) > 0) & (q.sum(axis=1) > 0)
    return np.where(both, np.maximum(divergence, 0.0), np.nan)


def _proportions(
    items: NDArray[np.int64], owner: NDArray[np.int64], owners: int, attribute: Attribute
) -> NDArray[np.float64]:
    """The share of each value among each owner's items, [owners, V]; rows sum to 1, or to 0."""
    share = 1 / np.maximum(np.diff(attribute.offsets)[items], 1)
    sums = _spread(items, owner, share, owners, attribute)
    total = sums.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(sums, total, out=np.zeros_like(sums), where=total > 0))


def _spread(
    items: NDArray[np.int64],
    owner: NDArray[np.int64],
    weight: NDArray[np.float64],
    owners: int,
    attribute: Attribute,
) -> NDArray[np.float64]:
    """Σ weight over an owner's items that have a value, for each value: [owners, V]."""
    flat = items.ravel()
    sizes = np.diff(attribute.offsets)[flat]
    ends = np.cumsum(sizes)
    within = np.arange(int(sizes.sum())) - np.repeat(ends - sizes, sizes)
    codes = attribute.codes[np.repeat(attribute.offsets[flat], sizes) + within].astype(np.int64)
    values = len(attribute.values)
    cells = np.repeat(owner, sizes) * values + codes
    found = np.bincount(cells, np.repeat(weight, sizes), owners * values)
    return found.astype(np.float64).reshape(owners, values)
