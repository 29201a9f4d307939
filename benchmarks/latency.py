"""One user's `recommend` in process: 200 events of history over MovieLens-1M's catalogue.

Ours, through the real store on disk, in three states: nothing known of the user (the history is read
and encoded), one event added to a state already known (observing it is not timed), and nothing new.
Beside it in the same run RecTools' SASRec with a fresh history: `Dataset.construct` and `recommend`,
where `python -m benchmarks.peers.environment` has made its environment (minutes of downloading, so
this does not). Each side is a process of its own with two threads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import children
from benchmarks.peers import environment
from benchmarks.report import emit
from benchmarks.stores import BENCH, open_store, parser, write_sequences

PYTHON = environment.FOLDER / "bin" / "python"
PEER = Path(__file__).parent / "peers" / "rectools_sasrec.py"
DATA = "movielens-1m"
LENGTH = 200


def summary(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile of the calls, in ms."""
    taken = np.asarray(milliseconds, np.float64)
    return {
        "median_ms": round(float(np.median(taken)), 3),
        "p95_ms": round(float(np.percentile(taken, 95)), 3),
        "p99_ms": round(float(np.percentile(taken, 99)), 3),
        "calls": len(taken),
    }


def peer_python() -> Path | None:
    """The Python of the peer's environment; None, with a message, where none was made or named.

    RuntimeError where the one that is named does not import the peer.
    """
    if environment.VARIABLE in os.environ or environment.usable(PYTHON):
        return environment.rectools_python()
    print(
        "measuring ours alone: for the peer run python -m benchmarks.peers.environment first",
        file=sys.stderr,
        flush=True,
    )
    return None


def compare(ours: Mapping[str, Sequence[float]], peer: Sequence[float] | None) -> dict[str, Any]:
    """All four summaries, and how many times our medians go into the peer's; without a peer ours."""
    found = {state: summary(taken) for state, taken in ours.items()}
    if peer is None:
        return {"ours": found, "peer_fresh_history": None, "ratio": None}
    theirs = summary(peer)
    return {
        "ours": found,
        "peer_fresh_history": theirs,
        "ratio": {
            state: round(theirs["median_ms"] / each["median_ms"], 2)
            for state, each in found.items()
        },
    }


def main() -> None:
    made = parser(__doc__)
    made.add_argument("--calls", type=int, default=300)
    made.add_argument("--warm", type=int, default=20)
    made.add_argument("--recipe", default="default")
    args = made.parse_args()
    python = peer_python()
    store = open_store(DATA, args.data)
    catalogue = store.catalogue()
    histories = store.histories(catalogue)
    sequences = write_sequences(histories, BENCH / "sequences" / f"{DATA}.npz")
    store.close()
    counts = {"calls": args.calls, "warm": args.warm, "seed": args.seed}
    ours = children.ours(
        "benchmarks.ours.latency",
        counts | {"data": args.data, "set": DATA, "length": LENGTH, "recipe": args.recipe},
    )
    theirs = counts | {"sequences": sequences, "length": LENGTH}
    peer = None if python is None else children.peer(python, PEER, "latency", theirs)
    emit(
        "latency",
        {
            "data": DATA,
            "items": len(catalogue) - 1,
            "items_with_events": int((histories.counts(len(catalogue)) > 0).sum()),
            "history": LENGTH,
            "recipe": args.recipe,
            "peer": "RecTools SASRec, Dataset.construct + recommend",
            "threads": children.THREADS,
            "seed": args.seed,
            **compare(ours["milliseconds"], peer and peer["milliseconds"]),
            "versions": {"ours": ours["versions"], "peer": peer and peer["versions"]},
        },
        args.out,
    )


if __name__ == "__main__":
    main()
