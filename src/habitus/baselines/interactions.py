"""Who wanted what at least once, as a sparse matrix, and what to answer where that says nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from habitus.events.histories import Histories


def interactions(histories: Histories, rows: int) -> sparse.csr_matrix:
    """float32 [U, rows]: 1 where the user has a positive event on the item, however often."""
    wanted = histories.positives()  # a copy of its own, which the matrix may sort in place
    ones = np.ones(wanted.events, np.float32)
    matrix = sparse.csr_matrix((ones, wanted.item, wanted.offsets), (len(wanted), rows))
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


class Fallback:
    """Popularity for users of whom a neighbourhood model knows nothing, −inf for items never trained on.

    A user is such a one where every raw score is 0: a history that is empty, or none of whose items has
    anything in common with another. Such rows are *replaced* by the items' popularity, which `blind`
    lets a caller show; the others are untouched.
    """

    def __init__(self, seen: sparse.csr_matrix) -> None:
        self.popularity: NDArray[np.float32] = np.asarray(seen.sum(axis=0)).ravel()
        self.trained: NDArray[np.bool_] = self.popularity > 0

    def apply(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Change raw `scores` [U, N + 1] in place and return them."""
        scores[self.blind(scores)] = self.popularity
        scores[:, ~self.trained] = -np.inf
        scores[:, 0] = 0.0
        return scores

    @staticmethod
    def blind(scores: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which rows of raw scores say nothing, [U]."""
        nothing: NDArray[np.bool_] = np.asarray(~scores.any(axis=1))
        return nothing
