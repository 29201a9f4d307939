"""From items and events to vectors. One table [N + 1, D] serves as input and as answer."""

from __future__ import annotations

import numpy as np
import torch
from scipy import sparse
from torch import Tensor, nn

from habitus.model.batch import Batch
from habitus.model.layers import Dropout


class ItemTable(nn.Module):
    """A vector per item that training saw. An item that training never saw cannot be scored."""

    def __init__(self, rows: int, dim: int) -> None:
        super().__init__()
        self.ids = nn.Parameter(torch.randn(rows, dim) * 0.02)
        self.rows, self.dim = rows, dim

    def forward(self) -> Tensor:
        """The vectors of all items, [N + 1, D]; row 0 is zero."""
        return self.ids * _not_padding(self.ids)

    def vectors_for(
        self, place: Tensor, known: Tensor, features: sparse.csr_matrix | None
    ) -> tuple[Tensor, Tensor]:
        """Vectors for another catalogue: row r takes the id of row place[r] where known[r].

        Returns ([rows, D], bool [rows]: has content).
        """
        return self.ids[place] * known[:, None], torch.zeros_like(known)


class ContentTable(ItemTable):
    """Content plus, where it was trained, an id: an item never seen is its content alone.

    Id dropout (a share of the ids is silenced in each training step) keeps the content able to
    stand alone.
    """

    def __init__(self, rows: int, dim: int, features: sparse.csr_matrix, id_dropout: float) -> None:
        super().__init__(rows, dim)
        self.id_dropout = id_dropout
        self.weight = nn.Parameter(torch.randn(features.shape[1], dim) * 0.02)
        self.attach(features)

    def attach(self, features: sparse.csr_matrix) -> None:
        """Use these features [N + 1, F] from now on."""
        self.features = _to_torch(features)
        self.transposed = _to_torch(features.T.tocsr())

    def vectors_for(
        self, place: Tensor, known: Tensor, features: sparse.csr_matrix | None
    ) -> tuple[Tensor, Tensor]:
        ids, described = super().vectors_for(place, known, features)
        if features is None:
            return ids, described
        described = torch.from_numpy(np.diff(features.indptr) > 0).to(known.device)
        return ids + _to_torch(features).to(ids.device) @ self.weight, described

    def forward(self) -> Tensor:
        ids = super().forward()
        if self.training and self.id_dropout:
            ids = ids * (torch.rand(len(ids), 1, device=ids.device) >= self.id_dropout)
        content: Tensor = _SparseProduct.apply(  # type: ignore[no-untyped-call]
            self.features.to(ids.device), self.transposed.to(ids.device), self.weight
        )
        return ids + content


class _SparseProduct(torch.autograd.Function):
    """features @ weight for constant sparse features; torch's own backward is many times slower."""

    @staticmethod
    def forward(ctx, features: Tensor, transposed: Tensor, weight: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        ctx.transposed = transposed
        return features @ weight

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[None, None, Tensor]:  # type: ignore[no-untyped-def]
        return None, None, ctx.transposed @ grad


class ItemInput(nn.Module):
    """A token is its item's vector, scaled, with dropout."""

    def __init__(self, dim: int, dropout: float) -> None:
        super().__init__()
        self.scale = dim**0.5
        self.dropout = Dropout(dropout)

    def forward(self, batch: Batch, table: Tensor) -> Tensor:
        """[B, L, D]; the time parts' additions come before the dropout, so it is applied later."""
        found: Tensor = table[batch.item] * self.scale
        return found


class EventInput(ItemInput):
    """A token is its item, its event type and its value (standardised by type)."""

    def __init__(self, dim: int, dropout: float, types: int, scales: Tensor) -> None:
        super().__init__(dim, dropout)
        self.kinds = nn.Parameter(torch.randn(types, dim) * 0.02)
        self.value = nn.Parameter(torch.randn(2, dim) * 0.02)
        self.register_buffer("scales", scales)  # [types, 2] mean and standard deviation

    def forward(self, batch: Batch, table: Tensor) -> Tensor:
        scales = self.get_buffer("scales")[batch.type]
        there = torch.isfinite(batch.value) & batch.mask
        level = torch.where(there, (batch.value - scales[..., 0]) / scales[..., 1], 0).clamp(-3, 3)
        value = torch.stack((level, there.to(level.dtype)), -1) @ self.value
        return super().forward(batch, table) + self.kinds[batch.type] + value


def _not_padding(ids: Tensor) -> Tensor:
    keep = torch.ones(len(ids), 1, device=ids.device, dtype=ids.dtype)
    keep[0] = 0
    return keep


def _to_torch(matrix: sparse.csr_matrix) -> Tensor:
    return torch.sparse_csr_tensor(
        torch.from_numpy(matrix.indptr).long(),
        torch.from_numpy(matrix.indices).long(),
        torch.from_numpy(matrix.data).float(),
        size=matrix.shape,
    )
