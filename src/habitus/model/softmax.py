"""The numeric kernel that decides training speed: cross-entropy over a whole catalogue."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

CHUNK = 512  # rows of logits held at once: small enough for the cache, large enough for the GEMM


def softmax_loss(query: Tensor, table: Tensor, item: Tensor, weight: Tensor) -> Tensor:
    """Sum over targets of weight × −log softmax(query · table)[item]; row 0 is never an answer.

    query [M, D] (its dtype is the one multiplied in), table float32 [N, D], item int64 [M],
    weight float32 [M] → scalar.
    """
    found: Tensor = _SoftmaxLoss.apply(query, table, item, weight)  # type: ignore[no-untyped-call]
    return found


class _SoftmaxLoss(torch.autograd.Function):
    """Weighted cross-entropy of `query` [M, D] against all rows of `table` [N, D], without the
    [M, N] logits ever existing as a whole: loss and both gradients are computed chunk by chunk,
    multiplied in the query's dtype and summed in float32."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, table: Tensor, item: Tensor, weight: Tensor) -> Tensor:
        dtype = query.dtype
        narrow = table.detach().to(dtype)
        grad_query = torch.empty_like(query, dtype=torch.float32)
        grad_table = torch.zeros(table.shape, dtype=torch.float32, device=table.device)
        loss = torch.zeros((), device=query.device)
        for start in range(0, len(query), CHUNK):
            rows = slice(start, start + CHUNK)
            q = query[rows].detach().to(dtype)
            logits = q @ narrow.t()
            logits[:, 0] = -torch.inf
            p = torch.softmax(logits, 1)
            likelihood = p.gather(1, item[rows, None]).float().clamp_min(1e-38)
            share = weight[rows, None]
            loss -= (likelihood.log() * share).sum()
            grad_query[rows] = ((p @ narrow).float() - table.detach()[item[rows]]) * share
            grad_table += (p.t() @ (q * share.to(dtype))).float()
        grad_table.index_add_(0, item, query.detach().float() * -weight[:, None])
        ctx.save_for_backward(grad_query.to(query.dtype), grad_table.to(table.dtype))
        return loss

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        grad_query, grad_table = ctx.saved_tensors
        return grad_query * grad.to(grad_query.dtype), grad_table * grad, None, None
