"""Losses over next-event targets; the contract is `habitus.model.seams.Objective`."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from torch import Tensor
from torch.nn import functional

from habitus.model.batch import Targets
from habitus.model.seams import Negatives
from habitus.model.softmax import softmax_loss
from habitus.model.trend import Prior


class Everywhere:
    """What these losses share: every position is a question."""

    slots: ClassVar[Literal["every"]] = "every"


class Softmax(Everywhere):
    """Cross-entropy against the whole catalogue."""

    def fit(self, counts: Tensor) -> None:
        """Nothing to learn from the training counts."""

    def loss(
        self,
        query: Tensor,
        table: Tensor,
        targets: Targets,
        generator: torch.Generator,
        prior: Prior | None = None,
    ) -> Tensor:
        parts = [(slice(None), None)] if prior is None else _by_moment(prior)
        total = query.new_zeros((), dtype=torch.float32)
        for rows, known in parts:
            total = total + softmax_loss(
                query[rows], table, targets.item[rows], targets.weight[rows], known
            )
        return total / targets.weight.sum()


class Sampled(Everywhere):
    """A loss that compares with drawn items."""

    def __init__(self, negatives: Negatives) -> None:
        self.negatives = negatives

    def fit(self, counts: Tensor) -> None:
        self.negatives.fit(counts)


class Binary(Sampled):
    """Binary cross-entropy with sampled negatives, a fresh draw for each target (SASRec)."""

    def loss(
        self,
        query: Tensor,
        table: Tensor,
        targets: Targets,
        generator: torch.Generator,
        prior: Prior | None = None,
    ) -> Tensor:
        query = query.float()
        positive = (query * table[targets.item]).sum(-1) + _added(prior, targets.item)
        ids, _ = self.negatives.draw(len(query), generator)
        negative = torch.einsum("md,mnd->mn", query, table[ids]) + _added(prior, ids)
        negative = negative.masked_fill(ids == targets.item[:, None], -torch.inf)
        return weighted_mean(binary_loss(positive, negative), targets)


class GeneralisedBinary(Everywhere):
    """gBCE (gSASRec, Petrov & Macdonald 2023): σ(s⁺)^β in place of σ(s⁺), with many negatives that
    all targets of one history share. β = α (t (1 − 1 / α) + 1 / α), α = negatives / (items − 1),
    at most 1."""

    def __init__(self, negatives: Negatives, calibration: float) -> None:
        self.negatives = negatives
        self.calibration = calibration
        self.beta = 1.0

    def fit(self, counts: Tensor) -> None:
        self.negatives.fit(counts)
        alpha = min(self.negatives.count / max(len(counts) - 2, 1), 1.0)
        self.beta = alpha * (self.calibration * (1 - 1 / alpha) + 1 / alpha)

    def loss(
        self,
        query: Tensor,
        table: Tensor,
        targets: Targets,
        generator: torch.Generator,
        prior: Prior | None = None,
    ) -> Tensor:
        positive = (query.float() * table[targets.item]).sum(-1) + _added(prior, targets.item)
        ids, _, negative = shared_scores(self.negatives, query, table, targets, generator)
        negative = negative + _added(prior, ids[targets.row])
        return weighted_mean(binary_loss(positive, negative, self.beta), targets)


class SampledSoftmax(Sampled):
    """Cross-entropy against the target and sampled items that all targets of one history share,
    corrected by how likely each was to be drawn (Bengio & Senécal 2008)."""

    def loss(
        self,
        query: Tensor,
        table: Tensor,
        targets: Targets,
        generator: torch.Generator,
        prior: Prior | None = None,
    ) -> Tensor:
        positive = (query.float() * table[targets.item]).sum(-1) + _added(prior, targets.item)
        ids, log_q, negative = shared_scores(self.negatives, query, table, targets, generator)
        positive = positive - self.negatives.log_q(targets.item)
        negative = negative + _added(prior, ids[targets.row]) - log_q[targets.row]
        each = torch.logsumexp(torch.cat((positive[:, None], negative), 1), 1) - positive
        return weighted_mean(each, targets)


def _added(prior: Prior | None, ids: Tensor) -> Tensor | float:
    return 0.0 if prior is None else prior.at(ids)


def _by_moment(prior: Prior) -> list[tuple[Tensor, Prior | None]]:
    """The questions with and those without a known moment: the latter need no prior worked out."""
    known = prior.moment >= 0
    parts = ((torch.nonzero(~known)[:, 0], None), (torch.nonzero(known)[:, 0], prior))
    return [(rows, each and each.take(rows)) for rows, each in parts if len(rows)]


def binary_loss(positive: Tensor, negative: Tensor, beta: float = 1.0) -> Tensor:
    """−β log σ(s⁺) − Σ log σ(−s⁻): positive [M], negative [M, n] → [M]; −inf counts nothing."""
    return beta * functional.softplus(-positive) + functional.softplus(negative).sum(-1)


def weighted_mean(each: Tensor, targets: Targets) -> Tensor:
    return (each * targets.weight).sum() / targets.weight.sum()


def shared_scores(
    negatives: Negatives,
    query: Tensor,
    table: Tensor,
    targets: Targets,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor, Tensor]:
    """Negatives shared within each history (row of the batch), as G = rows groups: ids and
    log-probabilities [G, n], and every target's scores of its own history's negatives [M, n].

    A negative that is the target itself scores −inf.
    """
    groups, slots = int(targets.row.max()) + 1, int(targets.slot.max()) + 1
    ids, log_q = negatives.draw(groups, generator)
    grid = query.new_zeros(groups, slots, query.shape[1])
    grid = grid.index_put((targets.row, targets.slot), query)
    scores = torch.bmm(grid, table[ids].to(query.dtype).transpose(1, 2))[targets.row, targets.slot]
    same = ids[targets.row] == targets.item[:, None]
    return ids, log_q, scores.float().masked_fill(same, -torch.inf)
