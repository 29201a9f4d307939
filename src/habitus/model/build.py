"""From a recipe and training data to a network: the one place where kinds become parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

from habitus.events.histories import Histories
from habitus.model import embed, head, mix, negatives, objective, recipe, time
from habitus.model.network import Network
from habitus.model.seams import Head, Mixer, Negatives, Objective, TimePart
from habitus.model.trend import Trend
from habitus.types import HabitusError


def build_network(
    plan: recipe.Recipe, rows: int, types: int, scales: Tensor, features: sparse.csr_matrix | None
) -> Network:
    """A fresh network for a catalogue of `rows` rows (padding included) and `types` event types.

    `scales` float32 [types, 2] are the event values' mean and deviation; `features` [N + 1, F].
    """
    return Network(
        _items(plan, rows, features),
        _tokens(plan, types, scales),
        [_TIME[part.kind](part, plan) for part in plan.time],
        _MIX[plan.mix.kind](plan.mix, plan),
        _HEAD[plan.head.kind](plan.head),
        None if plan.trend is None else Trend(plan.dim, plan.trend.windows),
    )


def build_objective(plan: recipe.Recipe) -> Objective:
    """The recipe's loss with its negatives, not yet fitted."""
    return _OBJECTIVE[plan.objective.kind](plan.objective)


def refuse_illegal_pair(mixer: Mixer[Any], loss: Objective) -> None:
    """HabitusError where a loss at every position would let a mixer read the answers."""
    if not mixer.causal and loss.slots == "every":
        raise HabitusError(
            f"{type(mixer).__name__} sees the events that follow a position, and "
            f"{type(loss).__name__} asks at every position which event follows: it would learn to copy.",
            "Use a causal mix, or an objective that asks only at the last position.",
        )


def value_scales(histories: Histories) -> Tensor:
    """Mean and standard deviation of the values of each event type, float32 [types, 2]."""
    scales = torch.zeros(len(histories.types), 2)
    scales[:, 1] = 1
    for kind in range(1, len(histories.types)):
        values = histories.value[histories.type == kind]
        values = values[np.isfinite(values)]
        if len(values) > 1 and values.std() > 0:
            scales[kind, 0], scales[kind, 1] = float(values.mean()), float(values.std())
    return scales


def _items(plan: recipe.Recipe, rows: int, features: sparse.csr_matrix | None) -> embed.ItemTable:
    if isinstance(plan.items, recipe.ContentItems) and features is not None:
        return embed.ContentTable(rows, plan.dim, features, plan.items.id_dropout)
    return embed.ItemTable(rows, plan.dim)


def _tokens(plan: recipe.Recipe, types: int, scales: Tensor) -> embed.ItemInput:
    if isinstance(plan.tokens, recipe.EventTokens):
        return embed.EventInput(plan.dim, plan.tokens.dropout, types, scales)
    return embed.ItemInput(plan.dim, plan.tokens.dropout)


def _heads(plan: recipe.Recipe) -> tuple[int, int]:
    found = plan.mix
    return (found.heads, found.blocks) if isinstance(found, recipe.AttentionMix) else (1, 1)


_TIME: dict[str, Callable[[Any, recipe.Recipe], TimePart]] = {
    "learned-positions": lambda part, plan: time.LearnedPositions(plan.dim, plan.length),
    "rotary": lambda part, plan: time.Rotary(plan.dim // _heads(plan)[0], part.base),
    "gaps": lambda part, plan: time.Gaps(plan.dim),
    "calendar": lambda part, plan: time.Calendar(plan.dim, part.harmonics),
    "elapsed": lambda part, plan: time.ElapsedBias(*_heads(plan)),
}

_MIX: dict[str, Callable[[Any, recipe.Recipe], Mixer[Any]]] = {
    "attention": lambda part, plan: mix.Attention(
        plan.dim, part.blocks, part.heads, part.width, part.dropout, part.kernel
    ),
    "gru": lambda part, plan: mix.Gru(plan.dim, part.blocks, part.dropout),
}

_HEAD: dict[str, Callable[[Any], Head]] = {
    "dot": lambda part: head.Dot(),
    "cosine": lambda part: head.Cosine(part.temperature),
}

_NEGATIVES: dict[str, Callable[[Any], Negatives]] = {
    "uniform": lambda part: negatives.Uniform(part.count),
    "popular": lambda part: negatives.Popular(part.count, part.power),
}


def _negatives(part: Any) -> Negatives:
    return _NEGATIVES[part.kind](part)


_OBJECTIVE: dict[str, Callable[[Any], Objective]] = {
    "softmax": lambda part: objective.Softmax(),
    "binary": lambda part: objective.Binary(_negatives(part.negatives)),
    "generalised-binary": lambda part: objective.GeneralisedBinary(
        _negatives(part.negatives), part.calibration
    ),
    "sampled-softmax": lambda part: objective.SampledSoftmax(_negatives(part.negatives)),
}
