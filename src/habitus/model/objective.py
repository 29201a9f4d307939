"""What training asks of the states: losses over next-event targets.

Each loss is the mean over targets, weighted by the event types' weights. `query` [M, D] and
`table` [N + 1, D] are such that their product is the score; `row` [M] says whose target it is.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from habitus.model.batch import Targets
from habitus.model.negatives import Uniform
from habitus.model.softmax import softmax_loss


class Softmax:
    """Cross-entropy against the whole catalogue."""

    def fit(self, counts: Tensor) -> None:
        """Nothing to learn from the training counts [N + 1]."""

    def loss(
        self, query: Tensor, table: Tensor, targets: Targets, generator: torch.Generator
    ) -> Tensor:
        total = softmax_loss(query, table, targets.item, targets.weight)
        return total / targets.weight.sum()


class Binary(Softmax):
    """Binary cross-entropy with sampled negatives, a fresh draw for each target (SASRec)."""

    def __init__(self, negatives: Uniform) -> None:
        self.negatives = negatives

    def fit(self, counts: Tensor) -> None:
        self.negatives.fit(counts)

    def loss(
        self, query: Tensor, table: Tensor, targets: Targets, generator: torch.Generator
    ) -> Tensor:
        query = query.float()
        positive = (query * table[targets.item]).sum(-1)
        ids, _ = self.negatives.draw(len(query), generator)
        negative = torch.einsum("md,mnd->mn", query, table[ids])
        negative = negative.masked_fill(ids == targets.item[:, None], -torch.inf)
        each = self.positive_loss(positive) + functional.softplus(negative).sum(-1)
        return (each * targets.weight).sum() / targets.weight.sum()

    def positive_loss(self, score: Tensor) -> Tensor:
        return functional.softplus(-score)


class GeneralisedBinary(Binary):
    """gBCE (gSASRec, Petrov & Macdonald 2023): σ(s⁺)^β in place of σ(s⁺), with many negatives that
    all targets of one history share. β = α (t (1 − 1 / α) + 1 / α), α = negatives / (items − 1)."""

    def __init__(self, negatives: Uniform, calibration: float) -> None:
        super().__init__(negatives)
        self.calibration = calibration
        self.beta = 1.0

    def fit(self, counts: Tensor) -> None:
        super().fit(counts)
        alpha = min(self.negatives.count / max(len(counts) - 2, 1), 1.0)
        self.beta = alpha * (self.calibration * (1 - 1 / alpha) + 1 / alpha)

    def loss(
        self, query: Tensor, table: Tensor, targets: Targets, generator: torch.Generator
    ) -> Tensor:
        positive = (query.float() * table[targets.item]).sum(-1)
        _, negative = shared_scores(self.negatives, query, table, targets, generator)
        each = self.beta * functional.softplus(-positive) + functional.softplus(negative).sum(-1)
        return (each * targets.weight).sum() / targets.weight.sum()


class SampledSoftmax(Binary):
    """Cross-entropy against the target and sampled items that all targets of one history share,
    corrected by how likely each was to be drawn (Bengio & Senécal 2008)."""

    def loss(
        self, query: Tensor, table: Tensor, targets: Targets, generator: torch.Generator
    ) -> Tensor:
        positive = (query.float() * table[targets.item]).sum(-1)
        ids, negative = shared_scores(self.negatives, query, table, targets, generator)
        log_q = self.negatives.log_probability
        positive = positive - log_q[targets.item]
        negative = negative.float() - log_q[ids][_groups(targets)[1]]
        each = torch.logsumexp(torch.cat((positive[:, None], negative), 1), 1) - positive
        return (each * targets.weight).sum() / targets.weight.sum()


def shared_scores(
    negatives: Uniform, query: Tensor, table: Tensor, targets: Targets, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Negatives shared within each history: ids [G, n] and every target's scores of them [M, n].

    A negative that is the target itself scores −inf.
    """
    groups, group = _groups(targets)
    ids, _ = negatives.draw(groups, generator)
    slots = int(targets.slot.max()) + 1
    grid = query.new_zeros(groups, slots, query.shape[1])
    grid = grid.index_put((group, targets.slot), query)
    scores = torch.bmm(grid, table[ids].to(query.dtype).transpose(1, 2))[group, targets.slot]
    same = ids[group] == targets.item[:, None]
    return ids, scores.float().masked_fill(same, -torch.inf)


def _groups(targets: Targets) -> tuple[int, Tensor]:
    return int(targets.row.max()) + 1, targets.row
