"""Finding the weights: a plain PyTorch loop that keeps the best model so far, whatever stops it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from habitus.events.catalogue import Catalogue
from habitus.events.daily import DailyCounts
from habitus.events.histories import Histories
from habitus.model import checkpoint
from habitus.model.attached import Origin
from habitus.model.batch import Batch, Targets, shifted
from habitus.model.build import (
    build_network,
    build_objective,
    refuse_illegal_pair,
    value_scales,
)
from habitus.model.content import fit_content
from habitus.model.machine import best_device, in_bf16, threads
from habitus.model.network import Network
from habitus.model.recipe import ContentItems, Recipe
from habitus.model.returns import return_weight, weighted
from habitus.model.seams import Objective
from habitus.model.trained import TrainedModel
from habitus.model.trend import Prior
from habitus.model.windows import batches
from habitus.types import HabitusError, Progress, silent

Judge = Callable[[TrainedModel], float]
"""How good a model is on validation (NDCG@10): higher is better."""


@dataclass(frozen=True)
class RunOptions:
    """How a training runs, apart from what the model is. None = decided by the machine.

    minutes  stop after so much training time (validation not counted), the rate annealed to fit
    resume   a folder where training leaves what it can go on from after each epoch
    narrow   multiply in bf16; None = where the machine does that in hardware
    """

    minutes: float | None = None
    seed: int = 0
    threads: int | None = None
    device: str | None = None
    narrow: bool | None = None
    resume: Path | None = None


@dataclass
class Run:
    """Where a training stands."""

    epoch: int = 0
    step: int = 0
    targets: int = 0
    seconds: float = 0.0
    best: float = -math.inf
    best_epoch: int = 0
    looks: int = 0
    since_best: int = 0
    stopped: str = ""
    curve: list[dict[str, float]] = field(default_factory=list)


def train(
    recipe: Recipe,
    histories: Histories,
    catalogue: Catalogue,
    judge: Judge | None,
    options: RunOptions | None = None,
    progress: Progress = silent,
) -> TrainedModel:
    """Train `recipe` on `histories`. `judge` decides which epoch is kept (None: the last one).

    Stops when the recipe's epochs are done, when `patience` looks brought nothing, when the time
    is up, or on Ctrl-C; each way the best model so far is returned, and its report says which.
    Raises HabitusError where there is nothing to learn from.
    """
    options = options or RunOptions()
    with threads(options.threads):
        return _Training(recipe, histories, catalogue, judge, options, progress).run()


class _Training:
    def __init__(
        self,
        recipe: Recipe,
        histories: Histories,
        catalogue: Catalogue,
        judge: Judge | None,
        options: RunOptions,
        progress: Progress,
    ) -> None:
        self.catalogue, self.judge = catalogue, judge
        self.options, self.progress = options, progress
        self.histories = histories.where(histories.item > 0)
        self.counts = histories.positives().counts(len(catalogue))
        self.total = self._targets_per_epoch()
        self.recipe = recipe.resolved(self.counts.sum() / np.count_nonzero(self.counts))
        self.plan = self.recipe.training
        an_epoch = max(self.total / self.plan.tokens, 1)  # steps, were there no padding
        self.epochs = max(self.plan.epochs, math.ceil(self.plan.least_steps / an_epoch))
        self.device = torch.device(options.device or best_device())
        self.dtype = torch.bfloat16 if in_bf16(options.narrow, self.device) else torch.float32
        torch.manual_seed(options.seed)
        self.origin, self.network = self._build()
        self.answers = self._answers()
        self.daily = self._daily()
        self.return_weight = return_weight(self.histories, self.plan.return_share)
        self.objective = self._objective()
        self.optimiser = _optimiser(self.network, self.recipe)
        self.average = _average(self.network, self.plan.average)
        self.run_state = Run()
        self.best_weights: dict[str, Tensor] = {}
        self.validation_seconds = 0.0
        self.looked_at = 0.0

    def run(self) -> TrainedModel:
        run = self.run_state
        if self.options.resume is not None:
            self.best_weights = checkpoint.load(
                self.options.resume, self.recipe, self.network, self.optimiser, run, self.average
            )
        try:
            while not run.stopped:
                self._epoch()
        except KeyboardInterrupt:
            run.stopped = "interrupted"
            if not self.best_weights:
                self._keep()
        if self.best_weights:
            self._found().load_state_dict(self.best_weights)
        return self._model()

    def _epoch(self) -> None:
        run = self.run_state
        seed = [self.options.seed, run.epoch]
        torch.manual_seed(int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] >> 1))
        generator = torch.Generator().manual_seed(self.options.seed * 1_000_003 + run.epoch)
        order = np.random.default_rng(seed)
        done, losses = 0, 0.0
        self.network.train()  # a look at validation leaves the network without dropout
        began = time.perf_counter()
        for windows in batches(self.histories, self.recipe.length, self.plan.tokens, order):
            loss, targets = self._step(windows, generator)
            ended = time.perf_counter()
            run.seconds, began = run.seconds + ended - began, ended
            run.step += 1
            done += targets
            losses += loss * targets
            self._report(done, losses / max(done, 1))
            if self._time_is_up():
                run.stopped = "time is up"
                break
        run.epoch += 1
        run.targets += done
        if not math.isfinite(losses):
            raise HabitusError(
                f"The loss of recipe {self.recipe.name} is no longer a number.",
                "Lower training.learning_rate.",
            )
        if run.epoch >= self.epochs and not run.stopped:
            run.stopped = "all epochs done"
        self._look(losses / max(done, 1))
        if self.options.resume is not None:
            checkpoint.save(
                self.options.resume,
                self.recipe,
                self.network,
                self.optimiser,
                run,
                self.best_weights,
                self.average,
            )

    def _step(self, windows: Histories, generator: torch.Generator) -> tuple[float, int]:
        batch, targets = shifted(windows)
        if self.objective.slots == "last":
            targets = targets.last(batch.lengths)
        if not len(targets.item):
            return 0.0, 0
        if self.plan.hide_time:
            batch = batch.hide_time(torch.rand(len(batch.item)) < self.plan.hide_time)
        targets = weighted(batch, targets, self.return_weight)
        batch, targets = batch.to(self.device), targets.to(self.device)
        if self.answers is not None:
            targets = replace(targets, item=torch.searchsorted(self.answers, targets.item))
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.learning_rate * self._rate()
        table = self.network.items()
        states = self.network.encode(batch, table, self.dtype)
        asked = states[targets.row, targets.slot]
        query = self.network.head.queries(asked).to(self.dtype)
        keys = self.network.head.keys(table if self.answers is None else table[self.answers])
        prior = self._prior(asked, batch, targets)
        loss = self.objective.loss(query, keys, targets, generator, prior)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        if self.average is not None:
            self.average.update_parameters(self.network)
        return float(loss.item()), len(targets.item)

    def _prior(self, asked: Tensor, batch: Batch, targets: Targets) -> Prior | None:
        """What the moments of the targets add to their scores."""
        trend = self.network.trend
        if trend is None or self.daily is None or not bool(batch.timed.any()):
            return None
        now = batch.query_time[targets.row, targets.slot]
        return trend.prior(asked, now, batch.timed[targets.row], self.daily)

    def _rate(self) -> float:
        """Linear warm-up, then half a cosine down to `final_rate`, over epochs or minutes."""
        done = self._share_done()
        warm = min(1.0, (done + 1e-3) / self.plan.warmup) if self.plan.warmup else 1.0
        floor = self.plan.final_rate
        return warm * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))

    def _share_done(self) -> float:
        run = self.run_state
        by_epochs = run.epoch / self.epochs
        if self.options.minutes is None:
            return by_epochs
        return max(by_epochs, run.seconds / (60 * self.options.minutes))

    def _time_is_up(self) -> bool:
        minutes = self.options.minutes
        return minutes is not None and self.run_state.seconds >= 60 * minutes

    def _look(self, loss: float) -> None:
        """Judge the model after each epoch. Where minutes are counted, judging takes at most about a
        fifth of the time; elsewhere no clock decides what is kept."""
        run = self.run_state
        since = run.seconds - self.looked_at
        if self.judge is None:
            self._keep()
            return
        hurried = self.options.minutes is not None and since < 4 * self.validation_seconds
        if run.looks and not run.stopped and hurried:
            return
        began = time.perf_counter()
        score = self.judge(self._model(self.dtype))
        self.validation_seconds = time.perf_counter() - began
        self.looked_at = run.seconds
        run.looks += 1
        run.since_best += 1
        run.curve.append(
            {"epoch": run.epoch, "seconds": round(run.seconds, 1), "loss": loss, "ndcg@10": score}
        )
        if score > run.best:
            run.best, run.best_epoch, run.since_best = score, run.epoch, 0
            self._keep()
        if run.since_best >= self.plan.patience and not run.stopped:
            run.stopped = "no longer improving"

    def _found(self) -> Network:
        """The network that is judged and kept."""
        if self.average is None:
            return self.network
        averaged = self.average.module
        assert isinstance(averaged, Network)
        return averaged

    def _keep(self) -> None:
        self.best_weights = {
            name: value.detach().clone() for name, value in self._found().state_dict().items()
        }

    def _report(self, done: int, loss: float) -> None:
        run = self.run_state
        share = max(self._share_done(), (run.epoch + done / self.total) / self.epochs)
        left = max(run.seconds * (1 - share) / share, 0.0) if share > 0 else 0.0
        best = f", best validation NDCG@10 {run.best:.4f}" if run.looks else ""
        speed = (run.targets + done) / max(run.seconds, 1e-9)
        detail = f"epoch {run.epoch + 1}, loss {loss:.3f}{best}, {speed:,.0f} targets/s, at most {left / 60:.1f} min left"
        self.progress(f"training {self.recipe.name}", min(share, 1.0), 1.0, detail=detail)

    def _targets_per_epoch(self) -> int:
        """Positive events that have an event before them."""
        first = self.histories.offsets[:-1][self.histories.lengths > 0]
        positive = np.array([kind.role == "positive" for kind in self.histories.types])
        is_target = positive[self.histories.type]
        total = int(is_target.sum() - is_target[first].sum())
        if total == 0:
            raise HabitusError(
                "There is nothing to learn from: no user has a positive event after another event.",
                "Observe more events, or give an event type the role positive.",
            )
        return total

    def _build(self) -> tuple[Origin, Network]:
        items, known = self.recipe.items, self.counts > 0
        content = None
        if isinstance(items, ContentItems):
            content = fit_content(self.catalogue, known, self.options.seed, items.text_width)
        origin = Origin(
            item_ids=self.catalogue.item_ids,
            counts=self.counts,
            types=tuple(kind.name for kind in self.histories.types),
            content=content,
            daily=self._counted_by_day(),
        )
        network = build_network(
            self.recipe,
            rows=len(self.catalogue),
            types=len(self.histories.types),
            scales=value_scales(self.histories),
            features=None if content is None else content.features(self.catalogue),
        ).to(self.device)
        return origin, network

    def _counted_by_day(self) -> DailyCounts | None:
        if self.recipe.trend is None or self.histories.ordinal:
            return None
        return DailyCounts.of(self.histories, len(self.catalogue))

    def _answers(self) -> Tensor | None:
        """The rows that a loss may compare with, padding first: items that training names. An item
        that it does not name would only be pushed down, and could not be scored by its content."""
        rows = np.flatnonzero(self.counts > 0)
        if len(rows) == len(self.counts) - 1:
            return None
        return torch.from_numpy(np.concatenate(([0], rows))).to(self.device)

    def _daily(self) -> DailyCounts | None:
        """The trends of the items that a loss may compare with."""
        daily = self.origin.daily
        if daily is None or self.answers is None:
            return daily
        return daily.for_rows(self.answers.cpu().numpy())

    def _objective(self) -> Objective:
        objective = build_objective(self.recipe)
        refuse_illegal_pair(self.network.mix, objective)
        counts = torch.from_numpy(self.counts).to(self.device)
        objective.fit(counts if self.answers is None else counts[self.answers])
        return objective

    def _model(self, precision: torch.dtype = torch.float32) -> TrainedModel:
        run = self.run_state
        report: dict[str, object] = {
            "recipe": self.recipe.name,
            "seed": self.options.seed,
            "threads": torch.get_num_threads(),
            "device": self.device.type,
            "precision": "bf16" if self.dtype == torch.bfloat16 else "fp32",
            "users": len(self.histories),
            "events": self.histories.events,
            "ordinal": self.histories.ordinal,
            "epochs": run.epoch,
            "best_epoch": run.best_epoch,
            "steps": run.step,
            "train_seconds": round(run.seconds, 2),
            "targets_per_second": round(run.targets / run.seconds) if run.seconds else 0,
            "stopped": run.stopped,
            "budget_limited": run.stopped in ("time is up", "interrupted"),
            "validation_ndcg@10": run.best if run.looks else None,
            "curve": run.curve,
        }
        return TrainedModel(
            self.recipe, self._found(), self.origin, self.catalogue, report, precision
        )


def _optimiser(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    decayed = [value for value in network.parameters() if value.ndim > 1]
    plain = [value for value in network.parameters() if value.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": recipe.training.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        groups, lr=recipe.training.learning_rate, betas=(0.9, 0.98), fused=True
    )


def _average(network: Network, decay: float) -> AveragedModel | None:
    """The running mean of the weights; None where none is wanted."""
    if not decay:
        return None
    return AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(decay))  # type: ignore[no-untyped-call]
