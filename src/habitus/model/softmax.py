"""The numeric kernel that decides training speed: cross-entropy over a whole catalogue."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from habitus.model.trend import Prior

CHUNK = 512  # rows of logits held at once: small enough for the cache, large enough for the GEMM


def softmax_loss(
    query: Tensor, table: Tensor, item: Tensor, weight: Tensor, prior: Prior | None = None
) -> Tensor:
    """Sum over targets of weight × −log softmax(query · table + prior)[item]; row 0 is never an answer.

    query [M, D] (its dtype is the one multiplied in), table float32 [N, D], item int64 [M],
    weight float32 [M], prior of M questions whose moments are all known → scalar.
    """
    more = (None, None, None) if prior is None else (prior.gain, prior.moment, prior.level)
    found: Tensor = _SoftmaxLoss.apply(query, table, item, weight, *more)  # type: ignore[no-untyped-call]
    return found


class _SoftmaxLoss(torch.autograd.Function):
    """Weighted cross-entropy of `query` [M, D] against all rows of `table` [N, D], without the
    [M, N] logits ever existing as a whole: loss and both gradients are computed chunk by chunk,
    multiplied in the query's dtype and summed in float32."""

    @staticmethod
    def forward(
        ctx: Any,
        query: Tensor,
        table: Tensor,
        item: Tensor,
        weight: Tensor,
        gain: Tensor | None,
        moment: Tensor | None,
        level: Tensor | None,
    ) -> Tensor:
        dtype = query.dtype
        narrow = table.detach().to(dtype)
        wanted = [] if level is None else list(level.to(dtype))
        grad_query = torch.empty_like(query, dtype=torch.float32)
        grad_table = torch.zeros(table.shape, dtype=torch.float32, device=table.device)
        grad_gain = None if gain is None else torch.empty_like(gain, dtype=torch.float32)
        loss = torch.zeros((), device=query.device)
        for start in range(0, len(query), CHUNK):
            rows = slice(start, start + CHUNK)
            q = query[rows].detach().to(dtype)
            logits = q @ narrow.t()
            levels = [each[moment[rows]] for each in wanted]  # type: ignore[index]
            for at, each in enumerate(levels):
                logits.addcmul_(gain[rows, at, None].detach().to(dtype), each)  # type: ignore[index]
            logits[:, 0] = -torch.inf
            p = torch.softmax(logits, 1)
            answer = item[rows, None]
            likelihood = p.gather(1, answer).float().clamp_min(1e-38)
            share = weight[rows, None]
            loss -= (likelihood.log() * share).sum()
            grad_query[rows] = ((p @ narrow).float() - table.detach()[item[rows]]) * share
            grad_table += (p.t() @ (q * share.to(dtype))).float()
            for at, each in enumerate(levels):
                expected = torch.linalg.vecdot(p, each).float() - each.gather(1, answer)[:, 0]
                grad_gain[rows, at] = expected * weight[rows]  # type: ignore[index]
        grad_table.index_add_(0, item, query.detach().float() * -weight[:, None])
        ctx.save_for_backward(grad_query.to(query.dtype), grad_table.to(table.dtype), grad_gain)
        return loss

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        query, table, gain = ctx.saved_tensors
        gain = None if gain is None else gain * grad
        return query * grad.to(query.dtype), table * grad, None, None, gain, None, None
