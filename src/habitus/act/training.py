"""The one door to networks: nothing of torch is loaded before a model is trained or read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from habitus.act.behaviour import Trained
from habitus.act.seen import Seen
from habitus.evaluate.metrics import means
from habitus.evaluate.protocol import Now, evaluate
from habitus.evaluate.scorer import Scorer
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.events.split import Cases
from habitus.types import Progress, silent

if TYPE_CHECKING:
    from habitus.model.recipe import Recipe


Judge = Callable[[Scorer], float]
HEADLINE = "NDCG@10"
MOST_JUDGED = 5_000  # questions of one look at validation: enough to tell epochs apart


@dataclass(frozen=True)
class Effort:
    """What a training may cost and where it begins; None = as long, or as many, as it takes."""

    minutes: float | None = None
    seed: int = 0
    threads: int | None = None
    device: str | None = None


def recipe(name: str) -> Recipe:
    """A recipe by name or file; HabitusError names the nearest known one."""
    from habitus.model.recipe import load_recipe

    return load_recipe(name)


def load_model(folder: Path) -> Trained:
    """A model from its folder."""
    from habitus.model.trained import TrainedModel

    return TrainedModel.load(folder)


def fit(
    chosen: Recipe,
    histories: Histories,
    catalogue: Catalogue,
    judge: Judge | None,
    effort: Effort,
    resume: Path | None = None,
    progress: Progress = silent,
) -> Trained:
    """Train by a recipe and keep the weights that `judge` likes best (None: the last).

    `resume` is a folder where half-done training lies and is kept.
    """
    from habitus.model.train import RunOptions, train

    options = RunOptions(
        minutes=effort.minutes,
        seed=effort.seed,
        threads=effort.threads,
        device=effort.device,
        resume=resume,
    )
    return train(chosen, histories, catalogue, judge, options, progress)


def judge(validation: Cases | None, rows: int, seen: Seen, now: Now, seed: int) -> Judge | None:
    """NDCG@10 over at most `MOST_JUDGED` validation cases, always the same; None without any."""
    if validation is None or not len(validation):
        return None
    if len(validation) > MOST_JUDGED:
        drawn = np.random.default_rng(seed).choice(len(validation), MOST_JUDGED, replace=False)
        validation = validation.take(np.sort(drawn))

    asked = validation

    def ndcg(model: Scorer) -> float:
        ranks = evaluate(model, asked, rows=rows, seen=seen, now=now)
        return means(ranks.ranks, asked.user)[HEADLINE]

    return ndcg
