"""A constant matrix of item features times learned weights: the product that content tables need."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

DENSE = 0.25  # columns filled above this share are multiplied as a dense block, which is faster


class Features:
    """Features [N + 1, F] of a catalogue's items. Mostly empty columns stay sparse.

    `described` bool [N + 1] says which items have any feature.
    """

    def __init__(self, matrix: sparse.csr_matrix) -> None:
        filled = np.bincount(matrix.indices, minlength=matrix.shape[1])
        dense = filled > DENSE * matrix.shape[0]
        self.shape: tuple[int, int] = matrix.shape
        self.described = torch.from_numpy(np.diff(matrix.indptr) > 0)
        self._dense_columns = torch.from_numpy(np.flatnonzero(dense))
        self._sparse_columns = torch.from_numpy(np.flatnonzero(~dense))
        self._block = torch.from_numpy(matrix[:, np.flatnonzero(dense)].toarray()).float()
        self._rest = sparse.csr_matrix(matrix[:, np.flatnonzero(~dense)], dtype=np.float32)
        self._entries: tuple[Tensor, Tensor, Tensor] | None = None

    def times(self, weight: Tensor) -> Tensor:
        """weight [F, D] → [N + 1, D], on the weight's device; gradients reach the weight."""
        self._move(weight.device)
        dense = self._block @ weight[self._dense_columns]
        rest: Tensor = _SparseProduct.apply(self, weight[self._sparse_columns])  # type: ignore[no-untyped-call]
        return dense + rest

    def _move(self, device: torch.device) -> None:
        if self._block.device == device:
            return
        self._block = self._block.to(device)
        self._dense_columns = self._dense_columns.to(device)
        self._sparse_columns = self._sparse_columns.to(device)
        self._entries = None

    def sparse_times(self, weight: Tensor) -> Tensor:
        """The sparse columns times their weights [S, D] → [N + 1, D]."""
        if weight.device.type == "cpu":
            return _from_numpy(self._rest @ weight.contiguous().numpy())
        rows, columns, values = self._placed(weight.device)
        return weight.new_zeros(self.shape[0], weight.shape[1]).index_add_(
            0, rows, weight[columns] * values
        )

    def sparse_transposed_times(self, grad: Tensor) -> Tensor:
        """The transposed sparse columns times [N + 1, D] → [S, D]."""
        if grad.device.type == "cpu":
            return _from_numpy(self._rest.T @ grad.contiguous().numpy())
        rows, columns, values = self._placed(grad.device)
        return grad.new_zeros(self._rest.shape[1], grad.shape[1]).index_add_(
            0, columns, grad[rows] * values
        )

    def _placed(self, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
        """Row, column and value of each entry, on an accelerator (which has no scipy)."""
        if self._entries is None:
            found = self._rest.tocoo()
            self._entries = (
                torch.from_numpy(found.row).long().to(device),
                torch.from_numpy(found.col).long().to(device),
                torch.from_numpy(found.data)[:, None].to(device),
            )
        return self._entries


class _SparseProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, features: Features, weight: Tensor) -> Tensor:
        ctx.features = features
        return features.sparse_times(weight.detach())

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[None, Tensor]:
        features: Features = ctx.features
        return None, features.sparse_transposed_times(grad.detach())


def _from_numpy(array: Any) -> Tensor:
    return torch.from_numpy(np.asarray(array, np.float32))
