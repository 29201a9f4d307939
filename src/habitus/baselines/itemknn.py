"""Item neighbourhoods: users who wanted this also wanted that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from habitus.baselines.interactions import Fallback, interactions
from habitus.baselines.popularity import fitted
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.types import HabitusError, Progress, silent

BLOCK_BYTES = 48 * 2**20  # the part of the similarities in memory at once, before the best are kept
K1, B = 1.2, 0.75  # the customary constants of BM25

Weighting = Callable[[sparse.csr_matrix], sparse.csr_matrix]


def cosine(seen: sparse.csr_matrix) -> sparse.csr_matrix:
    """x_ui / ‖x_i‖: then the product of two columns is their cosine. [U, N + 1] → the same shape."""
    norms = np.sqrt(np.asarray(seen.multiply(seen).sum(axis=0)).ravel())
    return _scaled(seen, (1.0 / np.maximum(norms, 1e-12))[seen.indices])


def tfidf(seen: sparse.csr_matrix) -> sparse.csr_matrix:
    """Cosine after weighting users by idf_u (`_idf`): who likes everything, says little."""
    return cosine(_scaled(seen, _idf(seen)))


def bm25(seen: sparse.csr_matrix) -> sparse.csr_matrix:
    """Okapi BM25 with items as documents and users as words (not normalised to length 1).

    w_ui = idf_u · x (K1 + 1) / (x + K1 (1 − B + B n_i / mean n)), where x = 1 and n_i is the number of
    users of item i, the mean over all N items. Source: Robertson and Zaragoza 2009, "The probabilistic relevance
    framework: BM25 and beyond".
    """
    popularity = np.asarray(seen.sum(axis=0)).ravel()
    length = 1.0 - B + B * popularity / max(popularity[1:].mean(), 1e-12)
    saturated = (K1 + 1.0) / (1.0 + K1 * length[seen.indices])
    return _scaled(seen, saturated * _idf(seen))


WEIGHTINGS: Mapping[str, Weighting] = {"cosine": cosine, "tfidf": tfidf, "bm25": bm25}


class ItemKNN:
    """score(i) = Σ over the user's items j of s(j, i), where s keeps the `neighbours` most similar i of each j.

    s(j, i) = Σ_u w_uj w_ui with w by `weighting` ("cosine", "tfidf" or "bm25"); s(j, j) = 0. Repeats
    count once. Users without a known item get popularity, items without training events −inf (`Fallback`).
    Source: Deshpande and Karypis 2004, "Item-based top-N recommendation algorithms". Memory: K entries
    an item and one block of similarities at a time.
    """

    needs_now = False

    def __init__(self, weighting: str = "bm25", neighbours: int = 100) -> None:
        if weighting not in WEIGHTINGS:
            raise HabitusError(
                f"There is no weighting {weighting!r} for item-kNN.",
                f"Choose one of {', '.join(WEIGHTINGS)}.",
            )
        if neighbours < 1:
            raise HabitusError(
                f"Item-kNN with {neighbours} neighbours can say nothing.", "Give at least 1."
            )
        self.name = f"item-kNN {weighting}"
        self.neighbours = neighbours
        self._weigh = WEIGHTINGS[weighting]
        self._similarity: sparse.csr_matrix | None = None
        self._fallback: Fallback | None = None

    def fit(self, histories: Histories, catalogue: Catalogue, progress: Progress = silent) -> Self:
        """Find each item's neighbours."""
        seen = interactions(histories, len(catalogue))
        self._similarity = nearest(self._weigh(seen), self.neighbours, progress)
        self._fallback = Fallback(seen)
        return self

    def score(
        self, histories: Histories, now: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """float32 [U, N + 1]."""
        del now
        similarity = fitted(self._similarity, self.name)
        fallback = fitted(self._fallback, self.name)
        scores = (interactions(histories, similarity.shape[0]) @ similarity).toarray()
        return fallback.apply(scores)


def nearest(
    weighted: sparse.csr_matrix, count: int, progress: Progress = silent
) -> sparse.csr_matrix:
    """The `count` largest positive products of each column with the others, [N + 1, N + 1], row by row."""
    columns = weighted.shape[1]
    by_item = weighted.T.tocsr()
    size = max(1, BLOCK_BYTES // (12 * columns))
    parts = []
    for start in range(0, columns, size):
        product = (by_item[start : start + size] @ weighted).tocsr()
        parts.append(_largest(product, start, count))
        progress("item neighbours", min(start + size, columns), columns)
    return sparse.vstack(parts, format="csr")


def _largest(product: sparse.csr_matrix, first: int, count: int) -> sparse.csr_matrix:
    """Each row of a block cut to its `count` largest positive entries off the diagonal."""
    own = np.repeat(np.arange(product.shape[0]), np.diff(product.indptr)) + first
    product.data[product.indices == own] = 0.0
    product.data[product.data < 0] = 0.0
    product.eliminate_zeros()
    for row in np.flatnonzero(np.diff(product.indptr) > count):
        values = product.data[product.indptr[row] : product.indptr[row + 1]]
        values[np.argpartition(values, len(values) - count)[:-count]] = 0.0
    product.eliminate_zeros()
    return product


def _idf(seen: sparse.csr_matrix) -> NDArray[np.float64]:
    """ln(1 + (N − m + ½) / (m + ½)) for each stored entry, m = items of the user: always above 0."""
    own = np.diff(seen.indptr)
    idf = np.log1p((seen.shape[1] - 1 - own + 0.5) / (own + 0.5))
    return np.repeat(idf, own)


def _scaled(seen: sparse.csr_matrix, factors: NDArray[np.float64]) -> sparse.csr_matrix:
    data = (seen.data * factors).astype(np.float32)
    return sparse.csr_matrix((data, seen.indices, seen.indptr), seen.shape)
