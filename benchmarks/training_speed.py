"""Training speed of our `sasrec-ce` beside RecTools' SASRec: same architecture, loss and length.

Both have d = 64, 2 blocks, 2 heads, dropout .2 and a softmax over all items; our batches and schedule
are our own. Measured: real (non-padding) targets a second, and on MovieLens-1M the training seconds
until validation NDCG@10 reaches .10, looks at validation excluded for both. Each reading is a process
of its own with two threads; ours and the peer's take turns.
"""

from __future__ import annotations

import statistics
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import children
from benchmarks.peers.environment import rectools_python
from benchmarks.report import emit
from benchmarks.stores import BENCH, open_store, parser, write_sequences

PEER = Path(__file__).parent / "peers" / "rectools_sasrec.py"


@dataclass(frozen=True)
class Setting:
    """One data set: its length, and the NDCG@10 to reach where the time to it is asked for."""

    name: str
    length: int
    reach: float | None


SETTINGS = (Setting("movielens-1m", 200, 0.10), Setting("amazon-beauty", 50, None))


def rate(reading: Mapping[str, Any]) -> float:
    """Targets a second: the median over the epochs of a reading."""
    pairs = zip(reading["epoch_targets"], reading["epoch_seconds"], strict=True)
    return statistics.median(targets / seconds for targets, seconds in pairs)


def time_to(reading: Mapping[str, Any], level: float) -> float | None:
    """Training seconds at the first look at or above the level; None where none was."""
    for look in reading["curve"]:
        if look["ndcg@10"] >= level:
            return float(look["seconds"])
    return None


def compare(
    ours: Sequence[Mapping[str, Any]], peers: Sequence[Mapping[str, Any]], reach: float | None
) -> dict[str, Any]:
    """Ours against the better batch size of the peer; our worse reading counts.

    Where no peer reading reached the level, the ratio is a lower bound and marked so.
    """
    best_peer = max(rate(each) for each in peers)
    found: dict[str, Any] = {
        "ours_targets_per_second": [round(rate(each)) for each in ours],
        "peer_targets_per_second": {str(each["batch"]): round(rate(each)) for each in peers},
        "targets_per_second_ratio": round(min(rate(each) for each in ours) / best_peer, 2),
    }
    if reach is None:
        return found
    mine = [time_to(each, reach) for each in ours]
    theirs = {str(each["batch"]): time_to(each, reach) for each in peers}
    reached = [seconds for seconds in theirs.values() if seconds is not None]
    # A batch size that was stopped short counts with the seconds it had: it needed more.
    spent = max(sum(each["epoch_seconds"]) for each in peers)
    worst = None if None in mine else max(seconds for seconds in mine if seconds is not None)
    return found | {
        "reach": reach,
        "ours_seconds_to_reach": mine,
        "peer_seconds_to_reach": theirs,
        "peer_seconds_spent": {
            str(each["batch"]): round(sum(each["epoch_seconds"]), 1) for each in peers
        },
        "time_ratio": None
        if worst is None
        else round((min(reached) if reached else spent) / worst, 2),
        "time_ratio_is_lower_bound": not reached,
    }


def measure(setting: Setting, args: Namespace) -> dict[str, Any]:
    """All readings of one data set, ours and the peer's in turn."""
    store = open_store(setting.name, args.data)
    histories = store.histories(store.catalogue())
    sequences = write_sequences(histories, BENCH / "sequences" / f"{setting.name}.npz")
    store.close()
    python = rectools_python()
    minutes = args.minutes_peer if setting.reach else [args.minutes_short] * len(args.batches_peer)
    ours, peers = [], []
    for batch, budget in zip(args.batches_peer, minutes, strict=True):
        flags = {"length": setting.length, "seed": args.seed}
        ours_minutes = args.minutes_ours if setting.reach else args.minutes_short
        ours.append(
            children.ours(
                "benchmarks.ours.training",
                flags | {"data": args.data, "set": setting.name, "minutes": ours_minutes},
            )
        )
        own = {
            "sequences": sequences,
            "batch": batch,
            "minutes": budget,
            "reach": setting.reach,
            "batches": args.trial_batches,
        }
        peers.append(children.peer(python, PEER, "train", flags | own))
    return {
        "data": setting.name,
        "length": setting.length,
        "users": len(histories),
        "events": histories.events,
        "seed": args.seed,
        "threads": children.THREADS,
        **compare(ours, peers, setting.reach),
        "ours": ours,
        "peer": peers,
    }


def flags() -> ArgumentParser:
    made = parser(__doc__)
    made.add_argument("--sets", nargs="+", default=[each.name for each in SETTINGS])
    made.add_argument("--batches-peer", nargs="+", type=int, default=[32, 128])
    made.add_argument(
        "--minutes-peer",
        nargs="+",
        type=float,
        default=[9.0, 3.0],
        help="training minutes of each peer batch size where a level is to be reached",
    )
    made.add_argument("--minutes-ours", type=float, default=2.5)
    made.add_argument(
        "--minutes-short", type=float, default=0.4, help="minutes of a reading without a level"
    )
    made.add_argument(
        "--trial-batches", type=int, help="cut the peer's epochs short: a trial, no figure"
    )
    return made


def main() -> None:
    args = flags().parse_args()
    chosen = [each for each in SETTINGS if each.name in args.sets]
    emit(
        "training_speed",
        {
            "peer": "RecTools SASRec",
            "trial": args.trial_batches is not None,
            "sets": [measure(each, args) for each in chosen],
        },
        args.out,
    )


if __name__ == "__main__":
    main()
