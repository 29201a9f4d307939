"""Our training measured from outside: wall-clock seconds of `train` without the looks at validation."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.ours.common import answer, child_parser, every
from benchmarks.stores import open_store
from habitus.evaluate.metrics import means
from habitus.evaluate.protocol import evaluate
from habitus.events.split import Cases, leave_one_out
from habitus.model.recipe import load_recipe
from habitus.model.train import RunOptions, train
from habitus.model.trained import TrainedModel

# What RecTools' SASRec is in training_speed: both sides have the same shape and dropout.
SHAPE = {
    "dim": 64,
    "mix.blocks": 2,
    "mix.heads": 2,
    "mix.width": 64,
    "mix.dropout": 0.2,
    "tokens.dropout": 0.2,
}


@dataclass
class Watch:
    """Judges a model on validation and keeps the wall clock of the training between the looks.

    All that `train` does counts (building, batching, steps, bookkeeping), only judging does not.
    """

    cases: Cases
    rows: int
    clock: Callable[[], float] = time.perf_counter
    began: float = 0.0
    judging: float = 0.0
    curve: list[dict[str, float]] = field(default_factory=list)

    def start(self) -> None:
        self.began = self.clock()

    def __call__(self, model: TrainedModel) -> float:
        entered = self.clock()
        found = evaluate(model, self.cases, rows=self.rows)
        score = means(found.ranks, self.cases.user, (10,))["NDCG@10"]
        self.curve.append(
            {
                "seconds": round(entered - self.began - self.judging, 2),
                "ndcg@10": score,
                "epochs": float(model.report["epochs"]),
            }
        )
        self.judging += self.clock() - entered
        return score


def epochs(
    curve: list[dict[str, float]], targets: int, cut_short: bool
) -> tuple[list[float], list[int]]:
    """(seconds, targets) between looks, whole epochs only: the last stretch of a training that its
    time ended is left out, since it holds part of an epoch."""
    whole = curve[:-1] if cut_short else curve
    start = {"seconds": 0.0, "epochs": 0.0}
    pairs = list(zip([start, *whole], whole, strict=False))
    seconds = [round(now["seconds"] - before["seconds"], 2) for before, now in pairs]
    counts = [round((now["epochs"] - before["epochs"]) * targets) for before, now in pairs]
    return seconds, counts


def measure(report: dict[str, Any], watch: Watch, targets: int) -> dict[str, Any]:
    """The reading, in the form that the peer's has."""
    seconds, counts = epochs(watch.curve, targets, report["stopped"] == "time is up")
    if not seconds:
        # Not even one epoch: what was done in the time there was.
        spent = watch.curve[-1]["seconds"]
        seconds, counts = [spent], [round(report["targets_per_second"] * report["train_seconds"])]
    kept = ("recipe", "precision", "epochs", "steps", "stopped", "train_seconds")
    return {
        "epoch_seconds": seconds,
        "epoch_targets": counts,
        "curve": watch.curve,
        **{name: report[name] for name in kept},
    }


def main() -> None:
    made = child_parser(__doc__)
    made.add_argument("--length", type=int, required=True)
    made.add_argument("--minutes", type=float, required=True)
    args = made.parse_args()
    store = open_store(args.set, args.data)
    catalogue = store.catalogue()
    split = leave_one_out(store.histories(catalogue))
    recipe = load_recipe(args.recipe, SHAPE | {"length": args.length})
    watch = Watch(split.validation, len(catalogue))
    options = RunOptions(minutes=args.minutes, seed=args.seed)
    watch.start()
    model = train(recipe, split.train, catalogue, watch, options, every(15))
    lengths = split.train.positives().lengths
    answer(measure(dict(model.report), watch, int((lengths - 1).clip(0).sum())))


if __name__ == "__main__":
    main()
