"""EASE: an item-to-item regression in closed form, a strong linear baseline."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from habitus.baselines.interactions import Fallback, interactions
from habitus.baselines.popularity import fitted
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.types import HabitusError, Progress, silent

GIB = 2**30
SCRATCH_BYTES = 64 * 2**20  # blocks that are filled or mirrored at a time


class EASE:
    """score = x B, where B minimises ‖X − X B‖² + λ ‖B‖² with a zero diagonal.

    B_ij = −P_ij / P_jj with P = (Xᵀ X + λ I)⁻¹; X holds a 1 where a user has a positive training event
    on an item; x is the same row of the history to be scored. λ = `regularisation`. Source: Steck 2019,
    "Embarrassingly shallow autoencoders for sparse data".

    One float32 matrix of (items with training events)² is all that is held: it is inverted in place.
    `fit` refuses where that takes more than `memory_limit` bytes. Users without a known item get
    popularity, items without training events −inf (`Fallback`).
    """

    name = "EASE"
    needs_now = False

    def __init__(self, regularisation: float = 300.0, memory_limit: int = 4 * GIB) -> None:
        if not regularisation > 0:
            raise HabitusError(
                f"EASE with a regularisation of {regularisation} has no stable solution.",
                "Give a number above 0; 100 to 1000 is usual.",
            )
        self.regularisation = regularisation
        self.memory_limit = memory_limit
        self._weights: NDArray[np.float32] | None = None
        self._fallback: Fallback | None = None

    def fit(self, histories: Histories, catalogue: Catalogue, progress: Progress = silent) -> Self:
        """Solve the regression. HabitusError where it needs more memory than `memory_limit`."""
        seen = interactions(histories, len(catalogue))
        fallback = Fallback(seen)
        self._refuse_above_limit(int(fallback.trained.sum()))
        gram = _gram(seen[:, np.flatnonzero(fallback.trained)], progress)
        np.fill_diagonal(gram, gram.diagonal() + np.float32(self.regularisation))
        progress("EASE: invert", 0, None)
        self._weights = _weights(_inverted(gram))
        self._fallback = fallback
        return self

    def score(
        self, histories: Histories, now: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """float32 [U, N + 1]."""
        del now
        weights = fitted(self._weights, self.name)
        fallback = fitted(self._fallback, self.name)
        trained = np.flatnonzero(fallback.trained)
        rows = interactions(histories, len(fallback.trained))[:, trained]
        scores = np.zeros((len(histories), len(fallback.trained)), np.float32)
        scores[:, trained] = rows @ weights
        return fallback.apply(scores)

    def _refuse_above_limit(self, items: int) -> None:
        need = memory_need(items)
        if need > self.memory_limit:
            raise HabitusError(
                f"EASE needs {need / GIB:.1f} GiB for {items:,} items with events, more than its "
                f"limit of {self.memory_limit / GIB:.1f} GiB.",
                "Raise memory_limit if the machine has that much, or leave EASE out.",
            )


def memory_need(items: int) -> int:
    """Bytes that `fit` holds at its peak for so many items: one float32 square and three scratch blocks."""
    return 4 * items * items + 3 * SCRATCH_BYTES


def _gram(seen: sparse.csr_matrix, progress: Progress) -> NDArray[np.float32]:
    """Xᵀ X as a dense float32 square, filled block by block."""
    items = seen.shape[1]
    by_item = seen.T.tocsr()
    gram = np.empty((items, items), np.float32)
    size = _block(items, 12)
    for start in range(0, items, size):
        gram[start : start + size] = (by_item[start : start + size] @ seen).toarray()
        progress("EASE: count pairs", min(start + size, items), items)
    return gram


def _inverted(gram: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse of a positive definite matrix in its own memory (Cholesky: LAPACK potrf, potri)."""
    from scipy.linalg import lapack  # takes a server longer to load than it ever uses it

    if not len(gram):
        return gram
    columns = gram.T  # LAPACK counts by columns; symmetric, so this is the same matrix
    columns, not_definite = lapack.spotrf(columns, lower=1, clean=0, overwrite_a=1)
    columns, singular = lapack.spotri(columns, lower=1, overwrite_c=1)
    if not_definite or singular:
        raise HabitusError(
            "The EASE regression has no stable solution.", "Raise its regularisation."
        )
    square: NDArray[np.float32] = columns.T
    _mirror(square)
    return square


def _mirror(square: NDArray[np.float32]) -> None:
    """Copy the upper triangle onto the lower one."""
    size = _block(len(square), 4)
    for start in range(0, len(square), size):
        stop = min(start + size, len(square))
        square[stop:, start:stop] = square[start:stop, stop:].T
        corner = square[start:stop, start:stop]
        corner[:] = np.triu(corner) + np.triu(corner, 1).T


def _weights(inverse: NDArray[np.float32]) -> NDArray[np.float32]:
    """P → B in place."""
    inverse /= -inverse.diagonal()
    np.fill_diagonal(inverse, 0.0)
    return inverse


def _block(items: int, bytes_each: int) -> int:
    """Rows of so many items that fit into the scratch memory."""
    return max(1, SCRATCH_BYTES // (bytes_each * max(items, 1)))
