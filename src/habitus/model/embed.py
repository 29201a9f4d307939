"""From items and events to vectors. One table [N + 1, D] serves as input and as answer."""

from __future__ import annotations

import torch
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from habitus.model.batch import Batch
from habitus.model.features import Features
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
        self.features = Features(features)

    def vectors_for(
        self, place: Tensor, known: Tensor, features: sparse.csr_matrix | None
    ) -> tuple[Tensor, Tensor]:
        ids, described = super().vectors_for(place, known, features)
        if features is None:
            return ids, described
        new = Features(features)
        return ids + new.times(self.weight), new.described.to(known.device)

    def forward(self) -> Tensor:
        ids = super().forward()
        if self.training and self.id_dropout:
            ids = ids * (torch.rand(len(ids), 1, device=ids.device) >= self.id_dropout)
        return ids + self.features.times(self.weight)


class ItemInput(nn.Module):
    """A token is its item's vector, scaled, with dropout."""

    def __init__(self, dim: int, dropout: float) -> None:
        super().__init__()
        self.scale = dim**0.5
        self.dropout = Dropout(dropout)

    def forward(self, batch: Batch, table: Tensor) -> Tensor:
        """[B, L, D]; the time parts' additions come before the dropout, so it is applied later."""
        found: Tensor = functional.embedding(batch.item, table) * self.scale
        return found


class EventInput(ItemInput):
    """A token is its item, its event type and its value (standardised by type)."""

    def __init__(self, dim: int, dropout: float, types: int, scales: Tensor) -> None:
        super().__init__(dim, dropout)
        self.kinds = nn.Parameter(torch.randn(types, dim) * 0.02)
        self.value = nn.Parameter(torch.randn(2, dim) * 0.02)
        self.register_buffer("scales", scales)  # [types, 2] mean and standard deviation

    def forward(self, batch: Batch, table: Tensor) -> Tensor:
        mean, deviation = functional.embedding(batch.type, self.get_buffer("scales")).unbind(-1)
        level = ((batch.value - mean) / deviation).clamp(-3, 3)  # NaN where there is no value
        there = level == level  # only NaN differs from itself
        value = torch.stack((level, there), -1).nan_to_num(0.0) @ self.value
        return super().forward(batch, table) + functional.embedding(batch.type, self.kinds) + value


def _not_padding(ids: Tensor) -> Tensor:
    keep = torch.ones(len(ids), 1, device=ids.device, dtype=ids.dtype)
    keep[0] = 0
    return keep
