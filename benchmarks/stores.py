"""The benchmarks' stores under `.bench/stores/`: a public data set imported once, then reused."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path

import numpy as np

from habitus.events.datasets import load_dataset
from habitus.events.histories import Histories
from habitus.events.store import Store

BENCH = Path(__file__).parents[1] / ".bench"


def parser(description: str | None) -> ArgumentParser:
    """The flags that every benchmark has: --data, --out, --seed."""
    made = ArgumentParser(description=description)
    made.add_argument(
        "--data", type=Path, default=_given(), help="the data folder (default: HABITUS_DATA)"
    )
    made.add_argument("--out", type=Path, help="also write the JSON line to this file")
    made.add_argument("--seed", type=int, default=0)
    return made


def open_store(name: str, data: Path | None) -> Store:
    """The store of data set `name`; imported where there is none, or only half of one."""
    folder = BENCH / "stores" / name
    finished = folder.with_suffix(".finished")
    if not finished.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        print(f"importing {name} into {folder}", file=sys.stderr, flush=True)
        store = Store.open(folder)
        load_dataset(name, store, data)
        finished.write_text(store.fingerprint() + "\n", encoding="utf-8")
        return store
    return Store.open(folder, create=False)


def write_sequences(histories: Histories, path: Path) -> Path:
    """The positives of every user as .npz (`items` [E], `offsets` [U + 1]): what a peer reads."""
    positives = histories.positives()
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, items=positives.item, offsets=positives.offsets)
    return path


def _given() -> Path | None:
    named = os.environ.get("HABITUS_DATA")
    return Path(named) if named else None
