"""RecTools' SASRec (softmax over all items), measured from outside; prints one JSON line.

Runs under the peer's own Python and imports nothing of Habitus. The sequences come as an .npz file
(`items` [E] catalogue rows, `offsets` [U + 1]), so that both sides see the same events in the same
order. `train` measures targets a second and the time to a validation NDCG@10; `latency` one request.
"""

from __future__ import annotations

import argparse
import json
import logging
import platform
import resource
import sys
import time
import warnings
from importlib import metadata
from typing import Any

import numpy as np
import pandas as pd
import torch
from pytorch_lightning import Callback, Trainer, seed_everything
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import SASRecModel

warnings.filterwarnings("ignore")
logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
PACKAGES = ("rectools", "torch", "pytorch-lightning", "numpy", "pandas")
K = 10


class Clock(Callback):
    """Wall-clock seconds of each epoch (data loading included) and the targets it trained on."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.targets: list[int] = []

    def __deepcopy__(self, memo: Any) -> Clock:
        """RecTools copies its trainer before each fit; the readings must stay in one place."""
        return self

    def on_train_epoch_start(self, *_: Any) -> None:
        self.targets.append(0)
        self.started = time.perf_counter()

    def on_train_batch_end(
        self, _trainer: Trainer, _module: Any, _out: Any, batch: Any, *_: Any
    ) -> None:
        self.targets[-1] += int((batch["y"] != 0).sum())

    def on_train_epoch_end(self, *_: Any) -> None:
        self.seconds.append(time.perf_counter() - self.started)
        note(f"epoch {len(self.seconds)}: {self.seconds[-1]:.1f} s, {self.targets[-1]} targets")


def build(
    length: int, batch: int, clock: Clock, dropout: float = 0.2, batches: int | None = None
) -> SASRecModel:
    """The model as compared: d = 64, 2 blocks, 2 heads, lr 1e-3. `batches` cuts an epoch short."""

    def trainer() -> Trainer:
        return Trainer(
            max_epochs=1,
            limit_train_batches=batches,
            enable_progress_bar=False,
            enable_model_summary=False,
            logger=False,
            enable_checkpointing=False,
            accelerator="cpu",
            devices=1,
            callbacks=[clock],
        )

    return SASRecModel(
        n_blocks=2,
        n_heads=2,
        n_factors=64,
        session_max_len=length,
        dropout_rate=dropout,
        loss="softmax",
        lr=1e-3,
        batch_size=batch,
        recommend_batch_size=256,
        get_trainer_func=trainer,
    )


def frame(sequences: list[Any]) -> pd.DataFrame:
    """Interactions of users 0, 1, …; the position is the time, since RecTools sorts by time."""
    lengths = np.array([len(row) for row in sequences])
    position = np.concatenate([np.arange(count) for count in lengths])
    return pd.DataFrame(
        {
            Columns.User: np.repeat(np.arange(len(sequences)), lengths),
            Columns.Item: np.concatenate(sequences),
            Columns.Weight: 1.0,
            Columns.Datetime: pd.Timestamp("2000-01-01") + pd.to_timedelta(position, unit="s"),
        }
    )


def ndcg(model: SASRecModel, dataset: Dataset, targets: Any) -> float:
    """NDCG@10 of one target a user, ranked over all items with the user's history filtered."""
    answer = model.recommend(
        users=np.arange(len(targets)),
        dataset=dataset,
        k=K,
        filter_viewed=True,
        on_unsupported_targets="ignore",
    )
    hit = answer[Columns.Item].to_numpy() == targets[answer[Columns.User].to_numpy()]
    return float((hit / np.log2(answer[Columns.Rank].to_numpy() + 1)).sum() / len(targets))


def train(args: argparse.Namespace, sequences: list[Any]) -> dict[str, Any]:
    """Train epoch by epoch until the NDCG is reached or the training minutes are spent."""
    dataset = Dataset.construct(frame([row[:-2] for row in sequences]))
    targets = np.array([row[-2] for row in sequences])
    clock = Clock()
    model = build(args.length, args.batch, clock, batches=args.batches)
    curve: list[dict[str, float]] = []
    while sum(clock.seconds) < args.minutes * 60:
        model.fit_partial(dataset, min_epochs=1, max_epochs=1)
        if args.reach is None:
            continue
        curve.append(
            {"seconds": round(sum(clock.seconds), 2), "ndcg@10": ndcg(model, dataset, targets)}
        )
        note(f"validation {curve[-1]}")
        if curve[-1]["ndcg@10"] >= args.reach:
            break
    return {
        "batch": args.batch,
        "epoch_seconds": [round(each, 2) for each in clock.seconds],
        "epoch_targets": clock.targets,
        "curve": curve,
    }


def latency(args: argparse.Namespace, sequences: list[Any]) -> dict[str, Any]:
    """Milliseconds of `Dataset.construct` + `recommend` for one user with a fresh history.

    The weights are hardly trained (one cut epoch): what a request costs does not depend on them.
    """
    model = build(args.length, 128, Clock(), batches=2)
    model.fit_partial(Dataset.construct(frame(sequences)), min_epochs=1, max_epochs=1)
    long = [row[-args.length :] for row in sequences if len(row) >= args.length]
    taken: list[float] = []
    for call in range(args.warm + args.calls):
        # The rows of the request exist before the clock starts: only the library's work is timed.
        one = frame([long[call % len(long)]])
        started = time.perf_counter()
        model.recommend([0], Dataset.construct(one), K, True)
        taken.append((time.perf_counter() - started) * 1e3)
    return {"milliseconds": [round(each, 4) for each in taken[args.warm :]]}


def note(text: str) -> None:
    print(f"rectools: {text}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["train", "latency"])
    parser.add_argument("--sequences", required=True)
    parser.add_argument("--length", type=int, default=200)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--reach", type=float)
    parser.add_argument("--batches", type=int, help="cut each epoch to so many batches (trials)")
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--warm", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    seed_everything(args.seed)
    stored = np.load(args.sequences)
    sequences = np.split(stored["items"].astype(np.int64), stored["offsets"][1:-1])
    commands = {"train": train, "latency": latency}
    found = commands[args.command](args, sequences)
    found["versions"] = {name: metadata.version(name) for name in PACKAGES}
    found["versions"]["python"] = platform.python_version()
    found["peak_rss_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
